import type { NamespacePolicy } from '../admission/admit.ts';
import { BUILT_IN_POLICY, type Policy } from '../core/policy.ts';
import { type NamespaceFacts, type Resolution, resolve } from '../core/resolve.ts';
import { workloadKinds } from '../core/policy-kinds.ts';
import type { WorkloadKind } from '../core/workload-kinds.ts';

export interface PolicyStateOptions {
  /** A list that is the same one until a policy changes. */
  readonly policies: () => readonly Policy[];
  /** Each value the same one until its namespace changes. */
  readonly namespaces: ReadonlyMap<string, NamespaceFacts>;
  /** Where the canary sings: there, policies do not count. */
  readonly canaryNamespace?: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface PolicyState {
  /** From memory. `seen` is false for a namespace that is not known yet: it is judged as one without labels. */
  policyFor(namespace: string): NamespacePolicy;
  /** What applies to a namespace that was read by somebody else. */
  resolveFacts(facts: NamespaceFacts): Resolution;
  kinds(): readonly WorkloadKind[];
}

const MINUTE = 60_000;
/** Requests come for a few namespaces at a time; what is resolved takes more memory than what it is made from. */
const REMEMBERED = 512;

/**
 * Errors are denied and everything safe is patched, whatever the policies say: what the canary sends there must be answered in
 * a way that nobody but us would answer it. Nothing else is in that namespace.
 */
export const CANARY_POLICY: Policy = { ...BUILT_IN_POLICY, name: 'canary', mode: 'Enforce', patch: 'Auto', overrides: 'None' };

interface Remembered {
  readonly policies: readonly Policy[];
  readonly facts: NamespaceFacts;
  readonly minute: number;
  readonly policy: NamespacePolicy;
}

export function policyState({ policies, namespaces, canaryNamespace, now }: PolicyStateOptions): PolicyState {
  const remembered = new Map<string, Remembered>();
  let kinds: { readonly of: readonly Policy[]; readonly kinds: readonly WorkloadKind[] } | undefined;

  const policiesFor = (name: string): readonly Policy[] => (name === canaryNamespace ? [CANARY_POLICY] : policies());

  const resolveFacts = (facts: NamespaceFacts): Resolution => resolve(policiesFor(facts.name), facts, now());
  const inForceFor = (facts: NamespaceFacts, seen: boolean): NamespacePolicy => {
    const { policy, problems } = resolveFacts(facts);
    return { policy, problems, seen };
  };

  return {
    policyFor(name) {
      const facts = namespaces.get(name);
      // Not remembered: it will be known in a moment, and then be another.
      if (facts === undefined) {
        const unknown = { name, labels: {}, annotations: {} };
        return inForceFor(unknown, name === canaryNamespace);
      }
      const inForce = policies();
      // What expires does so at its minute, without any event.
      const minute = Math.floor(now() / MINUTE);
      const before = remembered.get(name);
      if (before !== undefined && before.facts === facts && before.policies === inForce && before.minute === minute) {
        return before.policy;
      }
      const policy = inForceFor(facts, true);
      remembered.delete(name);
      remembered.set(name, { policies: inForce, facts, minute, policy });
      if (remembered.size > REMEMBERED) {
        const [oldest] = remembered.keys();
        if (oldest !== undefined) remembered.delete(oldest);
      }
      return policy;
    },
    resolveFacts,
    kinds() {
      const inForce = policies();
      if (kinds?.of !== inForce) kinds = { of: inForce, kinds: workloadKinds(inForce) };
      return kinds.kinds;
    },
  };
}
