import type { Finding } from '../core/finding.ts';
import type { Json } from '../core/json.ts';
import { pointer } from '../core/path.ts';
import type { Severity } from '../core/rule.ts';
import { cut } from '../core/text.ts';
import type { Resource } from '../kube/resources.ts';
import type { AuditedWorkload } from './audited.ts';
import { observe, type Observed } from './history/observed.ts';

/** The two forms in which tools read reports: the Policy Working Group's, and its successor. */
export interface ReportForm {
  readonly resource: Resource;
  readonly apiVersion: string;
  readonly kind: string;
}

export const REPORT_FORMS: readonly ReportForm[] = [
  {
    resource: { group: 'wgpolicyk8s.io', version: 'v1alpha2', plural: 'policyreports' },
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'PolicyReport',
  },
  {
    resource: { group: 'openreports.io', version: 'v1alpha1', plural: 'reports' },
    apiVersion: 'openreports.io/v1alpha1',
    kind: 'Report',
  },
];

export const SOURCE = 'probewise';
const MANAGED_BY = { 'app.kubernetes.io/managed-by': SOURCE };
/** What the report says, in short: a report that says the same is not written again. */
export const DIGEST_ANNOTATION = 'probewise.dev/digest';

const SEVERITY = { Error: 'high', Warning: 'medium', Info: 'info' } as const satisfies Record<Severity, string>;
/** An object may be 1.5 MiB, and nobody reads more. */
const MOST_RESULTS = 200;

/** One report for each workload; its name says whose. */
export const reportName = ({ uid }: Pick<AuditedWorkload, 'uid'>): string => `probewise-${uid}`;

/** The results of a report, without what changes when nothing has: when it was written, and how often a probe failed. */
export const reportResults = ({ findings, history, policy }: AuditedWorkload): Result[] =>
  findings.slice(0, MOST_RESULTS).map((finding) => toResult(finding, policy, observe(finding, history)));

type Result = { readonly [key: string]: Json } & { readonly result: 'fail' | 'warn' | 'skip' };

function toResult(finding: Finding, policy: string, observed: Observed | undefined): Result {
  const { rule, severity, container, probe, path, message, remedy, verdict, exempt } = finding;
  const evidence = finding.evidence ?? verdict?.evidence;
  return {
    source: SOURCE,
    policy,
    rule,
    category: 'Probes',
    severity: SEVERITY[severity],
    result: exempt !== undefined ? 'skip' : severity === 'Error' ? 'fail' : 'warn',
    scored: severity !== 'Info',
    message: cut(message, 1000),
    properties: {
      container,
      probe,
      path: pointer(path),
      remedy: cut(remedy, 1000),
      ...(evidence !== undefined && { evidence: cut(evidence, 1000) }),
      ...(exempt !== undefined && { exempt: cut(exempt, 1000) }),
      ...(observed !== undefined && observed.kills > 0 && { restarts: 'by this probe' }),
    },
  };
}

/** A whole report. `now` in milliseconds since the epoch. */
export function toReport(
  form: ReportForm,
  workload: AuditedWorkload,
  results: readonly Result[],
  digest: string,
  now: number,
): { readonly [key: string]: Json } {
  const { apiVersion, kind, namespace, name, uid } = workload;
  const timestamp = { seconds: Math.floor(now / 1000), nanos: 0 };
  const count = (result: Result['result']): number => results.filter((item) => item.result === result).length;
  return {
    apiVersion: form.apiVersion,
    kind: form.kind,
    metadata: {
      name: reportName(workload),
      namespace,
      labels: MANAGED_BY,
      annotations: { [DIGEST_ANNOTATION]: digest },
      // The garbage collector takes it when the workload goes.
      ownerReferences: [{ apiVersion, kind, name, uid }],
    },
    ...(form.kind === 'Report' && { source: SOURCE }),
    scope: { apiVersion, kind, namespace, name, uid },
    results: results.map((result) => Object.assign({ timestamp }, result)),
    summary: {
      pass: results.length === 0 ? 1 : 0,
      fail: count('fail'),
      warn: count('warn'),
      error: 0,
      skip: count('skip'),
    },
  };
}
