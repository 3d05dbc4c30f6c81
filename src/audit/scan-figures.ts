import { SEVERITIES, type Severity } from '../core/rule.ts';
import type { Audit, AuditedWorkload } from './audited.ts';
import { compare } from './audit-report.ts';

/** Stands for all that are not among the first: no namespace and no workload can have this name. */
const REST = '_other';

interface FindingCount {
  readonly namespace: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly count: number;
}

interface ProbeRestarts {
  readonly namespace: string;
  /** `Deployment/orders` */
  readonly workload: string;
  readonly container: string;
  readonly probe: string;
  /** Has the probe a finding? */
  readonly flagged: boolean;
  readonly count: number;
}

interface SlowStart {
  readonly namespace: string;
  readonly workload: string;
  readonly container: string;
  readonly seconds: number;
  readonly budgetSeconds: number;
}

/** What a scan saw, as numbers with few labels. */
export interface ScanFigures {
  readonly workloads: number;
  readonly findings: readonly FindingCount[];
  readonly restarts: readonly ProbeRestarts[];
  /** The nearest to the end of their budget. */
  readonly starts: readonly SlowStart[];
  readonly unread: number;
}

const MOST_NAMESPACES = 20;
const MOST_WORKLOADS = 20;

export function scanFigures({ workloads, skipped }: Audit): ScanFigures {
  return {
    workloads: workloads.length,
    findings: findingsByNamespace(workloads),
    restarts: topRestarts(workloads.flatMap(restartsOf)),
    starts: workloads
      .flatMap(startsOf)
      .toSorted((a, b) => b.seconds / b.budgetSeconds - a.seconds / a.budgetSeconds || byPlace(a, b))
      .slice(0, MOST_WORKLOADS),
    unread: skipped.filter((part) => part.workloads).length,
  };
}

const byPlace = (a: SlowStart | ProbeRestarts, b: SlowStart | ProbeRestarts): number =>
  compare(`${a.namespace}/${a.workload}/${a.container}`, `${b.namespace}/${b.workload}/${b.container}`);

/** Namespaces with the most Errors, then Warnings, by name; the others together. */
function findingsByNamespace(workloads: readonly AuditedWorkload[]): FindingCount[] {
  const namespaces = [...Map.groupBy(workloads, ({ namespace }) => namespace)].map(([namespace, members]) => {
    const findings = members.flatMap((member) => member.findings);
    const numbers = SEVERITIES.map((severity) => findings.filter((finding) => finding.severity === severity).length);
    return { namespace, numbers };
  });
  const first = namespaces
    .filter(({ numbers }) => numbers.some((number) => number > 0))
    .toSorted((a, b) => {
      const difference = SEVERITIES.map((_severity, index) => (b.numbers[index] ?? 0) - (a.numbers[index] ?? 0));
      return difference.find((number) => number !== 0) ?? compare(a.namespace, b.namespace);
    })
    .slice(0, MOST_NAMESPACES)
    .map(({ namespace }) => namespace);
  const named = new Set(first);
  const counts = new Map<string, FindingCount>();
  for (const { namespace: own, findings } of workloads) {
    const namespace = named.has(own) ? own : REST;
    for (const { rule, severity } of findings) {
      const key = `${namespace}/${rule}/${severity}`;
      counts.set(key, { namespace, rule, severity, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...counts.values()];
}

const labelOf = ({ kind, name }: AuditedWorkload): string => `${kind}/${name}`;

function restartsOf(workload: AuditedWorkload): ProbeRestarts[] {
  return [...workload.history].flatMap(([container, { probes }]) =>
    [...probes].flatMap(([probe, { kills }]) => {
      if (kills === 0) return [];
      const flagged = workload.findings.some((finding) => finding.container === container && finding.probe === probe);
      return [{ namespace: workload.namespace, workload: labelOf(workload), container, probe, flagged, count: kills }];
    }),
  );
}

/** Those that a finding is about first: they can be mended. */
function topRestarts(all: readonly ProbeRestarts[]): ProbeRestarts[] {
  const order = all.toSorted((a, b) => Number(b.flagged) - Number(a.flagged) || b.count - a.count || byPlace(a, b));
  const first = order.slice(0, MOST_WORKLOADS);
  const rest = Map.groupBy(order.slice(MOST_WORKLOADS), ({ probe, flagged }) => `${probe}/${flagged}`);
  for (const members of rest.values()) {
    const [one] = members;
    if (one === undefined) continue;
    const count = members.reduce((sum, member) => sum + member.count, 0);
    first.push({ ...one, namespace: REST, workload: REST, container: REST, count });
  }
  return first;
}

const startsOf = (workload: AuditedWorkload): SlowStart[] =>
  [...workload.history].flatMap(([container, { slowestStart }]) =>
    slowestStart === undefined || slowestStart.budgetSeconds === 0
      ? []
      : [{ namespace: workload.namespace, workload: labelOf(workload), container, ...slowestStart }],
  );
