import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, type JsonObject } from '../../../src/core/json.ts';
import { newCertificate, until } from '../../http/support/start.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

/** A machine that is busy with other tests takes its time to start a process. */
const START_SECONDS = 20;

export interface ServeProcess {
  readonly child: ChildProcess;
  readonly directory: string;
  /** The log lines so far. */
  readonly log: readonly JsonObject[];
  readonly stderr: () => string;
  /** Waits for a log line with this message, and these fields, and gives it. */
  logged(message: string, fields?: JsonObject): Promise<JsonObject>;
  /** Waits for the end: the exit code, or the signal that ended it. */
  ended(): Promise<number | string | null>;
  dispose(): Promise<void>;
}

/** `probewise serve` as a process of its own, on free ports of loopback, with a certificate that the tests trust. */
export async function startServe(
  options: { args?: readonly string[]; policy?: string; cert?: string; key?: string } = {},
): Promise<ServeProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'probewise-serve-'));
  const file = (name: string): string => join(directory, name);
  const { cert, key } = await newCertificate();
  await writeFile(file('tls.crt'), options.cert ?? cert);
  await writeFile(file('tls.key'), options.key ?? key);
  if (options.policy !== undefined) await writeFile(file('policy.yaml'), options.policy);

  const flags = {
    '--tls-cert': file('tls.crt'),
    '--tls-key': file('tls.key'),
    '--address': '127.0.0.1',
    '--port': '0',
    '--metrics-port': '0',
    ...(options.policy !== undefined && { '--policy': file('policy.yaml') }),
  };
  const child = spawn(process.execPath, [
    MAIN,
    'serve',
    ...Object.entries(flags).flat(),
    ...(options.args ?? ['--shutdown-delay', '0']),
  ]);
  const log: JsonObject[] = [];
  let stderr = '';
  let rest = '';
  let outcome: { code: number | string | null } | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const parsed: unknown = JSON.parse(line);
      if (isObject(parsed)) log.push(parsed);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.on('close', (code, signal) => (outcome = { code: code ?? signal }));

  return {
    child,
    directory,
    log,
    stderr: () => stderr,
    async logged(message, fields = {}) {
      const find = (): JsonObject | undefined =>
        log.find((line) => line['msg'] === message && Object.entries(fields).every(([name, value]) => line[name] === value));
      await until(() => find() !== undefined || outcome !== undefined, `the log says "${message}"`, START_SECONDS);
      const found = find();
      if (found === undefined) throw new Error(`the process ended without saying "${message}": ${stderr}`);
      return found;
    },
    async ended() {
      await until(() => outcome !== undefined, 'the process ends', START_SECONDS);
      return outcome?.code ?? null;
    },
    async dispose() {
      if (outcome === undefined) {
        child.kill('SIGKILL');
        await until(() => outcome !== undefined, 'the process is gone', START_SECONDS);
      }
      await rm(directory, { recursive: true });
    },
  };
}
