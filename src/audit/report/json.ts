import type { Json } from '../../core/json.ts';
import { showTime } from '../../core/time.ts';
import { findingFields, JSON_VERSION } from '../../cli/report/json.ts';
import { docsOf } from '../../cli/report/report.ts';
import type { AuditReport, ObservedFinding, ReportedWorkload } from '../audit-report.ts';
import type { Observed } from '../history/observed.ts';

/**
 * The same form as of `lint`, with what only a cluster knows, and without file and line. In pieces: of thousands of workloads, the
 * whole text would take more memory than all that is known of them.
 */
export function* renderAuditJson(report: AuditReport, docsUrl: string | undefined): Generator<string> {
  const { workloads, summary, skipped, cluster, policies, now } = report;
  const head = { version: JSON_VERSION, cluster, time: showTime(now), policies };
  const tail = { summary, ...(skipped.length > 0 && { skipped }) };
  yield `${indented(head).slice(0, -2)},\n  "results": [`;
  for (const [index, workload] of workloads.entries()) {
    yield `${index === 0 ? '' : ','}\n    ${indented(workloadAsJson(workload, docsUrl)).replaceAll('\n', '\n    ')}`;
  }
  yield `${workloads.length === 0 ? '' : '\n  '}],${indented(tail).slice(1)}\n`;
}

const indented = (value: unknown): string => JSON.stringify(value, null, 2);

const workloadAsJson = (workload: ReportedWorkload, docsUrl: string | undefined) => ({
  apiVersion: workload.apiVersion,
  kind: workload.kind,
  namespace: workload.namespace,
  name: workload.name,
  uid: workload.uid,
  policy: workload.policy,
  ifEnforced: workload.ifEnforced,
  findings: workload.findings.map(({ finding, observed }: ObservedFinding) => ({
    ...findingFields(finding, docsOf(finding.rule, docsUrl)),
    ...(observed !== undefined && { observed: observedAsJson(observed) }),
  })),
});

function observedAsJson(observed: Observed): Json {
  const { kills, failures, restarts, crashLooping, lastKill, lastFailure, detail, lastTermination, slowestStart } = observed;
  return {
    kills,
    failures,
    restarts,
    crashLooping,
    ...(lastKill !== undefined && { lastKill: showTime(lastKill) }),
    ...(lastFailure !== undefined && { lastFailure: showTime(lastFailure) }),
    ...(detail !== undefined && { detail }),
    ...(lastTermination !== undefined && { lastTermination: { ...lastTermination, at: showTime(lastTermination.at) } }),
    ...(slowestStart !== undefined && { slowestStart: { ...slowestStart } }),
  };
}
