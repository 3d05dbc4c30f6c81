import { readStoredPolicy } from '../config/read-stored-policy.ts';
import { explainResolution, type ExplainedValue } from '../core/explain-resolution.ts';
import { readNamespaceFacts } from '../core/namespace-facts.ts';
import type { Policy } from '../core/policy.ts';
import { precedes, resolve } from '../core/resolve.ts';
import { matchesNamespace } from '../core/selector.ts';
import type { KubeApi } from './api.ts';
import { isProblem, KubeError } from './error.ts';
import { NAMESPACES, pathOf, POLICIES } from './resources.ts';

/** What is in force in a namespace, and whence. */
export interface NamespaceExplanation {
  readonly namespace: string;
  /** The policy that applies, or `standard` for the one that is built in. */
  readonly policy: string;
  /** All whose selector matches, the one that applies first. */
  readonly candidates: readonly { readonly name: string; readonly priority: number }[];
  readonly values: readonly ExplainedValue[];
  /** What could not be used, in sentences. */
  readonly problems: readonly string[];
}

/** Reads the namespace and all policies as they are now. Rejects with a KubeError. `now` in milliseconds since the epoch. */
export async function explainNamespace(api: KubeApi, name: string, now: number): Promise<NamespaceExplanation> {
  const [object, { policies, problems }] = await Promise.all([readNamespace(api, name), readPolicies(api)]);
  const facts = readNamespaceFacts(object) ?? { name, labels: {}, annotations: {} };
  const resolution = resolve(policies, facts, now);
  return {
    namespace: name,
    policy: resolution.policy.policy,
    candidates: policies
      .filter(({ namespaceSelector }) => matchesNamespace(namespaceSelector, name, facts.labels))
      .toSorted((a, b) => (precedes(a, b) ? -1 : 1))
      .map((policy) => ({ name: policy.name, priority: policy.priority })),
    values: explainResolution(resolution),
    problems: [...resolution.problems, ...problems],
  };
}

async function readNamespace(api: KubeApi, name: string) {
  try {
    return await api.get(pathOf(NAMESPACES, { name }));
  } catch (error) {
    if (isProblem(error, 'not-found'))
      throw new KubeError('not-found', `There is no namespace "${name}" in this cluster.`, { cause: error });
    throw error;
  }
}

async function readPolicies(api: KubeApi): Promise<{ policies: Policy[]; problems: string[] }> {
  const policies: Policy[] = [];
  const problems: string[] = [];
  let more = '';
  try {
    do {
      const page = await api.list(pathOf(POLICIES), { limit: 500, ...(more !== '' && { continue: more }) });
      for (const object of page.items) {
        const read = readStoredPolicy(object);
        if (read.policy !== undefined) policies.push(read.policy);
        problems.push(...read.problems.map((problem) => `A ClusterProbePolicy cannot be read whole: ${problem}.`));
      }
      more = page.continue;
    } while (more !== '');
  } catch (error) {
    if (!isProblem(error, 'not-found')) throw error;
    problems.push('The kind ClusterProbePolicy is not installed in this cluster: the policy that is built in applies.');
  }
  return { policies, problems };
}
