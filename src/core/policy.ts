import type { Severity } from './rule.ts';
import type { Profile, Thresholds } from './thresholds.ts';
import type { EndpointFact } from './verdict.ts';

export const MODES = ['Audit', 'Warn', 'Enforce'] as const;
/** Audit: say nothing to the caller, record it. Warn: Errors and Warnings become warnings. Enforce: Errors deny, Warnings warn. */
export type Mode = (typeof MODES)[number];

export const PATCHING = ['Auto', 'Pods', 'Never'] as const;
type Patching = (typeof PATCHING)[number];

export interface RuleSetting {
  readonly name: string;
  /** Caps the severity. `Off` turns the rule off. */
  readonly severity?: Severity | 'Off';
  readonly fix?: 'Auto' | 'Never';
}

/** Lists are globs; an absent list means any. */
export interface Exemption {
  readonly namespaces?: readonly string[];
  readonly kinds?: readonly string[];
  readonly names?: readonly string[];
  readonly containers?: readonly string[];
  readonly rules?: readonly string[];
  readonly reason: string;
  /** Milliseconds since the epoch; after it, the exemption counts as absent. */
  readonly expires?: number;
}

export type LabelSelector = {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
};

/** A ClusterProbePolicy, read and checked. */
export interface Policy {
  readonly name: string;
  /** Milliseconds since the epoch; 0 where it comes from a file. */
  readonly createdAt: number;
  readonly mode: Mode;
  readonly profile: Profile;
  /** "0.1", or Latest. */
  readonly ruleset: string;
  readonly priority: number;
  readonly namespaceSelector: LabelSelector;
  readonly patch: Patching;
  readonly thresholds: Partial<Thresholds>;
  readonly rules: readonly RuleSetting[];
  readonly endpoints: readonly EndpointFact[];
  readonly exemptions: readonly Exemption[];
  readonly workloads: readonly { readonly group: string; readonly kind: string; readonly podSpecPath: readonly string[] }[];
  readonly overrides: 'Any' | 'Tighten' | 'None';
}

/** What applies to one namespace at one moment: complete, whatever was wrong with what it was made from. */
export interface EffectivePolicy {
  /** The policy's name, or `standard` for the one that is built in. */
  readonly policy: string;
  readonly mode: Mode;
  readonly patch: Patching;
  readonly ruleset: string;
  readonly thresholds: Thresholds;
  /** By rule id; a rule that is not here has its own severity. */
  readonly rules: ReadonlyMap<string, EffectiveRule>;
  readonly endpoints: readonly EndpointFact[];
  readonly exemptions: readonly Exemption[];
}

export interface EffectiveRule {
  /** Caps the severity. */
  readonly severity?: Severity | 'Off';
  readonly fix: 'Auto' | 'Never';
}

/** With no policy at all: the standard profile, warnings, no patches. */
export const BUILT_IN_POLICY: Policy = {
  name: 'standard',
  createdAt: 0,
  mode: 'Warn',
  profile: 'Standard',
  ruleset: 'Latest',
  priority: 0,
  namespaceSelector: {},
  patch: 'Never',
  thresholds: {},
  rules: [],
  endpoints: [],
  exemptions: [],
  workloads: [],
  overrides: 'Any',
};
