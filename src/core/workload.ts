import { type Container, type PodSpec, readPodSpec } from './container.ts';
import { isObject, type JsonObject, property, text, valueAt } from './json.ts';
import type { Path } from './path.ts';
import { PROBE_FIELDS, readProbe } from './probe.ts';
import type { WorkloadKind } from './workload-kinds.ts';

/** An object that carries a pod spec, read once: what rules and the policy ask of it. */
export interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  /** Empty where the API server is to make one from `generateName`. */
  readonly name: string;
  readonly object: JsonObject;
  readonly type: WorkloadKind;
  readonly pods: readonly PodSpec[];
}

/** A container together with the pod spec that it stands in. */
export interface ProbedContainer {
  readonly container: Container;
  readonly pod: PodSpec;
}

export const containersOf = (workload: Workload): ProbedContainer[] =>
  workload.pods.flatMap((pod) => pod.containers.map((container) => ({ container, pod })));

export const hasProbes = (workload: Workload): boolean =>
  containersOf(workload).some(({ container }) => container.livenessProbe ?? container.readinessProbe ?? container.startupProbe);

/** The group of an apiVersion: `apps/v1` → `apps`, `v1` → the empty core group. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

export const findKind = (kinds: readonly WorkloadKind[], apiVersion: string, kind: string): WorkloadKind | undefined =>
  kinds.find((type) => type.kind === kind && type.group === groupOf(apiVersion));

/** The workload in an object, or undefined where its kind is in no table. */
export function readWorkload(object: unknown, kinds: readonly WorkloadKind[]): Workload | undefined {
  if (!isObject(object)) return undefined;
  const apiVersion = text(property(object, 'apiVersion')) ?? '';
  const kind = text(property(object, 'kind')) ?? '';
  const type = findKind(kinds, apiVersion, kind);
  if (type === undefined) return undefined;
  const metadata = property(object, 'metadata');
  return {
    apiVersion,
    kind,
    namespace: text(property(metadata, 'namespace')) ?? '',
    name: text(property(metadata, 'name')) ?? '',
    object,
    type,
    pods: type.podSpecs.flatMap((at) => {
      const spec = valueAt(object, at);
      return isObject(spec) ? [readPodSpec(spec, at)] : [];
    }),
  };
}

export interface ShapeProblem {
  readonly at: Path;
  readonly message: string;
}

/** What keeps a workload from being read whole: a list that is none, a container that is no object. Empty for legal input. */
export function shapeProblems(workload: Workload): ShapeProblem[] {
  const problems: ShapeProblem[] = [];
  for (const at of workload.type.podSpecs) {
    const spec = valueAt(workload.object, at);
    if (spec === undefined) continue;
    if (!isObject(spec)) {
      problems.push({ at, message: 'must be an object' });
      continue;
    }
    for (const field of ['containers', 'initContainers']) {
      const value = property(spec, field);
      if (value === undefined || value === null) continue;
      if (!Array.isArray(value)) problems.push({ at: [...at, field], message: 'must be a list' });
      else
        value.forEach((item: unknown, index) => problems.push(...containerProblems(item, [...at, field, index], workload.type)));
    }
  }
  return problems;
}

function containerProblems(value: unknown, at: Path, type: WorkloadKind): ShapeProblem[] {
  if (!isObject(value)) return [{ at, message: 'must be an object' }];
  return PROBE_FIELDS.flatMap((field) => {
    const probe = property(value, field);
    if (probe === undefined || probe === null) return [];
    if (!isObject(probe)) return [{ at: [...at, field], message: 'must be an object' }];
    // A kind with a webhook of its own may fill in a handler.
    if (readProbe(probe) !== undefined || type.neverPatched === true) return [];
    return [{ at: [...at, field], message: 'has no handler: httpGet, tcpSocket, grpc or exec' }];
  });
}

export const annotationsOf = (object: unknown): JsonObject => {
  const annotations = valueAt(object, ['metadata', 'annotations']);
  return isObject(annotations) ? annotations : {};
};
