import { SEVERITIES } from '../core/rule.ts';
import { type AuditReport, byName, compare, type ObservedFinding, type ReportedWorkload } from './audit-report.ts';

export interface Case extends ObservedFinding {
  readonly workload: ReportedWorkload;
}

/** Findings that are mended in the same way. */
export interface Group {
  readonly rule: string;
  readonly remedy: string;
  /** Worst first. */
  readonly cases: readonly Case[];
  readonly workloads: number;
  /** Containers that the kubelet killed because of these probes, as far as events tell. */
  readonly kills: number;
}

/** Findings by what is to be done about them: the worst first, then those that hurt already, then the most frequent. */
export function groupsOf({ workloads }: AuditReport): Group[] {
  const cases = workloads.flatMap((workload) => workload.findings.map((item): Case => ({ ...item, workload })));
  const groups = Map.groupBy(cases, ({ finding }) => JSON.stringify([finding.rule, finding.remedy]));
  return [...groups.values()].map(toGroup).toSorted(worstGroupFirst);
}

function toGroup(cases: readonly Case[]): Group {
  return {
    rule: cases[0]?.finding.rule ?? '',
    remedy: cases[0]?.finding.remedy ?? '',
    cases: cases.toSorted(worstCaseFirst),
    workloads: new Set(cases.map(({ workload }) => workload)).size,
    kills: cases.reduce((sum, { observed }) => sum + (observed?.kills ?? 0), 0),
  };
}

const rank = ({ finding }: Case): number => SEVERITIES.indexOf(finding.severity);

const worstCaseFirst = (a: Case, b: Case): number =>
  rank(a) - rank(b) ||
  (b.observed?.kills ?? 0) - (a.observed?.kills ?? 0) ||
  (b.observed?.restarts ?? 0) - (a.observed?.restarts ?? 0) ||
  byName(a.workload, b.workload);

function worstGroupFirst(a: Group, b: Group): number {
  const best = (group: Group): number => Math.min(...group.cases.map(rank));
  return best(a) - best(b) || b.kills - a.kills || b.workloads - a.workloads || compare(a.rule, b.rule);
}
