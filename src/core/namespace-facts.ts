import { isObject, property, text } from './json.ts';
import type { NamespaceFacts } from './resolve.ts';
import { NAMESPACE_NAME_LABEL } from './selector.ts';

const NOTHING: Readonly<Record<string, string>> = {};
const OURS = /^(?:[^/]+\.)?probewise\.dev\//;

/** Of a Namespace object, what policy depends on: nothing else is worth keeping of ten thousand of them. */
export function readNamespaceFacts(object: unknown): NamespaceFacts | undefined {
  const metadata = property(object, 'metadata');
  const name = text(property(metadata, 'name'));
  if (name === undefined) return undefined;
  return {
    name,
    // The label that repeats the name is the name's, whatever stands there.
    labels: texts(property(metadata, 'labels'), (key) => key !== NAMESPACE_NAME_LABEL),
    annotations: texts(property(metadata, 'annotations'), (key) => OURS.test(key)),
  };
}

function texts(map: unknown, wanted: (key: string) => boolean): Readonly<Record<string, string>> {
  if (!isObject(map)) return NOTHING;
  const kept = Object.entries(map).filter((entry): entry is [string, string] => wanted(entry[0]) && typeof entry[1] === 'string');
  return kept.length === 0 ? NOTHING : Object.fromEntries(kept);
}
