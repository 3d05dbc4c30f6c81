import type { EffectivePolicy, Policy } from './policy.ts';

/** A namespace, as far as policy depends on it. */
export interface NamespaceFacts {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Resolution {
  readonly policy: EffectivePolicy;
  /** What was wrong with the annotations or the policy, in sentences: each such value counts as absent. */
  readonly problems: readonly string[];
}

export declare function resolve(policies: readonly Policy[], namespace: NamespaceFacts, now: number): Resolution;
