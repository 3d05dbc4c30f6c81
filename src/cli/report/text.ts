import type { Edit } from '../../core/edit.ts';
import { display } from '../../core/path.ts';
import type { Severity } from '../../core/rule.ts';
import { shownFile } from '../input/problem.ts';
import type { Colors } from './colors.ts';
import { plainText } from './plain-text.ts';
import type { Report, ReportedFinding, ReportedObject, Summary } from './report.ts';

export function renderText(report: Report, colors: Colors): string {
  const objects = report.objects.filter(({ findings }) => findings.length > 0).map((object) => renderObject(object, colors));
  return [...objects, `${renderSummary(report.summary, colors)}\n`].join('\n');
}

function renderObject(object: ReportedObject, colors: Colors): string {
  const name = `${object.kind} ${object.namespace}/${object.name || '(generated name)'}`;
  const place = `${shownFile(object.file)}:${object.line}`;
  const findings = object.findings.map((reported, index) => {
    const before = object.findings[index - 1]?.region;
    const repeated = before?.line === reported.region.line && before.column === reported.region.column;
    return renderFinding(object.file, reported, repeated, colors);
  });
  return [`${colors.bold(plainText(name))}  ${colors.dim(plainText(place))}\n`, ...findings].join('\n');
}

/** The source is not shown again where the finding before stands at the same place. */
function renderFinding(file: string, reported: ReportedFinding, repeated: boolean, colors: Colors): string {
  const { finding, region, excerpt, docs } = reported;
  const paint = severityColor(finding.severity, colors);
  const gutter = ' '.repeat(String(region.line).length);
  const length = region.endLine === region.line ? region.endColumn - region.column : excerpt.length - region.column + 1;
  const { shown, column, marked } = window(excerpt, region.column, Math.max(length, 1));
  const bar = colors.dim('|');
  const evidence = finding.evidence;
  const certainty = finding.verdict === undefined ? '' : ` (${finding.verdict.confidence} confidence)`;
  const edits = finding.fix?.edits.map(describeEdit) ?? [];
  const notes: readonly (readonly [string, string | undefined])[] = [
    ['because', evidence === undefined ? undefined : `${evidence}${certainty}`],
    ['help', finding.remedy],
    ['fix', edits.length === 0 ? undefined : `\`probewise fix\` ${edits.join(', ')}`],
    ['exempt', finding.exempt],
    // Without a link it is the command that the last line names.
    ['more', docs.startsWith('http') ? docs : undefined],
  ];
  const source = [
    `  ${gutter} ${bar}`,
    `  ${colors.dim(String(region.line))} ${bar} ${plainText(shown)}`,
    `  ${gutter} ${bar} ${' '.repeat(column - 1)}${paint('^'.repeat(marked))}`,
  ];
  return [
    `  ${paint(`${finding.severity.toLowerCase()}[${finding.rule}]`)}: ${plainText(finding.message)}`,
    `  ${gutter}${colors.dim('-->')} ${plainText(shownFile(file))}:${region.line}:${region.column}`,
    ...(repeated ? [] : source),
    ...notes.flatMap(([label, text]) =>
      text === undefined ? [] : [`  ${gutter} ${colors.dim('=')} ${colors.bold(label)}: ${plainText(text)}`],
    ),
    '',
  ].join('\n');
}

const EXCERPT_WIDTH = 160;

/** A minified manifest is one line: what is shown of it is what stands around the field. */
function window(line: string, column: number, length: number): { shown: string; column: number; marked: number } {
  const start = line.length <= EXCERPT_WIDTH ? 0 : Math.max(0, column - 1 - EXCERPT_WIDTH / 4);
  const shown = line.slice(start, start + EXCERPT_WIDTH).replaceAll('\t', ' ');
  return { shown, column: column - start, marked: Math.min(length, Math.max(1, shown.length - (column - 1 - start))) };
}

/** A change in a few words: `sets timeoutSeconds: 5`. */
function describeEdit(edit: Edit): string {
  const field = display(edit.at.slice(-1));
  if (edit.op === 'remove') return `removes ${field}`;
  return typeof edit.value === 'object' ? `adds a ${field}` : `sets ${field}: ${String(edit.value)}`;
}

const severityColor = (severity: Severity, colors: Colors): ((text: string) => string) => {
  if (severity === 'Error') return colors.red;
  return severity === 'Warning' ? colors.yellow : colors.cyan;
};

export function renderSummary(summary: Summary, colors: Colors): string {
  const { files, notKubernetes, workloads, errors, warnings, infos, fixable } = summary;
  const skipped = notKubernetes === 0 ? '' : ` (${notKubernetes} more ${notKubernetes === 1 ? 'is' : 'are'} not Kubernetes)`;
  const judged = `${counted(files, 'file')}${skipped}, ${counted(workloads, 'workload')}`;
  if (workloads === 0) return `${judged}: nothing was judged`;
  if (errors + warnings + infos === 0) return `${judged}: ${colors.green('no findings')}`;
  const found = [
    errors > 0 && colors.red(counted(errors, 'error')),
    warnings > 0 && colors.yellow(counted(warnings, 'warning')),
    infos > 0 && colors.cyan(`${infos} info`),
  ].filter((part) => part !== false);
  const mend = fixable === 0 ? '' : `; ${fixable} can be fixed by \`probewise fix\``;
  return `${judged}: ${found.join(', ')}${mend}`;
}

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
