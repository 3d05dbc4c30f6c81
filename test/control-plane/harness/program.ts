import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { adopt, disown } from './lifetime.ts';

/** A program that runs in the background, its output in a log file, until it is stopped or this process ends. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  readonly log: string;
  /** Undefined while it runs; afterwards, how it ended. */
  ended(): string | undefined;
  /** Asks it to end, and kills it where it has not after ten seconds. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

const GRACE_MILLISECONDS = 10_000;

export function startProgram(
  name: string,
  file: string,
  args: readonly string[],
  log: string,
  options: ProgramOptions = {},
): Promise<Program> {
  const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = createWriteStream(log, { flags: 'a' });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });

  let ending: string | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ending = `ended with ${signal ?? `code ${code}`}`;
      if (child.pid !== undefined) disown(child.pid);
      output.end();
      resolve();
    });
  });

  async function end(kind: NodeJS.Signals): Promise<void> {
    if (ending !== undefined) return;
    child.kill(kind);
    const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MILLISECONDS);
    await exited;
    clearTimeout(late);
  }

  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${name} cannot be started: ${error.message}`)));
    child.once('spawn', () => {
      const { pid = 0 } = child;
      adopt(pid);
      resolve({ name, pid, log, ended: () => ending, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') });
    });
  });
}

/** The last lines of a program's log, for a message that says why it did not come up. */
export async function lastLines(program: Program, count = 15): Promise<string> {
  const text = await readFile(program.log, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
