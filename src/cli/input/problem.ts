/** A part of the input that could not be read, and so was not judged. Line and column count from 1. */
export interface InputProblem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** A Helm template: told once for all of them. */
  readonly helm?: true;
}

export function describeProblem({ file, line, column, message }: InputProblem): string {
  const place = [shownFile(file), line, column].filter((part) => part !== undefined).join(':');
  return `${place}: ${message}`;
}

export const shownFile = (file: string): string => (file === '-' ? '<stdin>' : file);
