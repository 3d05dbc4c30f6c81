import type { BeforeDenial, PolicyInForce } from '../admission/admit.ts';
import { isObject, type JsonObject, list, property, sameJson, text, valueAt } from '../core/json.ts';
import { handlerIdentity, PROBE_FIELDS, readProbe } from '../core/probe.ts';
import type { NamespaceFacts } from '../core/resolve.ts';
import { groupOf } from '../core/workload.ts';
import type { KubeApi } from './api.ts';
import { KubeError } from './error.ts';
import { readNamespaceFacts } from '../core/namespace-facts.ts';
import { CONTROLLER_REVISIONS, NAMESPACES, pathOf, REPLICA_SETS, type Resource } from './resources.ts';
import { selectorText } from './selector-text.ts';

export interface BeforeDenialOptions {
  readonly api: KubeApi;
  readonly resolveFacts: (facts: NamespaceFacts) => PolicyInForce;
  /** For each of the two questions. */
  readonly timeoutMilliseconds?: number;
}

const TIMEOUT_MILLISECONDS = 500;
/** Ten are kept by default, and other workloads may share the labels. */
const HISTORY_AT_MOST = 200;

/** What is asked of the API server before a denial. It is rare: a denial costs its two calls, everything else none. */
export function beforeDenial({
  api,
  resolveFacts,
  timeoutMilliseconds = TIMEOUT_MILLISECONDS,
}: BeforeDenialOptions): BeforeDenial {
  return {
    async readNamespace(namespace) {
      const object = await api.get(pathOf(NAMESPACES, { name: namespace }), { timeoutMilliseconds });
      const facts = readNamespaceFacts(object);
      if (facts === undefined) throw new KubeError('failed', `The namespace ${namespace} was read without a name.`);
      return resolveFacts(facts);
    },

    async ranBefore(workload) {
      const history = HISTORIES.get(`${groupOf(workload.apiVersion)}/${workload.kind}`);
      const uid = text(valueAt(workload.object, ['metadata', 'uid']));
      // What is being created has no past.
      if (history === undefined || uid === undefined || uid === '') return false;
      const labelSelector = selectorText(valueAt(workload.object, ['spec', 'selector']));
      if (labelSelector === undefined) return false;
      const path = pathOf(history.resource, { namespace: workload.namespace });
      const page = await api.list(path, { labelSelector, limit: HISTORY_AT_MOST }, { timeoutMilliseconds });
      const template = essence(valueAt(workload.object, ['spec', 'template']), history.addedLabel);
      return page.items.some(
        (item) => isOwnedBy(item, uid) && sameJson(essence(valueAt(item, history.template), history.addedLabel), template),
      );
    },
  };
}

/** Where the templates that a workload ran with are kept. */
interface History {
  readonly resource: Resource;
  readonly template: readonly string[];
  /** The label that its controller adds to each copy. */
  readonly addedLabel?: string;
}

const REVISIONS: History = { resource: CONTROLLER_REVISIONS, template: ['data', 'spec', 'template'] };
const REPLICAS: Omit<History, 'addedLabel'> = { resource: REPLICA_SETS, template: ['spec', 'template'] };

const HISTORIES: ReadonlyMap<string, History> = new Map([
  ['apps/Deployment', { ...REPLICAS, addedLabel: 'pod-template-hash' }],
  ['argoproj.io/Rollout', { ...REPLICAS, addedLabel: 'rollouts-pod-template-hash' }],
  ['apps/StatefulSet', REVISIONS],
  ['apps/DaemonSet', REVISIONS],
  ['apps.kruise.io/CloneSet', REVISIONS],
  ['apps.kruise.io/StatefulSet', REVISIONS],
  ['apps.kruise.io/DaemonSet', REVISIONS],
]);

/** By uid: a name could be another's by now, and only the owner itself has it. */
const isOwnedBy = (item: JsonObject, uid: string): boolean =>
  list(valueAt(item, ['metadata', 'ownerReferences'])).some((owner) => property(owner, 'uid') === uid);

/**
 * A template without what the copies have or lack: the label of the controller, `$patch` of a ControllerRevision, which keeps
 * its template as a patch, values that say nothing (`creationTimestamp: null`, an empty map), and what patches of ours change.
 */
function essence(template: unknown, addedLabel: string | undefined): unknown {
  if (!isObject(template)) return template;
  const labels = valueAt(template, ['metadata', 'labels']);
  const metadata = property(template, 'metadata');
  const kept =
    isObject(labels) && addedLabel !== undefined
      ? Object.fromEntries(Object.entries(labels).filter(([label]) => label !== addedLabel))
      : labels;
  const { $patch: _strategy, ...rest } = template;
  const spec = withoutPatience(property(template, 'spec'));
  return withoutNothing({ ...rest, spec, metadata: isObject(metadata) ? { ...metadata, labels: kept } : metadata });
}

/**
 * A pod spec without the numbers of its probes and without startupProbes that ask what liveness asks: a patch survives a re-apply of
 * the manifest that ran before Probewise came, and nothing is denied for what is left out here.
 */
function withoutPatience(spec: unknown): unknown {
  if (!isObject(spec)) return spec;
  const containers = (field: string): unknown[] | undefined => {
    const value = property(spec, field);
    return Array.isArray(value) ? value.map(withoutNumbers) : undefined;
  };
  return { ...spec, containers: containers('containers'), initContainers: containers('initContainers') };
}

function withoutNumbers(container: unknown): unknown {
  if (!isObject(container)) return container;
  const handlers = PROBE_FIELDS.map((field) => {
    const probe = readProbe(property(container, field));
    return [field, probe === undefined ? undefined : handlerIdentity(probe.handler)] as const;
  });
  const { livenessProbe, startupProbe, ...others } = Object.fromEntries(handlers);
  return { ...container, ...others, livenessProbe, startupProbe: startupProbe === livenessProbe ? undefined : startupProbe };
}

function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutNothing(item) ?? null);
  if (!isObject(value)) return value ?? undefined;
  const kept = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const bare = withoutNothing(inner);
    return bare === undefined || (isObject(bare) && Object.keys(bare).length === 0 && !MEANINGFUL_WHEN_EMPTY.has(key))
      ? []
      : [[key, bare]];
  });
  return Object.fromEntries(kept);
}

/** `emptyDir: {}` is a volume, and without it the volume would be another one's twin. */
const MEANINGFUL_WHEN_EMPTY: ReadonlySet<string> = new Set(['emptyDir']);
