import { spawn } from 'node:child_process';

/** What a person sees. */
export interface Terminal {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly seconds?: number;
}

/** Runs a program to its end. Rejects only where there is none. */
export function run(file: string, args: readonly string[], { input = '', seconds = 180 }: RunOptions = {}): Promise<Terminal> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { timeout: seconds * 1000 });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
    // A program that ends before it has read everything says why on stderr.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

async function orThrow(file: string, args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await run(file, args, options);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}

/** Whatever the API server answers. */
export const tryKubectl = (args: readonly string[], input?: string): Promise<Terminal> =>
  run('kubectl', args, input === undefined ? {} : { input });

/** Its standard output; rejects with what it said where it fails. */
export const kubectl = (args: readonly string[], input?: string): Promise<string> =>
  orThrow('kubectl', args, input === undefined ? {} : { input });

export const tryHelm = (args: readonly string[]): Promise<Terminal> => run('helm', args);
export const helm = (args: readonly string[], input?: string): Promise<string> =>
  orThrow('helm', args, { seconds: 300, ...(input !== undefined && { input }) });

/** Applies objects, as YAML's subset JSON. */
export const apply = (...objects: readonly unknown[]): Promise<string> =>
  kubectl(['apply', '-f', '-'], objects.map((object) => JSON.stringify(object)).join('\n---\n'));
