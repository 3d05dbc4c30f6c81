import type { Finding } from '../../core/finding.ts';
import type { Severity } from '../../core/rule.ts';
import type { InputProblem } from '../input/problem.ts';
import type { Judged } from '../judge.ts';
import { excerptOf, locate, type Region } from '../yaml/locate.ts';

/** What `lint` found, with all that any output format shows. */
export interface Report {
  readonly objects: readonly ReportedObject[];
  readonly skipped: readonly InputProblem[];
  readonly summary: Summary;
}

export interface ReportedObject {
  readonly file: string;
  /** The document's place in its file, from 1. */
  readonly document: number;
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly findings: readonly ReportedFinding[];
}

export interface ReportedFinding {
  readonly finding: Finding;
  readonly region: Region;
  /** The source line that the region starts on. */
  readonly excerpt: string;
  readonly docs: string;
  /** What the fix changes in the text; only where a format asked for it and the fix can be made there. */
  readonly replacements: readonly LocatedReplacement[];
}

/** A stretch of the source text, and what is to stand there instead. */
export interface LocatedReplacement {
  readonly region: Region;
  readonly text: string;
}

export interface Summary {
  readonly files: number;
  readonly notKubernetes: number;
  readonly workloads: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly fixable: number;
}

export interface ReportOptions {
  /** The documentation's address, where one is configured: rule pages are `<base>/<rule>`. */
  readonly docsUrl: string | undefined;
  readonly replacements: (judged: Judged, finding: Finding) => readonly LocatedReplacement[];
}

export function reportObject(judged: Judged, options: ReportOptions): ReportedObject {
  const { source, document, number, at, workload, evaluation } = judged;
  return {
    file: source.file,
    document: number,
    line: locate(document, source, [...at, 'apiVersion']).line,
    apiVersion: workload.apiVersion,
    kind: workload.kind,
    namespace: workload.namespace,
    name: workload.name,
    findings: evaluation.findings.map((finding) => {
      const region = locate(document, source, [...at, ...finding.path]);
      return {
        finding,
        region,
        excerpt: excerptOf(source, region),
        docs: docsOf(finding.rule, options.docsUrl),
        replacements: options.replacements(judged, finding),
      };
    }),
  };
}

export const docsOf = (rule: string, docsUrl: string | undefined): string =>
  docsUrl === undefined ? `probewise explain ${rule}` : `${docsUrl.replace(/\/+$/, '')}/${rule}`;

export function summarize(objects: readonly ReportedObject[], files: number, notKubernetes: number): Summary {
  const findings = objects.flatMap((object) => object.findings);
  const count = (severity: Severity): number => findings.filter(({ finding }) => finding.severity === severity).length;
  return {
    files,
    notKubernetes,
    workloads: objects.length,
    errors: count('Error'),
    warnings: count('Warning'),
    infos: count('Info'),
    fixable: findings.filter(({ finding }) => finding.fix?.safe === true).length,
  };
}
