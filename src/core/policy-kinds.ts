import type { Path } from './path.ts';
import type { Policy } from './policy.ts';
import { WORKLOAD_KINDS, type WorkloadKind } from './workload-kinds.ts';

/**
 * Every kind that carries a pod spec: those that we know, and what the policies add. Of all policies, whichever namespace they are
 * for: where the pod spec of a kind is does not depend on the namespace.
 */
export function workloadKinds(policies: readonly Policy[]): readonly WorkloadKind[] {
  const added = new Map<string, { group: string; kind: string; podSpecs: Path[] }>();
  for (const { group, kind, podSpecPath } of policies.flatMap((policy) => policy.workloads)) {
    const key = `${group}/${kind}`;
    const known = added.get(key) ?? { group, kind, podSpecs: [] };
    const again = known.podSpecs.some((path) => path.join('.') === podSpecPath.join('.'));
    if (!again) known.podSpecs.push(podSpecPath);
    added.set(key, known);
  }
  return added.size === 0 ? WORKLOAD_KINDS : [...WORKLOAD_KINDS, ...added.values()];
}
