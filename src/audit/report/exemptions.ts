import { Document } from 'yaml';
import { compare } from '../audit-report.ts';
import type { AuditReport } from '../audit-report.ts';

/** What must be said of each by a person. */
const REASON = 'TODO: who allowed this, and where it is written down';
/** Time to mend what is old, in days: an exemption without an end is never looked at again. */
const DAYS = 90;

/**
 * The exemptions that would let today's Errors pass, for `spec` of a policy: one for each workload, so that each can be mended and
 * taken out by itself. Empty where nothing would be denied.
 */
export function renderExemptions({ workloads, now }: AuditReport): string {
  const expires = new Date(now + DAYS * 86_400_000).toISOString().slice(0, 10);
  const exemptions = workloads
    .flatMap(({ namespace, kind, name, findings }) => {
      const errors = findings.filter(({ finding }) => finding.severity === 'Error').map(({ finding }) => finding);
      if (errors.length === 0) return [];
      return [
        {
          namespaces: [literal(namespace)],
          kinds: [kind],
          names: [literal(name)],
          containers: unique(errors.map(({ container }) => literal(container))),
          rules: unique(errors.map(({ rule }) => rule)),
          reason: REASON,
          expires,
        },
      ];
    })
    .toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
  if (exemptions.length === 0) return '# Nothing that runs now would be denied: no exemption is needed.\n';
  const document = new Document({ exemptions }, { schema: 'yaml-1.1' });
  document.commentBefore = [
    ` What runs now and would be denied under Enforce: ${exemptions.length} workloads. Goes into spec of a ClusterProbePolicy.`,
    ' Give each a reason and an end, take out what you would rather mend, and enforce for all that is new.',
  ].join('\n');
  return document.toString({ lineWidth: 0 });
}

const unique = (names: readonly string[]): string[] => [...new Set(names)].toSorted();

/** Names of Kubernetes objects hold no globs; those of containers neither. A stranger's text might. */
const literal = (name: string): string => name.replaceAll('*', '?');
