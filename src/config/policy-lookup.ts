import type { NamespacePolicy } from '../admission/admit.ts';
import type { Policy } from '../core/policy.ts';
import { workloadKinds } from '../core/policy-kinds.ts';
import { resolve } from '../core/resolve.ts';
import type { WorkloadKind } from '../core/workload-kinds.ts';

/** The policies in force where there is no cluster to watch: of a namespace, nothing is known but its name. */
export interface PolicyLookup {
  readonly use: (policies: readonly Policy[]) => void;
  readonly policyFor: (namespace: string) => NamespacePolicy;
  readonly kinds: () => readonly WorkloadKind[];
}

const MINUTE = 60_000;
/** Far more than a cluster has: whoever makes up names must not fill the memory. */
const MOST_REMEMBERED = 10_000;

/** `now` in milliseconds since the epoch. What is remembered lasts a minute: exemptions end at their time, without any event. */
export function createPolicyLookup(initial: readonly Policy[], now: () => number): PolicyLookup {
  let policies = initial;
  let kinds = workloadKinds(initial);
  let minute = 0;
  const remembered = new Map<string, NamespacePolicy>();

  return {
    use(next) {
      policies = next;
      kinds = workloadKinds(next);
      remembered.clear();
    },
    policyFor(namespace) {
      const time = now();
      const current = Math.floor(time / MINUTE);
      if (current !== minute || remembered.size >= MOST_REMEMBERED) remembered.clear();
      minute = current;
      const found = remembered.get(namespace);
      if (found !== undefined) return found;
      const resolved = { ...resolve(policies, { name: namespace, labels: {}, annotations: {} }, time), seen: true };
      remembered.set(namespace, resolved);
      return resolved;
    },
    kinds: () => kinds,
  };
}
