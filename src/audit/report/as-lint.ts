import type { Report } from '../../cli/report/report.ts';
import { docsOf } from '../../cli/report/report.ts';
import type { AuditReport, ReportedWorkload } from '../audit-report.ts';
import { observedText } from '../history/observed.ts';

const NOWHERE = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/** For formats that know only files: each workload is one, by its place in the cluster, and what happened stands with the evidence. */
export function asLintReport({ workloads, summary, skipped, now }: AuditReport, docsUrl: string | undefined): Report {
  return {
    objects: workloads.map((workload) => ({
      file: placeOf(workload),
      document: 1,
      line: 1,
      apiVersion: workload.apiVersion,
      kind: workload.kind,
      namespace: workload.namespace,
      name: workload.name,
      findings: workload.findings.map(({ finding, observed }) => {
        const happened = observed === undefined ? undefined : observedText(observed, now);
        const evidence = [finding.evidence ?? finding.verdict?.evidence, happened].filter((part) => part !== undefined);
        return {
          finding: evidence.length === 0 ? finding : { ...finding, evidence: evidence.join(' Seen: ') },
          region: NOWHERE,
          excerpt: '',
          docs: docsOf(finding.rule, docsUrl),
          replacements: [],
        };
      }),
    })),
    skipped: skipped.map(({ what, namespaces, reason }) => ({
      file: ['cluster', ...namespaces.slice(0, 1), what].join('/'),
      message: reason,
    })),
    summary: {
      files: 0,
      notKubernetes: 0,
      workloads: summary.workloads,
      errors: summary.errors,
      warnings: summary.warnings,
      infos: summary.infos,
      fixable: summary.fixable,
    },
  };
}

/** `cluster/shop/Deployment/orders`. */
const placeOf = ({ namespace, kind, name }: ReportedWorkload): string => ['cluster', namespace, kind, name].join('/');
