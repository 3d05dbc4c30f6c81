import { Document } from 'yaml';
import { count } from '../../core/text.ts';
import { type AuditReport, compare } from '../audit-report.ts';

/** What must be said of each by a person. */
const REASON = 'TODO: who allowed this, and where it is written down';
/** Time to mend what is old, in days: an exemption without an end is never looked at again. */
const DAYS = 90;

/** What a policy takes: exemptions in all, and names in each. */
const MOST_EXEMPTIONS = 256;
const MOST_NAMES = 64;

/**
 * The exemptions that would let today's Errors pass, for `spec` of a policy: each workload by its own name, so that it can be taken out
 * when it is mended, and together with those of its namespace that are let off the same.
 */
export function renderExemptions({ workloads, now }: AuditReport): string {
  const expires = new Date(now + DAYS * 86_400_000).toISOString().slice(0, 10);
  const denied = workloads.flatMap((workload) => {
    const errors = workload.findings.filter(({ finding }) => finding.severity === 'Error').map(({ finding }) => finding);
    if (errors.length === 0) return [];
    const containers = unique(errors.map(({ container }) => literal(container)));
    return [{ ...workload, containers, rules: unique(errors.map(({ rule }) => rule)) }];
  });
  const groups = Map.groupBy(denied, ({ namespace, kind, containers, rules }) =>
    JSON.stringify([namespace, kind, containers, rules]),
  );
  const exemptions = [...groups]
    .toSorted(([a], [b]) => compare(a, b))
    .flatMap(([, members]) => {
      const [first] = members;
      if (first === undefined) return [];
      const { namespace, kind, containers, rules } = first;
      const rest = { containers, rules, reason: REASON, expires };
      const names = unique(members.map(({ name }) => literal(name)));
      return chunks(names, MOST_NAMES).map((some) =>
        Object.assign({ namespaces: [literal(namespace)], kinds: [kind], names: some }, rest),
      );
    });
  if (exemptions.length === 0) return '# Nothing that runs now would be denied: no exemption is needed.\n';
  const document = new Document({ exemptions }, { schema: 'yaml-1.1', aliasDuplicateObjects: false });
  document.commentBefore = [
    ` What runs now and would be denied under Enforce: ${count(denied.length, 'workload')}. Goes into spec of a ClusterProbePolicy.`,
    ' Give each a reason and an end, take out what you would rather mend, and enforce for all that is new.',
    ...(exemptions.length > MOST_EXEMPTIONS
      ? [
          ` A policy takes ${MOST_EXEMPTIONS}, and these are ${exemptions.length}: have a policy for some of the namespaces (-n, namespaceSelector).`,
        ]
      : []),
  ].join('\n');
  return document.toString({ lineWidth: 0 });
}

const unique = (names: readonly string[]): string[] => [...new Set(names)].toSorted();

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_item, index) => items.slice(index * size, (index + 1) * size));

/** Names of Kubernetes objects hold no globs; those of containers neither. A stranger's text might. */
const literal = (name: string): string => name.replaceAll('*', '?');
