import type { Container, PodSpec } from './container.ts';
import type { Edit } from './edit.ts';
import type { Patience } from './patience.ts';
import type { Path } from './path.ts';
import type { Probe, ProbeField } from './probe.ts';
import type { Thresholds } from './thresholds.ts';
import type { Verdict } from './verdict.ts';
import type { ProbedContainer, Workload } from './workload.ts';

export const SEVERITIES = ['Error', 'Warning', 'Info'] as const;
/** How bad it is. What is done about it is the policy's mode. */
export type Severity = (typeof SEVERITIES)[number];

/** The probes that a rule looks at, one at a time. */
export interface ProbeSite {
  readonly container: Container;
  readonly pod: PodSpec;
  readonly field: ProbeField;
  readonly probe: Probe;
  /** From the root of the object to the probe. */
  readonly at: Path;
  readonly verdict: Verdict;
}

/** Seconds until an answer counts as missing: the kubelet's, or the mesh agent's that asks for it, whichever is shorter. */
export const effectiveTimeoutSeconds = ({ probe, verdict }: ProbeSite): number =>
  Math.min(probe.timeoutSeconds, verdict.agentTimeoutSeconds ?? Infinity);

/** What a rule may ask. Everything is of one workload, under one policy. */
export interface RuleContext {
  readonly workload: Workload;
  readonly thresholds: Thresholds;
  /** Every container that has this probe. */
  readonly probes: (field: ProbeField) => Iterable<ProbeSite>;
  /** Every probed container, with or without probes. */
  readonly containers: () => readonly ProbedContainer[];
  /** What the solver would change in this container so that all floors are met. */
  readonly patience: (container: Container) => Patience;
}

/** What a rule finds. The engine makes it a finding. */
export interface Violation {
  readonly container: Container;
  readonly field: ProbeField;
  /** The field that is wrong: the probe, or one of its numbers. From the root of the object. */
  readonly at: Path;
  readonly severity: Severity;
  /** A fragment that names container and field: `container "app": livenessProbe asks …`. */
  readonly message: string;
  readonly evidence?: string;
  /** Instead of the rule's own, where this case knows better. */
  readonly remedy?: string;
  readonly verdict?: Verdict;
  /** Safe edits that mend it. */
  readonly edits?: readonly Edit[];
}

export interface Rule {
  /** Also its file's name, its docs page and its key in a policy. */
  readonly id: string;
  /** A sentence that says what is right. */
  readonly summary: string;
  /** An imperative sentence that says what to do. */
  readonly remedy: string;
  /** What happens otherwise: one or two sentences. */
  readonly why: string;
  /** The fields that it reads, as paths from the pod spec on. */
  readonly fields: string;
  /** What passes. */
  readonly allowed: string;
  /** The ruleset that it came with: a policy that pins an older one sees it as a Warning at most. */
  readonly since: string;
  /** The worst severity that it yields. */
  readonly severity: Severity;
  /** Does it offer safe edits? */
  readonly fixable: boolean;
  check(context: RuleContext): Iterable<Violation>;
}

/** Only infers the type. A rule is a value: it registers nowhere by itself. What it says of itself is also its docs page. */
export const defineRule = (rule: Rule): Rule => rule;
