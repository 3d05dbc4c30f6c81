import { type PolicyStatus, policyStatus } from '../config/policy-status-schema.ts';
import { type JsonObject, sameJson } from '../core/json.ts';
import type { Policy } from '../core/policy.ts';
import { type NamespaceFacts, precedes } from '../core/resolve.ts';
import { rivalsOf } from '../core/rivals.ts';
import { RULESET } from '../core/ruleset.ts';
import { matchesNamespace } from '../core/selector.ts';
import { cut, oneLine } from '../core/text.ts';
import type { KnownPolicy } from './policies.ts';

/** What the canary has seen last. Unknown: not sent yet, or nothing could be told. */
export type Enforcing = { readonly enforcing: boolean; readonly reason: string } | 'unknown' | 'no-canary';

export interface StatusInputs {
  readonly known: readonly KnownPolicy[];
  readonly namespaces: Iterable<NamespaceFacts>;
  readonly enforcing: Enforcing;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type Condition = NonNullable<PolicyStatus['conditions']>[number];

/** What is to be said of each policy, by name. Pure. */
export function policyStatuses({ known, namespaces, enforcing, now }: StatusInputs): ReadonlyMap<string, PolicyStatus> {
  const inForce = known.flatMap(({ policy }) => (policy === undefined ? [] : [policy]));
  const counts = countNamespaces(inForce, namespaces);
  return new Map(
    known.map((one) => {
      const said = [accepted(one), conflicting(one, inForce), ...enforces(enforcing, one)];
      const status: PolicyStatus = {
        observedGeneration: one.generation,
        ruleset: RULESET,
        namespaces: counts.get(one.name) ?? 0,
        conditions: said.map((condition) => dated(condition, one, now)),
      };
      return [one.name, status];
    }),
  );
}

/** Is there anything to write? */
export const statusDiffers = (stored: JsonObject | undefined, wanted: PolicyStatus): boolean => !sameJson(stored, wanted);

type Said = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

function accepted({ policy, current, problems }: KnownPolicy): Said {
  const type = 'Accepted';
  const told = problems.join('; ');
  if (problems.length === 0) return { type, status: 'True', reason: 'Valid', message: 'The policy is in force.' };
  if (current) return { type, status: 'True', reason: 'Partly', message: sentence(`In force, but for this: ${told}.`) };
  const fallback =
    policy === undefined ? 'It is not in force.' : 'The last version that could be read stays in force while this server runs.';
  return { type, status: 'False', reason: 'Invalid', message: sentence(`${told}. ${fallback}`) };
}

function conflicting({ policy }: KnownPolicy, inForce: readonly Policy[]): Said {
  const rivals = policy === undefined ? [] : rivalsOf(policy, inForce);
  if (policy === undefined || rivals.length === 0) {
    return {
      type: 'Conflicting',
      status: 'False',
      reason: 'Unambiguous',
      message: 'No other policy of its priority selects its namespaces.',
    };
  }
  const [first = policy] = rivals;
  const winner = precedes(policy, first) ? policy : first;
  const names = rivals.map(({ name }) => `"${name}"`).join(', ');
  const message = `Of the same priority (${policy.priority}), and for namespaces that both select: ${names}. The oldest wins, "${winner.name}": set spec.priority.`;
  return { type: 'Conflicting', status: 'True', reason: 'SamePriority', message: sentence(message) };
}

function enforces(enforcing: Enforcing, { status }: KnownPolicy): Said[] {
  const type = 'Enforcing';
  if (enforcing === 'no-canary') return [];
  // A new leader that has not looked yet takes the word of the one before it.
  if (enforcing === 'unknown') return conditionsOf(status).filter((condition) => condition.type === type);
  if (!enforcing.enforcing) return [{ type, status: 'False', reason: 'CanarySilent', message: sentence(enforcing.reason) }];
  const message = 'The API server calls the webhook: its canary is answered.';
  return [{ type, status: 'True', reason: 'CanaryAnswered', message }];
}

function conditionsOf(status: JsonObject | undefined): Condition[] {
  const read = policyStatus.safeParse(status);
  return read.data?.conditions ?? [];
}

const sentence = (message: string): string => cut(oneLine(message), 2000);

/** The time is that of the last change of its status, as every condition's in Kubernetes. */
function dated(said: Said, { status, generation }: KnownPolicy, now: number): Condition {
  const before = conditionsOf(status).find(({ type }) => type === said.type);
  const since = before?.status === said.status ? before.lastTransitionTime : undefined;
  const { type, status: value, reason, message } = said;
  return {
    type,
    status: value,
    reason,
    message,
    observedGeneration: generation,
    lastTransitionTime: since ?? `${new Date(now).toISOString().slice(0, 19)}Z`,
  };
}

function countNamespaces(policies: readonly Policy[], namespaces: Iterable<NamespaceFacts>): ReadonlyMap<string, number> {
  const ordered = [...policies].sort((a, b) => (precedes(a, b) ? -1 : 1));
  const counts = new Map<string, number>();
  for (const { name, labels } of namespaces) {
    const winner = ordered.find(({ namespaceSelector }) => matchesNamespace(namespaceSelector, name, labels));
    if (winner !== undefined) counts.set(winner.name, (counts.get(winner.name) ?? 0) + 1);
  }
  return counts;
}
