import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from '../../test/control-plane/harness/ports.ts';
import type { Workplace } from '../workplace.ts';

/** A server in a process of its own. */
export interface Server {
  readonly port: number;
  readonly pid: number;
  /** From spawn to the first answered `/readyz`, in milliseconds. */
  readonly readyMilliseconds: number;
  /** Processor time so far, in milliseconds; the kernel counts in steps of 10. */
  processor(): number;
  /** Resident memory now and at its peak, in megabytes. */
  memory(): { readonly now: number; readonly peak: number };
  stop(): Promise<void>;
}

/** `observed` is the no-op server with the log line and the metrics of Probewise for one kind of request. */
export type Role =
  /** With a patch, in base64, it answers every mutation with it. */
  | { readonly kind: 'no-op'; readonly patch?: string }
  | { readonly kind: 'observed'; readonly record: string }
  | { readonly kind: 'probewise'; readonly policy?: string; readonly nodeOptions?: readonly string[] };

/** As in the image. */
const PRODUCTION = ['--max-semi-space-size=8', '--no-concurrent-recompilation'];

export async function startServer(workplace: Workplace, role: Role, fixedPort?: number): Promise<Server> {
  const [free = 0] = fixedPort === undefined ? await freePorts(1) : [fixedPort];
  const log = openSync(workplace.logFile, 'a');
  const began = performance.now();
  const child = spawn(process.execPath, [...PRODUCTION, ...commandOf(workplace, role, free)], {
    stdio: ['ignore', log, 'inherit'],
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' },
  });
  closeSync(log);
  const pid = child.pid ?? 0;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const readyMilliseconds = await untilReady(child, free, began);
  return {
    port: free,
    pid,
    readyMilliseconds,
    processor: () => processorOf(pid),
    memory: () => memoryOf(pid),
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(late);
    },
  };
}

function commandOf({ noOp, observed, bundle, cert, key, policy }: Workplace, role: Role, port: number): string[] {
  switch (role.kind) {
    case 'no-op':
      return [noOp, String(port), cert, key, ...(role.patch === undefined ? [] : [role.patch])];
    case 'observed':
      return [observed, String(port), cert, key, role.record];
    case 'probewise': {
      const flags = {
        'tls-cert': cert,
        'tls-key': key,
        policy: role.policy ?? policy,
        address: '127.0.0.1',
        port: String(port),
        'metrics-port': '0',
        'shutdown-delay': '0',
      };
      const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
      return [...(role.nodeOptions ?? []), bundle, 'serve', ...args];
    }
  }
}

const START_LIMIT_MILLISECONDS = 20_000;

async function untilReady(child: ChildProcess, port: number, began: number): Promise<number> {
  while (performance.now() - began < START_LIMIT_MILLISECONDS) {
    if (child.exitCode !== null) throw new Error(`a server ended with code ${child.exitCode} before it was ready`);
    if (await isReady(port)) return performance.now() - began;
    await wait(2);
  }
  child.kill('SIGKILL');
  throw new Error(`a server was not ready after ${START_LIMIT_MILLISECONDS / 1000} s`);
}

const isReady = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    // The certificate is made for this run, and nothing secret is sent.
    const call = request({ host: '127.0.0.1', port, path: '/readyz', rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once('error', () => resolve(false));
    call.end();
  });

/** USER_HZ is 100 on every architecture that Node runs on. */
const TICK_MILLISECONDS = 10;

function processorOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MILLISECONDS;
}

function memoryOf(pid: number): { now: number; peak: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}
