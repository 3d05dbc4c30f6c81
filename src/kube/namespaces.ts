import { readNamespaceFacts } from '../core/namespace-facts.ts';
import type { NamespaceFacts } from '../core/resolve.ts';
import type { KubeApi } from './api.ts';
import { NAMESPACES, pathOf } from './resources.ts';
import { type Clockwork, type Watch, watchCollection } from './watch.ts';

export interface NamespacesOptions {
  readonly api: KubeApi;
  readonly clockwork: Clockwork;
  readonly changed: () => void;
  readonly failed: (sentence: string) => void;
}

/** Follows the namespaces. */
export const watchNamespaces = (options: NamespacesOptions): Watch<NamespaceFacts> =>
  watchCollection({ ...options, path: pathOf(NAMESPACES), keep: readNamespaceFacts });
