import { property, sameJson, valueAt } from '../core/json.ts';
import { annotationsOf, hasProbes, readWorkload, type ShapeProblem, shapeProblems, type Workload } from '../core/workload.ts';
import { templatePath, type WorkloadKind } from '../core/workload-kinds.ts';
import { PATCHED_ANNOTATION } from './marker.ts';
import type { SkipReason } from './record.ts';
import type { AdmissionRequest } from './review.ts';

/** A request that is to be judged. */
export interface Subject {
  readonly request: AdmissionRequest;
  readonly workload: Workload;
  /** On an UPDATE, what is there now. */
  readonly before: Workload | undefined;
  readonly shapeProblems: readonly ShapeProblem[];
}

export type Reading = { readonly subject: Subject } | { readonly skip: SkipReason };

/** Hop 2: what is asked, or why it is none of our business. */
export function readSubject(request: AdmissionRequest, kinds: readonly WorkloadKind[]): Reading {
  if (request.subResource !== '') return { skip: 'subresource' };
  if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') return { skip: 'operation' };
  const read = readWorkload(request.object, kinds);
  if (read === undefined) return { skip: 'not-a-workload' };
  // The object itself may leave its namespace out: the request never does.
  const workload = { ...read, namespace: request.namespace || read.namespace };
  const before = request.operation === 'UPDATE' ? readWorkload(request.oldObject, kinds) : undefined;
  if (request.operation === 'UPDATE') {
    if (workload.kind === 'Pod') return { skip: 'operation' };
    if (valueAt(workload.object, ['metadata', 'deletionTimestamp']) !== undefined) return { skip: 'being-deleted' };
    if (before !== undefined && !templateChanged(workload, before)) return { skip: 'template-unchanged' };
  }
  if (isMirrorPod(workload, request.user)) return { skip: 'mirror-pod' };
  const problems = shapeProblems(workload);
  if (!hasProbes(workload) && problems.length === 0 && !Object.hasOwn(annotationsOf(workload.object), PATCHED_ANNOTATION)) {
    return { skip: 'no-probes' };
  }
  return { subject: { request, workload, before, shapeProblems: problems } };
}

const templateChanged = (now: Workload, before: Workload): boolean =>
  now.type.podSpecs.some((at) => !sameJson(valueAt(now.object, templatePath(at)), valueAt(before.object, templatePath(at))));

/** A static pod's image in the API: only its kubelet can change it. From anybody else the annotation is a disguise. */
const isMirrorPod = (workload: Workload, user: string): boolean =>
  workload.kind === 'Pod' &&
  user.startsWith('system:node:') &&
  property(annotationsOf(workload.object), 'kubernetes.io/config.mirror') !== undefined;
