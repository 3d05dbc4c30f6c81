import { isObject, type JsonObject, property, text, valueAt } from '../core/json.ts';
import type { NamespaceFacts } from '../core/resolve.ts';
import { NAMESPACE_NAME_LABEL } from '../core/selector.ts';
import type { KubeApi } from './api.ts';
import { NAMESPACES, pathOf } from './resources.ts';
import { type Clockwork, type Watch, watchCollection } from './watch.ts';

export interface NamespacesOptions {
  readonly api: KubeApi;
  readonly clockwork: Clockwork;
  readonly failed: (sentence: string) => void;
}

/** Follows the namespaces. There may be ten thousand of them: only what policy depends on is kept. */
export const watchNamespaces = ({ api, clockwork, failed }: NamespacesOptions): Watch<NamespaceFacts> =>
  watchCollection({ api, path: pathOf(NAMESPACES), keep: readNamespaceFacts, clockwork, failed });

const NOTHING: Readonly<Record<string, string>> = {};

export function readNamespaceFacts(object: JsonObject): NamespaceFacts | undefined {
  const name = text(valueAt(object, ['metadata', 'name']));
  if (name === undefined) return undefined;
  const metadata = property(object, 'metadata');
  return {
    name,
    // The label that repeats the name is the name's, whatever stands there.
    labels: texts(property(metadata, 'labels'), (key) => key !== NAMESPACE_NAME_LABEL),
    annotations: texts(property(metadata, 'annotations'), (key) => OURS.test(key)),
  };
}

const OURS = /^(?:[^/]+\.)?probewise\.dev\//;

function texts(map: unknown, wanted: (key: string) => boolean): Readonly<Record<string, string>> {
  if (!isObject(map)) return NOTHING;
  const kept = Object.entries(map).filter((entry): entry is [string, string] => wanted(entry[0]) && typeof entry[1] === 'string');
  return kept.length === 0 ? NOTHING : Object.fromEntries(kept);
}
