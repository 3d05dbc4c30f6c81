import { describeProblem } from '../config/policy-problem.ts';
import { readPolicy } from '../config/read-policy.ts';
import { text, valueAt } from '../core/json.ts';
import type { EffectivePolicy, Policy } from '../core/policy.ts';
import { workloadKinds } from '../core/policy-kinds.ts';
import { type NamespaceFacts, resolve } from '../core/resolve.ts';
import { quoted } from '../core/suggest.ts';
import type { WorkloadKind } from '../core/workload-kinds.ts';
import type { KubeApi } from '../kube/api.ts';
import { isProblem, KubeError } from '../kube/error.ts';
import { readNamespaceFacts } from '../core/namespace-facts.ts';
import { NAMESPACES, pathOf, POLICIES } from '../kube/resources.ts';
import type { Skipped } from './audited.ts';
import { pages } from './pages.ts';

export interface ClusterPoliciesOptions {
  readonly api: KubeApi;
  /** To try before they are in the cluster; undefined: the cluster's own. */
  readonly policies: readonly Policy[] | undefined;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface ClusterPolicies {
  readonly policyFor: (namespace: string) => EffectivePolicy;
  readonly kinds: readonly WorkloadKind[];
  readonly namespaces: ReadonlyMap<string, NamespaceFacts>;
  readonly skipped: readonly Skipped[];
  /** What is wrong with policies and annotations; grows as namespaces are asked for. */
  readonly notes: ReadonlySet<string>;
}

/** What applies where, read once: namespaces, and the cluster's policies unless others are to be tried. */
export async function readClusterPolicies(options: ClusterPoliciesOptions): Promise<ClusterPolicies> {
  const { api, now } = options;
  const skipped: Skipped[] = [];
  const notes = new Set<string>();
  const leaveOut = (what: string, namespaces: readonly string[], error: unknown): void => {
    if (!isProblem(error, 'forbidden', 'failed')) throw error;
    skipped.push({ what, namespaces, reason: error.message, workloads: false });
  };
  const namespaces = await readNamespaces(options, leaveOut);
  const policies = options.policies ?? (await readPolicies(api, leaveOut, notes));

  const known = new Map<string, EffectivePolicy>();
  return {
    namespaces,
    skipped,
    notes,
    kinds: workloadKinds(policies),
    policyFor(name) {
      const found = known.get(name);
      if (found !== undefined) return found;
      const facts = namespaces.get(name) ?? { name, labels: {}, annotations: {} };
      const { policy, problems } = resolve(policies, facts, now);
      for (const problem of problems) notes.add(`namespace ${quoted(name)}: ${problem}`);
      known.set(name, policy);
      return policy;
    },
  };
}

type LeaveOut = (what: string, namespaces: readonly string[], error: unknown) => void;

async function readNamespaces(
  { api, namespaces }: ClusterPoliciesOptions,
  leaveOut: LeaveOut,
): Promise<Map<string, NamespaceFacts>> {
  const known = new Map<string, NamespaceFacts>();
  if (namespaces.length === 0) {
    try {
      for await (const page of pages(api, pathOf(NAMESPACES))) {
        for (const object of page) {
          const facts = readNamespaceFacts(object);
          if (facts !== undefined) known.set(facts.name, facts);
        }
      }
    } catch (error) {
      leaveOut('namespaces', [], error);
    }
    return known;
  }
  for (const name of namespaces) {
    try {
      const facts = readNamespaceFacts(await api.get(pathOf(NAMESPACES, { name })));
      if (facts !== undefined) known.set(name, facts);
    } catch (error) {
      // A word mistyped must not look like a namespace in which all is well.
      if (isProblem(error, 'not-found')) throw new KubeError('not-found', `There is no namespace ${quoted(name)}.`);
      leaveOut('namespaces', [name], error);
    }
  }
  return known;
}

async function readPolicies(api: KubeApi, leaveOut: LeaveOut, notes: Set<string>): Promise<Policy[]> {
  const policies: Policy[] = [];
  try {
    for await (const page of pages(api, pathOf(POLICIES))) {
      for (const object of page) {
        const { policy, problems } = readPolicy(object);
        if (policy !== undefined) policies.push(policy);
        const name = text(valueAt(object, ['metadata', 'name'])) ?? '';
        for (const problem of problems) notes.add(`ClusterProbePolicy ${quoted(name)}: ${describeProblem(problem)}`);
      }
    }
  } catch (error) {
    // Without its CRD there are none.
    if (!isProblem(error, 'not-found')) leaveOut('clusterprobepolicies', [], error);
  }
  return policies;
}
