import type { Policy } from './policy.ts';
import { precedes } from './resolve.ts';
import { overlap } from './selector.ts';

/** Two policies of the same priority that can select the same namespace: there, age or name decides, which nobody meant. */
export interface Conflict {
  readonly winner: Policy;
  readonly loser: Policy;
}

/** In the order of the policies. Policies are few: each is compared with each. */
export function conflicts(policies: readonly Policy[]): Conflict[] {
  return policies.flatMap((a, index) =>
    policies
      .slice(index + 1)
      .filter((b) => a.priority === b.priority && overlap(a.namespaceSelector, b.namespaceSelector))
      .map((b) => (precedes(b, a) ? { winner: b, loser: a } : { winner: a, loser: b })),
  );
}
