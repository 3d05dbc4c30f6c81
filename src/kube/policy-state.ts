import type { NamespacePolicy } from '../admission/admit.ts';
import { BUILT_IN_POLICY, type Policy } from '../core/policy.ts';
import { choosePolicy, type NamespaceFacts, type Resolution, resolve, resolveUnder } from '../core/resolve.ts';
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
const CANARY_POLICY: Policy = { ...BUILT_IN_POLICY, name: 'canary', mode: 'Enforce', patch: 'Auto', overrides: 'None' };

interface Remembered {
  readonly chosen: Policy;
  readonly facts: NamespaceFacts;
  readonly minute: number;
  readonly policy: NamespacePolicy;
}

export function policyState({ policies, namespaces, canaryNamespace, now }: PolicyStateOptions): PolicyState {
  const remembered = new Map<string, Remembered>();
  /** By the policy itself: one that changes comes as a new object. */
  const plain = new WeakMap<Policy, { readonly minute: number; readonly policy: NamespacePolicy }>();
  let kinds: { readonly of: readonly Policy[]; readonly kinds: readonly WorkloadKind[] } | undefined;

  /** By what is known of a namespace, which comes as a new object when it changes. */
  const chosen = new WeakMap<NamespaceFacts, { readonly policies: readonly Policy[]; readonly policy: Policy }>();

  function chosenFor(facts: NamespaceFacts): Policy {
    const all = policies();
    const known = chosen.get(facts);
    if (known?.policies === all) return known.policy;
    const policy = choosePolicy(policiesFor(facts.name), facts);
    chosen.set(facts, { policies: all, policy });
    return policy;
  }

  /** Most namespaces have no annotations of ours: under one policy, all of these share one resolution. */
  function resolvePlain(policy: Policy, minute: number): NamespacePolicy {
    const known = plain.get(policy);
    if (known?.minute === minute) return known.policy;
    const resolved = inForce(resolveUnder(policy, {}, now()), true);
    plain.set(policy, { minute, policy: resolved });
    return resolved;
  }

  const policiesFor = (name: string): readonly Policy[] => (name === canaryNamespace ? [CANARY_POLICY] : policies());

  const resolveFacts = (facts: NamespaceFacts): Resolution => resolve(policiesFor(facts.name), facts, now());

  return {
    policyFor(name) {
      const facts = namespaces.get(name);
      // Not remembered: it will be known in a moment, and then be another.
      if (facts === undefined) {
        const unknown = { name, labels: {}, annotations: {} };
        return inForce(resolveFacts(unknown), name === canaryNamespace);
      }
      // What expires does so at its minute, without any event.
      const minute = Math.floor(now() / MINUTE);
      const chosenPolicy = chosenFor(facts);
      if (isEmpty(facts.annotations)) return resolvePlain(chosenPolicy, minute);
      const before = remembered.get(name);
      if (before !== undefined && before.facts === facts && before.chosen === chosenPolicy && before.minute === minute) {
        return before.policy;
      }
      const policy = inForce(resolveUnder(chosenPolicy, facts.annotations, now()), true);
      remembered.delete(name);
      remembered.set(name, { chosen: chosenPolicy, facts, minute, policy });
      if (remembered.size > REMEMBERED) {
        const [oldest] = remembered.keys();
        if (oldest !== undefined) remembered.delete(oldest);
      }
      return policy;
    },
    resolveFacts,
    kinds() {
      const all = policies();
      if (kinds?.of !== all) kinds = { of: all, kinds: workloadKinds(all) };
      return kinds.kinds;
    },
  };
}

/** Only what a decision needs is remembered: where each value comes from is not. */
const inForce = ({ policy, problems }: Resolution, seen: boolean): NamespacePolicy => ({ policy, problems, seen });

const isEmpty = (annotations: NamespaceFacts['annotations']): boolean => Object.keys(annotations).length === 0;
