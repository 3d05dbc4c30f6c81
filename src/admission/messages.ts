import type { Container } from '../core/container.ts';
import type { Edit } from '../core/edit.ts';
import { editsByContainer } from '../core/edits-by-container.ts';
import type { Finding } from '../core/finding.ts';
import { text, valueAt } from '../core/json.ts';
import { display } from '../core/path.ts';
import { readProbe, startupBudgetSeconds } from '../core/probe.ts';
import { count, cut, oneLine } from '../core/text.ts';
import type { Workload } from '../core/workload.ts';

/** Together they stay under 4096 characters: beyond that the API server cuts every warning to 256 and drops the last ones. */
const WARNINGS_AT_MOST = 12;
const WARNING_LENGTH = 300;
/** A terminal's worth: whoever has more to mend lints the manifest. */
const DENIALS_EXPLAINED = 5;

const nameOf = (workload: Workload): string => {
  const generated = text(valueAt(workload.object, ['metadata', 'generateName']));
  return workload.name || (generated === undefined ? 'without a name' : `${generated}…`);
};

/** What the person who typed `kubectl apply` reads: what, where, why and what to do, for each Error. */
export function denialMessage(
  workload: Workload,
  denied: readonly Finding[],
  policy: string,
  docsUrl: string | undefined,
): string {
  const purpose = denied.length === 1 ? 'the outage that it is' : 'the outages that they are';
  const head = `${workload.kind} ${nameOf(workload)}: ${count(denied.length, 'probe')} could cause ${purpose} meant to prevent (ClusterProbePolicy "${policy}")`;
  const shown = denied.slice(0, DENIALS_EXPLAINED).map((finding) => explained(finding, docsUrl));
  const rest =
    denied.length > shown.length ? [`  ${denied.length - shown.length} more: run \`probewise lint\` on the manifest`] : [];
  return [head, ...shown, ...rest].join('\n\n');
}

function explained(finding: Finding, docsUrl: string | undefined): string {
  const lines = [
    `  ${finding.rule}: ${finding.message}`,
    `    field     ${display(finding.path)}`,
    ...(finding.evidence === undefined ? [] : [`    evidence  ${finding.evidence}`]),
    `    remedy    ${finding.remedy}`,
    `    more      ${learnMore(finding.rule, docsUrl)}`,
  ];
  return lines.join('\n');
}

const learnMore = (rule: string, docsUrl: string | undefined): string =>
  docsUrl === undefined ? `probewise explain ${rule}` : `probewise explain ${rule}, ${docsUrl.replace(/\/+$/, '')}/rules/${rule}`;

/** One line a finding: kubectl puts `Warning: ` before it. */
export function warnings(findings: readonly Finding[], reason: string | undefined): string[] {
  const lines = findings.map((finding) => {
    const notes = [
      finding.exempt === undefined ? '' : ` (exempt: ${finding.exempt})`,
      reason !== undefined && finding.severity === 'Error' ? ` (${reason})` : '',
    ];
    return warning(`${finding.rule}: ${finding.message}${notes.join('')}`);
  });
  if (lines.length <= WARNINGS_AT_MOST) return lines;
  const shown = lines.slice(0, WARNINGS_AT_MOST - 1);
  return [...shown, warning(`${lines.length - shown.length} more: run \`probewise lint\` on the manifest`)];
}

export const warning = (sentence: string): string => cut(oneLine(`probewise ${sentence}`), WARNING_LENGTH);

/** What a patch changed, in one line: `container "app": livenessProbe.timeoutSeconds 1 → 5, startupProbe added (290 s to boot)`. */
export function patchSummary(workload: Workload, edits: readonly Edit[]): string {
  const parts = [...editsByContainer(workload, edits)].map(
    ([container, own]) => `container "${container.name}": ${own.map((edit) => changed(container, edit)).join(', ')}`,
  );
  return warning(`patched ${workload.kind} ${nameOf(workload)}: ${parts.join('; ')}`);
}

function changed(container: Container, edit: Edit): string {
  const path = edit.at.slice(container.at.length);
  const field = display(path);
  if (edit.op === 'remove') return `${field} removed, since the livenessProbe that it followed is not the same any more`;
  const probe = readProbe(edit.value);
  if (probe !== undefined) {
    return `${field} ${container.startupProbe === undefined ? 'added' : 'moved'} (${startupBudgetSeconds(probe)} s to boot)`;
  }
  const before = valueAt(container, path);
  return `${field} ${typeof before === 'number' ? `${before} → ` : ''}${JSON.stringify(edit.value)}`;
}

/** `rule=Severity` by container, for the audit log: bare names and short values only. */
export const auditSummary = (findings: readonly Finding[]): string =>
  cut(findings.map(({ rule, severity, container }) => `${rule}=${severity} (${container})`).join(', '), 1000);
