import { type Override, readOverrides } from './annotations.ts';
import { BUILT_IN_POLICY, type EffectivePolicy, type EffectiveRule, type Exemption, MODES, type Policy } from './policy.ts';
import { SEVERITIES, type Severity } from './rule.ts';
import { matchesNamespace } from './selector.ts';
import { quoted } from './suggest.ts';
import { PROFILES, type ThresholdName, type Thresholds } from './thresholds.ts';
import { showTime } from './time.ts';

/** A namespace, as far as policy depends on it. */
export interface NamespaceFacts {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Where a value comes from. */
export type Origin =
  | { readonly from: 'built-in' }
  | { readonly from: 'profile'; readonly profile: string }
  | { readonly from: 'policy'; readonly policy: string }
  | {
      readonly from: 'annotation';
      readonly annotation: string;
      readonly reason?: string;
      /** Milliseconds since the epoch. */
      readonly until?: number;
    };

export interface Resolution {
  readonly policy: EffectivePolicy;
  /** What was wrong with the annotations or the policy, in sentences: each such value counts as absent. */
  readonly problems: readonly string[];
  /** Those of them that whoever writes the Namespace can mend. */
  readonly annotationProblems: readonly string[];
  /** By `mode`, `patch`, `ruleset`, the name of a threshold, or the id of a rule that has a setting. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/**
 * What applies to a namespace at a moment, in milliseconds since the epoch. Never throws: the policy is complete, and what could
 * not be used is told.
 *
 * The policy is, of those whose namespaceSelector matches, the one with the highest priority; of equals the older one; of these the
 * first by name. It wins whole: nothing is merged between policies. Where none matches, it is the one that is built in.
 *
 * Each value (the mode, a threshold, the cap of a rule's severity) is the annotation's where the table says so. Otherwise it is the
 * policy's own; for a threshold that the policy does not set, its profile's; for a rule that it does not set, the rule's own severity.
 *
 *   overrides     annotation   compared      its end             value         told
 *   ------------  -----------  ------------  ------------------  ------------  ---------------------------
 *   any           absent       –             –                   policy's      –
 *   any           unreadable   –             any                 policy's      what can be written
 *   None          readable     any           any                 policy's      that it is not allowed
 *   Any, Tighten  readable     any           reached             policy's      that it has expired
 *   Any           readable     looser        none or ahead       annotation's  –
 *   Any           readable     looser        unreadable          policy's      what can be written as an end
 *   Tighten       readable     looser        not reached         policy's      that it may only tighten
 *   Any, Tighten  readable     not looser    none or ahead       annotation's  –
 *   Any, Tighten  readable     not looser    unreadable          annotation's  what can be written as an end
 *
 * Looser is: a mode nearer to Audit, a lower threshold, a milder cap (Off is the mildest, and no cap is the same as Error). So an
 * unreadable end never opens a gate: what it limits counts as absent if it loosens, and as without an end if it tightens.
 *
 * An override's end is that of `expires.probewise.dev/<rule>` where there is one, readable or not, else of `probewise.dev/expires`.
 */
export const resolve = (policies: readonly Policy[], namespace: NamespaceFacts, now: number): Resolution =>
  resolveUnder(choosePolicy(policies, namespace), namespace.annotations, now);

/** What applies under the policy that was chosen: of the namespace, only the annotations count from here on. */
export function resolveUnder(policy: Policy, annotations: NamespaceFacts['annotations'], now: number): Resolution {
  const own: Origin = policy === BUILT_IN_POLICY ? { from: 'built-in' } : { from: 'policy', policy: policy.name };
  const origins = new Map<string, Origin>([
    ['mode', own],
    ['patch', own],
    ['ruleset', own],
  ]);
  const { mode: modeOverride, thresholds: floors, rules: caps, problems } = readOverrides(annotations);
  const annotationProblems = [...problems];

  const admit = <T>(key: string, override: Override<T> | undefined, looser: (value: T) => boolean): T | undefined => {
    if (override === undefined) return undefined;
    const refusal = refuse(policy, override, looser(override.value), now);
    if (refusal !== undefined) {
      annotationProblems.push(`annotation ${quoted(override.annotation)} counts as absent: ${refusal}.`);
      return undefined;
    }
    origins.set(key, originOf(override));
    return override.value;
  };

  const mode = admit('mode', modeOverride, (value) => MODES.indexOf(value) < MODES.indexOf(policy.mode)) ?? policy.mode;

  const floor = (name: ThresholdName): number => {
    const set = policy.thresholds[name];
    origins.set(name, set === undefined ? { from: 'profile', profile: policy.profile } : own);
    const base = set ?? PROFILES[policy.profile][name];
    return admit(name, floors.get(name), (value) => value < base) ?? base;
  };

  const rules = new Map<string, EffectiveRule>();
  for (const { name, severity, fix = 'Auto' } of policy.rules) {
    if (rules.has(name)) continue;
    rules.set(name, { ...(severity !== undefined && { severity }), fix });
    origins.set(name, own);
  }
  for (const [id, override] of caps) {
    const base = rules.get(id);
    const severity = admit(id, override, (value) => mildness(value) > mildness(base?.severity));
    if (severity !== undefined) rules.set(id, { severity, fix: base?.fix ?? 'Auto' });
  }

  const { exemptions, problems: policyProblems } = inForce(policy, now);
  return {
    policy: {
      policy: policy.name,
      mode,
      patch: policy.patch,
      ruleset: policy.ruleset,
      thresholds: completeThresholds(floor),
      rules,
      endpoints: policy.endpoints,
      exemptions,
    },
    problems: policyProblems.length === 0 ? annotationProblems : [...annotationProblems, ...policyProblems],
    annotationProblems,
    origins,
  };
}

/** Does `a` go before `b` where both match? By priority, then age, then name. */
export function precedes(a: Policy, b: Policy): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt;
  return a.name < b.name;
}

/** The policy that wins in this namespace. */
export function choosePolicy(policies: readonly Policy[], namespace: NamespaceFacts): Policy {
  let best: Policy | undefined;
  for (const policy of policies) {
    // The order first: it is cheaper than the labels, and most policies lose by it.
    if (best !== undefined && !precedes(policy, best)) continue;
    if (matchesNamespace(policy.namespaceSelector, namespace.name, namespace.labels)) best = policy;
  }
  return best ?? BUILT_IN_POLICY;
}

/** Why an override counts as absent, or undefined where it is in force: the rows of the table above, from the third on. */
function refuse(policy: Policy, override: Override<unknown>, loosens: boolean, now: number): string | undefined {
  const { end } = override;
  if (policy.overrides === 'None') return `policy ${quoted(policy.name)} lets namespaces override nothing`;
  if (typeof end?.at === 'number' && now >= end.at) return `it expired at ${showTime(end.at)} (${end.annotation})`;
  if (!loosens) return undefined;
  if (policy.overrides === 'Tighten') return `it is looser than policy ${quoted(policy.name)}, which may only be tightened`;
  if (end?.at === 'unreadable') return `it loosens the policy, and its end (${end.annotation}) cannot be read`;
  return undefined;
}

function originOf({ annotation, end, reason }: Override<unknown>): Origin {
  const until = typeof end?.at === 'number' ? { until: end.at } : {};
  return { from: 'annotation', annotation, ...(reason !== undefined && { reason }), ...until };
}

const CAPS = [...SEVERITIES, 'Off'] as const;
const mildness = (cap: Severity | 'Off' | undefined): number => (cap === undefined ? 0 : CAPS.indexOf(cap));

function inForce(policy: Policy, now: number): { exemptions: readonly Exemption[]; problems: string[] } {
  const over = (exemption: Exemption): boolean => exemption.expires !== undefined && now >= exemption.expires;
  if (!policy.exemptions.some(over)) return { exemptions: policy.exemptions, problems: [] };
  return {
    exemptions: policy.exemptions.filter((exemption) => !over(exemption)),
    problems: policy.exemptions
      .filter(over)
      .map(
        ({ reason, expires = 0 }) =>
          `policy ${quoted(policy.name)}: the exemption ${quoted(reason)} counts as absent: it expired at ${showTime(expires)}.`,
      ),
  };
}

/** Every threshold by name: an object literal, so that the compiler sees that none is missing. */
const completeThresholds = (floor: (name: ThresholdName) => number): Thresholds => ({
  livenessTimeoutSeconds: floor('livenessTimeoutSeconds'),
  livenessToleranceSeconds: floor('livenessToleranceSeconds'),
  livenessToleranceUnknownSeconds: floor('livenessToleranceUnknownSeconds'),
  livenessToleranceDependencySeconds: floor('livenessToleranceDependencySeconds'),
  readinessTimeoutSeconds: floor('readinessTimeoutSeconds'),
  readinessToleranceSeconds: floor('readinessToleranceSeconds'),
  startupBudgetSeconds: floor('startupBudgetSeconds'),
});
