import type { Policy } from './policy.ts';
import { precedes } from './resolve.ts';
import { overlap } from './selector.ts';

/**
 * Policies of the same priority that can select a namespace which this one selects too, the one that wins first: among them and this
 * one age or name decides, which nobody meant.
 */
export const rivalsOf = (policy: Policy, policies: readonly Policy[]): readonly Policy[] =>
  policies
    .filter(
      (other) =>
        other !== policy && other.priority === policy.priority && overlap(other.namespaceSelector, policy.namespaceSelector),
    )
    .toSorted((a, b) => (precedes(a, b) ? -1 : 1));
