import type { Severity } from '../../core/rule.ts';
import { count } from '../../core/text.ts';
import type { Colors } from '../../cli/report/colors.ts';
import { plainText } from '../../cli/report/plain-text.ts';
import { type AuditReport, type AuditSummary, nameOf } from '../audit-report.ts';
import { type Case, type Group, groupsOf } from '../groups.ts';
import { observedText } from '../history/observed.ts';

export interface TextOptions {
  readonly colors: Colors;
  /** Cases that are shown of each group. */
  readonly atMost: number;
}

export function renderAuditText(report: AuditReport, options: TextOptions): string {
  const groups = groupsOf(report).map((group) => renderGroup(group, report, options));
  return [...groups, `${renderSummary(report.summary, options.colors)}\n`].join('\n');
}

function renderGroup(group: Group, report: AuditReport, { colors, atMost }: TextOptions): string {
  const severity = group.cases[0]?.finding.severity ?? 'Info';
  const paint = painter(severity, colors);
  const hurt = group.kills === 0 ? '' : `, ${colors.red(`restarted ${count(group.kills, 'time')} by it`)}`;
  const shown = group.cases.slice(0, atMost);
  const rest = group.cases.length - shown.length;
  return [
    `${paint(`${severity.toLowerCase()}[${group.rule}]`)}  ${colors.bold(plainText(group.remedy))}  ${colors.dim(count(group.workloads, 'workload'))}${hurt}`,
    ...shown.flatMap((item) => renderCase(item, report.now, colors)),
    ...(rest === 0 ? [] : [colors.dim(`  … and ${rest} more: --all shows them.`)]),
    '',
  ].join('\n');
}

function renderCase({ workload, finding, observed }: Case, now: number, colors: Colors): string[] {
  const evidence = finding.evidence ?? finding.verdict?.evidence;
  const certainty = finding.verdict === undefined ? '' : ` (${finding.verdict.confidence} confidence)`;
  const happened = observed === undefined ? undefined : observedText(observed, now);
  const notes: readonly (readonly [string, string | undefined])[] = [
    ['because', evidence === undefined ? undefined : `${evidence}${certainty}`],
    ['seen', happened],
    ['exempt', finding.exempt],
  ];
  return [
    `  ${painter(finding.severity, colors)('•')} ${colors.bold(plainText(nameOf(workload)))}  ${plainText(finding.message)}`,
    ...notes.flatMap(([label, text]) =>
      text === undefined
        ? []
        : [`      ${colors.dim(`${label}:`)} ${label === 'seen' ? colors.yellow(plainText(text)) : plainText(text)}`],
    ),
  ];
}

const painter = (severity: Severity, colors: Colors): ((text: string) => string) => {
  if (severity === 'Error') return colors.red;
  return severity === 'Warning' ? colors.yellow : colors.cyan;
};

function renderSummary({ workloads, errors, warnings, infos, fixable, ifEnforced }: AuditSummary, colors: Colors): string {
  const judged = count(workloads, 'workload');
  if (errors + warnings + infos === 0) return `${judged}: ${colors.green('no findings')}`;
  const found = [
    errors > 0 && colors.red(count(errors, 'error')),
    warnings > 0 && colors.yellow(count(warnings, 'warning')),
    infos > 0 && colors.cyan(`${infos} info`),
  ].filter((part) => part !== false);
  const mend = fixable === 0 ? '' : `; ${fixable} can be mended by a patch`;
  const { denied, patched, warned, admitted } = ifEnforced;
  return [
    `${judged}: ${found.join(', ')}${mend}`,
    `If they were created now under Enforce: ${denied} denied, ${patched} patched, ${warned} warned about, ${admitted} admitted as they are.`,
  ].join('\n');
}
