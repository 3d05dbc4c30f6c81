import { isObject, list, property, text, valueAt } from '../core/json.ts';
import type { EffectivePolicy } from '../core/policy.ts';
import { findKind, type Workload } from '../core/workload.ts';
import type { WorkloadKind } from '../core/workload-kinds.ts';

/** Written by tools that compare what is in the cluster with what is in git, and would undo a patch for ever. */
const GITOPS_MARKS = [
  'argocd.argoproj.io/tracking-id',
  'argocd.argoproj.io/instance',
  'kustomize.toolkit.fluxcd.io/name',
  'helm.toolkit.fluxcd.io/name',
];

interface Controller {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The owner that controls this object, as it says of itself. Anyone can write this: it decides on patches, never on denials. */
function controllerOf(workload: Workload): Controller | undefined {
  const owners = list(valueAt(workload.object, ['metadata', 'ownerReferences']));
  const controller = owners.find((owner) => property(owner, 'controller') === true);
  if (controller === undefined) return undefined;
  return { apiVersion: text(property(controller, 'apiVersion')) ?? '', kind: text(property(controller, 'kind')) ?? '' };
}

function hasGitOpsMark(workload: Workload): boolean {
  const maps = [valueAt(workload.object, ['metadata', 'annotations']), valueAt(workload.object, ['metadata', 'labels'])];
  return GITOPS_MARKS.some((mark) => maps.some((map) => isObject(map) && Object.hasOwn(map, mark)));
}

/**
 * Why admission leaves this object as it is, or undefined where it may be patched. What is left alone here is patched at its Pods.
 *
 * | object                                     | patched                     |
 * |--------------------------------------------|-----------------------------|
 * | Pod, no controller, no GitOps mark         | patch: Auto, Pods           |
 * | Pod of a workload of a kind that we know   | patch: Auto, Pods           |
 * | Pod of an unknown controller               | never: it may compare them  |
 * | workload with a controller or GitOps mark  | never: it would be undone   |
 * | Job                                        | patch: Auto, on CREATE      |
 * | any other workload                         | patch: Auto                 |
 */
export function reasonNotToPatch(
  workload: Workload,
  operation: string,
  policy: EffectivePolicy,
  kinds: readonly WorkloadKind[],
): string | undefined {
  if (policy.patch === 'Never') return 'the policy patches nothing';
  if (policy.mode === 'Audit') return 'the policy only audits';
  const controller = controllerOf(workload);
  if (workload.kind === 'Pod') {
    if (controller !== undefined) {
      const known = findKind(kinds, controller.apiVersion, controller.kind) !== undefined;
      return known ? undefined : `an unknown controller (${controller.kind}) may compare it`;
    }
    return hasGitOpsMark(workload) ? 'a GitOps tool owns it' : undefined;
  }
  if (policy.patch === 'Pods') return 'the policy patches only Pods';
  if (workload.type.neverPatched === true) return `${workload.kind} has a webhook of its own that reads probes`;
  if (controller !== undefined) return `its controller (${controller.kind}) would undo it`;
  if (hasGitOpsMark(workload)) return 'a GitOps tool would undo it';
  if (workload.kind === 'Job' && operation !== 'CREATE') return "a Job's template is immutable";
  return undefined;
}

/** Is what a safe fix would mend patched here, or else at the Pods that this workload makes? */
export const isPatchedSomewhere = (
  workload: Workload,
  operation: string,
  policy: EffectivePolicy,
  kinds: readonly WorkloadKind[],
): boolean =>
  workload.kind === 'Pod'
    ? reasonNotToPatch(workload, operation, policy, kinds) === undefined
    : policy.patch !== 'Never' && policy.mode !== 'Audit';
