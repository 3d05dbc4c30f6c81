import { list, property, text } from '../core/json.ts';
import type { WorkloadKind } from '../core/workload-kinds.ts';
import type { KubeApi } from '../kube/api.ts';
import { isProblem } from '../kube/error.ts';
import type { Resource } from '../kube/resources.ts';

/** A kind of workload, and where the API server keeps its objects. */
export interface Collection {
  readonly kind: WorkloadKind;
  /** Items of a list of a built-in kind do not say what they are. */
  readonly apiVersion: string;
  readonly resource: Resource;
}

export interface Discovered {
  /** Owners before what they own: Deployments, then ReplicaSets, then Pods. */
  readonly collections: readonly Collection[];
  /** Why added kinds could not be looked for, where they could not. */
  readonly problem?: string;
}

const BUILT_IN_GROUPS: ReadonlySet<string> = new Set(['', 'apps', 'batch']);

/** What is made by others, in the order in which they make each other. */
const OWNED_LAST: readonly string[] = ['ReplicaSet', 'ReplicationController', 'Job', 'Pod'];

/** Which of these kinds the cluster has. One call, and one for each group with custom kinds that is there. */
export async function discoverCollections(api: KubeApi, kinds: readonly WorkloadKind[]): Promise<Discovered> {
  const builtIn = kinds.filter(({ group }) => BUILT_IN_GROUPS.has(group)).map(builtInCollection);
  const custom = Map.groupBy(
    kinds.filter(({ group }) => !BUILT_IN_GROUPS.has(group)),
    ({ group }) => group,
  );
  try {
    const versions = await servedVersions(api);
    const found: Collection[] = [];
    for (const [group, members] of custom) {
      const version = versions.get(group);
      if (version !== undefined) found.push(...(await customCollections(api, group, version, members)));
    }
    return { collections: inOrder([...builtIn, ...found]) };
  } catch (error) {
    if (!isProblem(error, 'forbidden', 'failed', 'not-found')) throw error;
    return { collections: inOrder(builtIn), problem: error.message };
  }
}

function builtInCollection(kind: WorkloadKind): Collection {
  const apiVersion = kind.group === '' ? 'v1' : `${kind.group}/v1`;
  return { kind, apiVersion, resource: { group: kind.group, version: 'v1', plural: `${kind.kind.toLowerCase()}s` } };
}

/** The preferred version of each group. */
async function servedVersions(api: KubeApi): Promise<Map<string, string>> {
  const groups = list(property(await api.get('/apis'), 'groups'));
  return new Map(
    groups.flatMap((group): [string, string][] => {
      const name = text(property(group, 'name'));
      const version = text(property(property(group, 'preferredVersion'), 'version'));
      return name === undefined || version === undefined ? [] : [[name, version]];
    }),
  );
}

async function customCollections(
  api: KubeApi,
  group: string,
  version: string,
  kinds: readonly WorkloadKind[],
): Promise<Collection[]> {
  const path = `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
  const resources = list(property(await api.get(path), 'resources'));
  return kinds.flatMap((kind) => {
    const resource = resources.find(
      (candidate) => property(candidate, 'kind') === kind.kind && !(text(property(candidate, 'name')) ?? '/').includes('/'),
    );
    const plural = text(property(resource, 'name'));
    if (plural === undefined) return [];
    return [{ kind, apiVersion: `${group}/${version}`, resource: { group, version, plural } }];
  });
}

const inOrder = (collections: readonly Collection[]): Collection[] =>
  collections.toSorted((a, b) => OWNED_LAST.indexOf(a.kind.kind) - OWNED_LAST.indexOf(b.kind.kind));
