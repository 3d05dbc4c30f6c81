import type { CliEnvironment } from './environment.ts';
import { describeHelm } from './input/helm.ts';
import { describeProblem, type InputProblem } from './input/problem.ts';
import { plainText } from './report/plain-text.ts';

/** Says on stderr what could not be read, and what a person should know of the rest. */
export function tell({ stderr }: CliEnvironment, problems: readonly InputProblem[], notes: Iterable<string>): void {
  const lines = problems.filter(({ helm }) => helm !== true).map((problem) => `error: ${describeProblem(problem)}`);
  const templates = describeHelm(problems.filter(({ helm }) => helm === true));
  if (templates !== undefined) lines.push(`error: ${templates}`);
  for (const note of notes) lines.push(`note: ${note}`);
  for (const line of lines) stderr.write(`${plainText(line)}\n`);
}
