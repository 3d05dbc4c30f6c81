import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CliEnvironment } from '../environment.ts';
import { type SourceText, sourceText } from '../yaml/parse.ts';
import type { InputProblem } from './problem.ts';

const MANIFEST = /\.(ya?ml|json)$/i;
const SKIPPED_DIRECTORIES = new Set(['node_modules', '.git']);

export interface InputFile {
  readonly name: string;
  /** Named on the command line, not found in a directory: then it is an error that it cannot be read as a manifest. */
  readonly named: boolean;
}

export interface InputFiles {
  readonly files: readonly InputFile[];
  readonly problems: readonly InputProblem[];
}

/** The files behind the arguments, each once, directories in the order of their names. */
export async function expandFiles(names: readonly string[]): Promise<InputFiles> {
  const files = new Map<string, InputFile>();
  const problems: InputProblem[] = [];
  for (const name of names) {
    if (name === '-') {
      files.set(name, { name, named: true });
      continue;
    }
    try {
      if ((await stat(name)).isDirectory()) {
        for (const found of await manifestsIn(name, problems))
          if (!files.has(found)) files.set(found, { name: found, named: false });
      } else {
        files.set(name, { name, named: true });
      }
    } catch (error) {
      problems.push({ file: name, message: reason(error) });
    }
  }
  return { files: [...files.values()], problems };
}

async function manifestsIn(directory: string, problems: InputProblem[]): Promise<string[]> {
  const found: string[] = [];
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED_DIRECTORIES.has(entry.name)) found.push(...(await manifestsIn(name, problems)));
      } else if (MANIFEST.test(entry.name) && (entry.isFile() || (entry.isSymbolicLink() && (await stat(name)).isFile()))) {
        found.push(name);
      }
    }
  } catch (error) {
    problems.push({ file: directory, message: reason(error) });
  }
  return found;
}

export async function readSource(file: InputFile, environment: CliEnvironment): Promise<SourceText | InputProblem> {
  try {
    const bytes = file.name === '-' ? await readAll(environment.stdin) : await readFile(file.name);
    return sourceText(file.name, new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    return { file: file.name, message: error instanceof TypeError ? 'is not UTF-8 text' : reason(error) };
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const REASONS = new Map([
  ['ENOENT', 'no such file or directory'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['EISDIR', 'is a directory'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['ELOOP', 'too many symbolic links'],
]);

/** The system's error in words, without the path that the message names anyway. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return REASONS.get(code) ?? error.message;
}
