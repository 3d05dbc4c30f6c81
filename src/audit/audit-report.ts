import type { Finding } from '../core/finding.ts';
import { SEVERITIES, type Severity } from '../core/rule.ts';
import type { Audit, AuditedWorkload, IfEnforced, Skipped } from './audited.ts';
import { type Observed, observe } from './history/observed.ts';

export interface ObservedFinding {
  readonly finding: Finding;
  readonly observed?: Observed;
}

export interface ReportedWorkload extends Omit<AuditedWorkload, 'findings'> {
  readonly findings: readonly ObservedFinding[];
}

export interface AuditSummary {
  readonly workloads: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly fixable: number;
  /** Containers that were killed because of a probe, as far as events tell. */
  readonly killedByProbes: number;
  /** Workloads, by what admission would do if they were created now under their policy in mode Enforce. */
  readonly ifEnforced: Readonly<Record<IfEnforced, number>>;
  /** Objects that were read. */
  readonly objects: number;
}

/** All that any output format shows. */
export interface AuditReport {
  /** Worst first. */
  readonly workloads: readonly ReportedWorkload[];
  readonly summary: AuditSummary;
  readonly skipped: readonly Skipped[];
  /** `context "prod"`. */
  readonly cluster: string;
  readonly policies: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function reportAudit(audit: Audit, cluster: string, now: number): AuditReport {
  const workloads = audit.workloads.map(reported).toSorted(worstFirst);
  return {
    workloads,
    summary: summarize(workloads, audit),
    skipped: audit.skipped,
    cluster,
    policies: [...new Set(audit.workloads.map(({ policy }) => policy))].toSorted(),
    now,
  };
}

function reported({ findings, ...workload }: AuditedWorkload): ReportedWorkload {
  return {
    ...workload,
    findings: findings.map((finding) => {
      const observed = observe(finding, workload.history);
      return { finding, ...(observed !== undefined && { observed }) };
    }),
  };
}

/** By the worst finding, then by what happened, then by how many there are. */
function worstFirst(a: ReportedWorkload, b: ReportedWorkload): number {
  const order = worst(a) - worst(b) || killsOf(b) - killsOf(a) || restartsOf(b) - restartsOf(a);
  return order || b.findings.length - a.findings.length || byName(a, b);
}

export const byName = (a: ReportedWorkload, b: ReportedWorkload): number => compare(nameOf(a), nameOf(b));

export const nameOf = ({ kind, namespace, name }: Pick<AuditedWorkload, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace}/${name}`;

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** 0 for an Error; beyond the last severity where there is no finding. */
const worst = ({ findings }: ReportedWorkload): number =>
  Math.min(SEVERITIES.length, ...findings.map(({ finding }) => SEVERITIES.indexOf(finding.severity)));

/** By probes that a finding is about, each counted once. */
export function killsOf({ findings }: ReportedWorkload): number {
  const probes = new Map(
    findings.map(({ finding, observed }) => [`${finding.container}/${finding.probe}`, observed?.kills ?? 0]),
  );
  return sum(probes.values());
}

const restartsOf = ({ history }: ReportedWorkload): number => sum([...history.values()].map(({ restarts }) => restarts));

function summarize(workloads: readonly ReportedWorkload[], { objects }: Audit): AuditSummary {
  const findings = workloads.flatMap((workload) => workload.findings);
  const count = (severity: Severity): number => findings.filter(({ finding }) => finding.severity === severity).length;
  const decided = (what: IfEnforced): number => workloads.filter(({ ifEnforced }) => ifEnforced === what).length;
  return {
    workloads: workloads.length,
    errors: count('Error'),
    warnings: count('Warning'),
    infos: count('Info'),
    fixable: findings.filter(({ finding }) => finding.fix?.safe === true).length,
    killedByProbes: sum(workloads.map(allKills)),
    ifEnforced: {
      denied: decided('denied'),
      patched: decided('patched'),
      warned: decided('warned'),
      admitted: decided('admitted'),
    },
    objects,
  };
}

const allKills = ({ history }: ReportedWorkload): number =>
  sum([...history.values()].flatMap(({ probes }) => [...probes.values()].map(({ kills }) => kills)));

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
