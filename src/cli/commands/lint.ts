import type { Evaluate } from '../../core/evaluate.ts';
import type { Finding } from '../../core/finding.ts';
import { evaluate as engine } from '../../engine.ts';
import type { CliEnvironment } from '../environment.ts';
import { EXIT, type FailOn, lintExitCode } from '../exit-code.ts';
import { readInput } from '../input/read.ts';
import { createJudge, type Judged, type JudgeLog } from '../judge.ts';
import { readPolicies } from '../policies.ts';
import { colorsFor } from '../report/colors.ts';
import type { Output } from '../report/outputs.ts';
import { type LocatedReplacement, type Report, type ReportedObject, reportObject, summarize } from '../report/report.ts';
import { tell } from '../tell.ts';
import { regionOf } from '../yaml/locate.ts';
import { planEdits } from '../yaml/plan.ts';

export interface LintOptions {
  readonly output: Output;
  readonly failOn: FailOn;
  readonly policy: readonly string[];
  /** For objects that name no namespace. */
  readonly namespace: string;
  readonly docsUrl?: string | undefined;
}

export async function lint(
  files: readonly string[],
  options: LintOptions,
  environment: CliEnvironment,
  evaluate: Evaluate = engine,
): Promise<number> {
  const policies = await readPolicies(options.policy, environment);
  if (policies === undefined) return EXIT.unusable;
  const input = await readInput(files, environment);
  const log: JudgeLog = { problems: [], notes: new Set(), notKubernetes: 0 };
  const judge = createJudge(input, { evaluate, policies, namespace: options.namespace, now: environment.now() }, log);
  const replacements = options.output === 'sarif' ? replacementsOf : () => [];
  const objects: ReportedObject[] = [];
  for (const source of input.sources) {
    // One at a time: a parsed document is large, and what is reported of it is not.
    for (const judged of judge(source)) objects.push(reportObject(judged, { docsUrl: options.docsUrl, replacements }));
  }
  const read = input.sources.length + input.notKubernetes;
  const summary = summarize(objects, read - log.notKubernetes, log.notKubernetes);
  if (objects.length === 0 && log.problems.length === 0) log.notes.add('no workload was found in the input');
  tell(environment, log.problems, log.notes);
  environment.stdout.write(await render({ objects, skipped: log.problems, summary }, options.output, environment));
  const severities = objects.flatMap(({ findings }) => findings.map(({ finding }) => finding.severity));
  return lintExitCode(severities, options.failOn, log.problems.length > 0);
}

/** What the fix of a finding changes in the text, where it can be made there without touching anything else. */
function replacementsOf({ source, document, at }: Judged, { fix }: Finding): LocatedReplacement[] {
  if (fix === undefined || !fix.safe) return [];
  const edits = fix.edits.map((edit) => ({ ...edit, at: [...at, ...edit.at] }));
  const { replacements, refused } = planEdits(source.text, document, edits, 'refuse');
  if (refused.length > 0) return [];
  return replacements.map(({ start, end, text }) => ({ region: regionOf(source, start, end), text }));
}

/** Each format is loaded only where it is asked for. */
async function render(report: Report, output: Output, environment: CliEnvironment): Promise<string> {
  switch (output) {
    case 'text':
      return (await import('../report/text.ts')).renderText(report, colorsFor(environment.stdout, environment));
    case 'json':
      return (await import('../report/json.ts')).renderJson(report);
    case 'sarif':
      return (await import('../report/sarif.ts')).renderSarif(report);
    case 'junit':
      return (await import('../report/junit.ts')).renderJunit(report);
    case 'github':
      return (await import('../report/github.ts')).renderGithub(report);
  }
}
