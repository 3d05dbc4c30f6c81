import { Readable } from 'node:stream';
import { run } from '../../src/cli/program.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
}

/** The moment at which every command in these tests runs. */
export const NOW = Date.parse('2026-07-01T00:00:00Z');

/** Runs a command line in this process, with streams that only collect. */
export async function cli(
  argv: readonly string[],
  { stdin = '', env = {}, terminal = false }: RunOptions = {},
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: terminal,
    columns: 100,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const code = await run(argv, {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env,
    now: () => NOW,
  });
  return { code, ...written };
}
