import type { Severity } from '../../core/rule.ts';
import type { Report, ReportedFinding, ReportedObject } from './report.ts';

/**
 * Workflow commands of GitHub Actions: `::error file=…,line=…,title=…::message`.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function renderGithub({ objects, skipped }: Report): string {
  const lines = objects.flatMap((object) => object.findings.map((finding) => findingCommand(object, finding)));
  const unread = skipped.map(({ file, line, column, message }) =>
    command('error', { file, line, col: column, title: 'not judged' }, message),
  );
  return [...lines, ...unread].map((line) => `${line}\n`).join('');
}

const COMMANDS = { Error: 'error', Warning: 'warning', Info: 'notice' } as const satisfies Record<Severity, string>;

function findingCommand({ file, kind, namespace, name }: ReportedObject, { finding, region, docs }: ReportedFinding): string {
  const { line, column, endLine, endColumn } = region;
  const properties = { file, line, endLine, col: column, endColumn, title: `${finding.rule}: ${kind} ${namespace}/${name}` };
  const text = [finding.message, finding.evidence ?? finding.verdict?.evidence, finding.remedy, docs];
  return command(COMMANDS[finding.severity], properties, text.filter((part) => part !== undefined).join('\n'));
}

function command(name: string, properties: Readonly<Record<string, string | number | undefined>>, message: string): string {
  const given = Object.entries(properties).flatMap(([key, value]) =>
    // What came from stdin has no file that GitHub could show.
    value === undefined || value === '-' ? [] : [`${key}=${escapeProperty(String(value))}`],
  );
  return `::${name} ${given.join(',')}::${escapeData(message)}`;
}

const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
