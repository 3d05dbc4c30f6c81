import type { JsonObject } from '../core/json.ts';
import type { KubeApi } from '../kube/api.ts';
import { isProblem } from '../kube/error.ts';
import { pathOf, type Resource } from '../kube/resources.ts';
import type { Skipped } from './audited.ts';
import { type PageOptions, pages } from './pages.ts';

interface ReaderOptions extends Pick<PageOptions, 'breathe' | 'signal' | 'pageSize'> {
  readonly api: KubeApi;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly knownNamespaces: readonly string[];
}

export interface Reader {
  read(
    resource: Resource,
    selectors?: Pick<PageOptions, 'labelSelector' | 'fieldSelector'>,
  ): AsyncGenerator<readonly JsonObject[]>;
  /** What of this collection could not be read. `workloads`: does it hold any? */
  unreadable(resource: Resource, workloads: boolean): Skipped[];
}

/** Reads collections from wherever they may be read: the whole cluster, or else each namespace by itself. */
export function createReader({ api, namespaces, knownNamespaces, breathe, signal, pageSize }: ReaderOptions): Reader {
  const refusals = new Map<Resource, Map<string, string>>();
  /** Collections that may not be read across the cluster: not to be asked for twice. */
  const onlyByNamespace = new Set<Resource>();

  function refuse(resource: Resource, namespace: string, error: unknown): void {
    // Its CRD has gone since it was looked for.
    if (isProblem(error, 'not-found')) return;
    if (!isProblem(error, 'forbidden', 'failed')) throw error;
    const known = refusals.get(resource) ?? new Map<string, string>();
    refusals.set(resource, known.set(namespace, error.message));
  }

  return {
    async *read(resource, selectors = {}) {
      const options = { ...selectors, breathe, signal, pageSize };
      if (namespaces.length === 0 && !onlyByNamespace.has(resource)) {
        try {
          yield* pages(api, pathOf(resource), options);
          return;
        } catch (error) {
          if (!isProblem(error, 'forbidden') || knownNamespaces.length === 0) {
            refuse(resource, '', error);
            return;
          }
          onlyByNamespace.add(resource);
        }
      }
      for (const namespace of namespaces.length === 0 ? knownNamespaces : namespaces) {
        try {
          yield* pages(api, pathOf(resource, { namespace }), options);
        } catch (error) {
          refuse(resource, namespace, error);
        }
      }
    },
    unreadable(resource, workloads) {
      const byReason = Map.groupBy(refusals.get(resource) ?? [], ([namespace, reason]) => withoutName(reason, namespace));
      return [...byReason.values()].map((parts) => ({
        what: resource.plural,
        namespaces: parts.map(([namespace]) => namespace).filter((namespace) => namespace !== ''),
        reason: parts[0]?.[1] ?? '',
        workloads,
      }));
    },
  };
}

/** The same refusal in many namespaces is told once. */
const withoutName = (reason: string, namespace: string): string =>
  namespace === '' ? reason : reason.replaceAll(namespace, '…');
