import { isAbsolute } from 'node:path';
import type { Evaluate } from '../../core/evaluate.ts';
import { evaluate as engine } from '../../engine.ts';
import type { CliEnvironment } from '../environment.ts';
import { EXIT } from '../exit-code.ts';
import { type EditsOf, type FixedSource, fixSource } from '../fix-source.ts';
import { reason } from '../input/files.ts';
import { shownFile } from '../input/problem.ts';
import { readInput } from '../input/read.ts';
import { createJudge, type Judged, type JudgeLog } from '../judge.ts';
import { readPolicies } from '../policies.ts';
import { type Colors, colorsFor } from '../report/colors.ts';
import { plainText } from '../report/plain-text.ts';
import { counted } from '../report/text.ts';
import { tell } from '../tell.ts';
import { replaceFile } from '../write-file.ts';
import { locate } from '../yaml/locate.ts';

export interface FixOptions {
  /** These change nothing: they say, print as a diff, or print whole what would change. */
  readonly check?: true | undefined;
  readonly diff?: true | undefined;
  readonly stdout?: true | undefined;
  /** Also moves checks to where they do no harm: what these edits mean, a person has to judge. */
  readonly unsafe?: true | undefined;
  readonly policy: readonly string[];
  readonly namespace: string;
}

export async function fix(
  files: readonly string[],
  options: FixOptions,
  environment: CliEnvironment,
  evaluate: Evaluate = engine,
): Promise<number> {
  const policies = await readPolicies(options.policy, environment);
  if (policies === undefined) return EXIT.unusable;
  const input = await readInput(files, environment);
  const log: JudgeLog = { problems: [], notes: new Set(), notKubernetes: 0 };
  const judge = createJudge(input, { evaluate, policies, namespace: options.namespace, now: environment.now() }, log);
  let changes = 0;
  let changedFiles = 0;
  let refusals = 0;
  const editsOf = options.unsafe === true ? await unsafeEditsOf(evaluate, log) : ({ evaluation }: Judged) => evaluation.edits;
  for (const source of input.sources) {
    const fixed = fixSource(source, judge, editsOf);
    changes += fixed.changes.length;
    changedFiles += fixed.changes.length > 0 ? 1 : 0;
    refusals += fixed.refusals.length;
    const problem = await put(fixed, options, environment);
    if (problem !== undefined) log.problems.push({ file: source.file, message: problem });
    for (const line of refusalLines(fixed)) log.notes.add(line);
  }
  tell(environment, log.problems, log.notes);
  const found = changes + refusals > 0;
  if (!printsFiles(options, input.sources.length === 1 && input.sources[0]?.file === '-')) {
    const verb = options.check === true ? 'to make' : 'made';
    const left = refusals === 0 ? '' : `; ${counted(refusals, 'change')} to make by hand`;
    environment.stdout.write(`${counted(changes, 'change')} ${verb} in ${counted(changedFiles, 'file')}${left}\n`);
  }
  if (options.check === true && found) return EXIT.findings;
  return log.problems.length > 0 ? EXIT.unusable : EXIT.clean;
}

/** The reason of each unsafe fix is told, whatever is printed besides. */
async function unsafeEditsOf(evaluate: Evaluate, log: JudgeLog): Promise<EditsOf> {
  const { unsafeEdits } = await import('../unsafe.ts');
  return (judged) => {
    const { edits, reasons } = unsafeEdits(judged, evaluate);
    const { source, document, workload, at } = judged;
    for (const { container, at: field, reason: why } of reasons) {
      const { line, column } = locate(document, source, [...at, ...field]);
      const object = `${workload.kind} ${workload.namespace}/${workload.name}`;
      log.notes.add(`${shownFile(source.file)}:${line}:${column}: ${object}: container "${container}": unsafe: ${why}`);
    }
    return edits;
  };
}

const printsFiles = ({ check, diff, stdout }: FixOptions, stdin: boolean): boolean =>
  diff === true || stdout === true || (stdin && check !== true);

/** Says or writes what became of one text, or returns why that failed. */
async function put(fixed: FixedSource, options: FixOptions, environment: CliEnvironment): Promise<string | undefined> {
  const { source, text, changes } = fixed;
  const { stdout } = environment;
  const before = whole(fixed, source.text);
  const after = whole(fixed, text);
  if (options.diff === true) {
    if (changes.length > 0) stdout.write(await diffText(source.file, before, after, colorsFor(stdout, environment)));
  } else if (printsFiles(options, source.file === '-')) {
    stdout.write(after);
  } else {
    for (const { line, column, object, what } of changes) {
      stdout.write(`${plainText(`${shownFile(source.file)}:${line}:${column}: ${object}: ${what}`)}\n`);
    }
    if (changes.length === 0) return undefined;
    if (options.unsafe === true) stdout.write(await diffText(source.file, before, after, colorsFor(stdout, environment)));
    if (options.check === true) return undefined;
    try {
      await replaceFile(source.file, after);
    } catch (error) {
      return `cannot be written: ${reason(error)}`;
    }
  }
  return undefined;
}

const whole = ({ source }: FixedSource, text: string): string => (source.byteOrderMark ? `\uFEFF${text}` : text);

const refusalLines = ({ source, refusals }: FixedSource): string[] =>
  refusals.map(
    ({ change: { line, column, object, what }, reason: why }) =>
      `${shownFile(source.file)}:${line}:${column}: ${object}: not changed, because ${why}; write this by hand: ${what}`,
  );

async function diffText(file: string, before: string, after: string, colors: Colors): Promise<string> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  // As git writes it, for `git apply`; an absolute name stays as it is.
  const [from, to] = isAbsolute(file) ? [file, file] : [`a/${shownFile(file)}`, `b/${shownFile(file)}`];
  const patch = createTwoFilesPatch(from, to, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
  const paint = (line: string): string => {
    if (line.startsWith('@@')) return colors.cyan(line);
    if (line.startsWith('+++') || line.startsWith('---')) return colors.bold(line);
    if (line.startsWith('+')) return colors.green(line);
    return line.startsWith('-') ? colors.red(line) : line;
  };
  return patch.split('\n').map(paint).join('\n');
}
