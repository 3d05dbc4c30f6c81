import type { Edit } from '../../core/edit.ts';
import type { Finding } from '../../core/finding.ts';
import type { Json } from '../../core/json.ts';
import { pointer } from '../../core/path.ts';
import type { Report, ReportedFinding } from './report.ts';

/** The version of this form: a number that changes only when a field goes away or gets another meaning. */
export const JSON_VERSION = 1;

export function renderJson({ objects, skipped, summary }: Report): string {
  const report = {
    version: JSON_VERSION,
    results: objects.map((object) => ({ ...object, findings: object.findings.map(findingAsJson) })),
    summary,
    ...(skipped.length > 0 && { skipped: skipped.map(({ file, line, column, message }) => ({ file, line, column, message })) }),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

const findingAsJson = ({ finding, region, docs }: ReportedFinding): Record<string, Json> =>
  findingFields(finding, docs, region.line);

/** A finding as every command's JSON has it; `line` only where it stands in a file. */
export function findingFields(finding: Finding, docs: string, line?: number): Record<string, Json> {
  const { verdict, fix } = finding;
  return {
    rule: finding.rule,
    severity: finding.severity.toLowerCase(),
    // A rule that rests on no verdict rests on the manifest alone.
    confidence: verdict?.confidence ?? 'high',
    ...(verdict !== undefined && { verdict: verdict.asks }),
    container: finding.container,
    probe: finding.probe,
    path: pointer(finding.path),
    ...(line !== undefined && { line }),
    message: finding.message,
    evidence: finding.evidence ?? verdict?.evidence ?? '',
    remedy: finding.remedy,
    docs,
    ...(finding.exempt !== undefined && { exempt: finding.exempt }),
    ...(fix !== undefined && { fix: { safe: fix.safe, edits: fix.edits.map(editAsJson) } }),
  };
}

const editAsJson = (edit: Edit): Json =>
  edit.op === 'set' ? { op: edit.op, path: pointer(edit.at), value: edit.value } : { op: edit.op, path: pointer(edit.at) };
