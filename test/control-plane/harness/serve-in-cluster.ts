import { createServer, type Server } from 'node:net';
import { connect } from 'node:tls';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { property, text } from '../../../src/core/json.ts';
import { temporaryFolder } from './lifetime.ts';
import { freePorts } from './ports.ts';
import { type Program, startProgram } from './program.ts';

const MAIN = join(import.meta.dirname, '../../../src/main.ts');

/** A replica of `probewise serve` that takes everything from the cluster of a kubeconfig, as it does in a pod. */
export interface Replica {
  readonly port: number;
  readonly pid: number;
  lines(): Promise<readonly unknown[]>;
  logged(message: string): Promise<readonly unknown[]>;
  metric(line: RegExp): Promise<string | undefined>;
  ready(): Promise<boolean>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export async function startReplica(kubeconfig: string, flags: Readonly<Record<string, string>>): Promise<Replica> {
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const log = join(temporaryFolder('replica'), 'log');
  const all = {
    kubeconfig,
    address: '127.0.0.1',
    port: String(port),
    'metrics-port': String(metricsPort),
    'shutdown-delay': '0',
    'log-level': 'debug',
    ...flags,
  };
  const args = Object.entries(all).map(([flag, value]) => `--${flag}=${value}`);
  const program: Program = await startProgram('probewise', process.execPath, [MAIN, 'serve', ...args], log);
  const lines = async (): Promise<readonly unknown[]> =>
    (await readFile(log, 'utf8'))
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line): unknown => JSON.parse(line));
  return {
    port,
    pid: program.pid,
    lines,
    logged: async (message) => (await lines()).filter((line) => text(property(line, 'msg')) === message),
    async metric(line) {
      const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      return line.exec(metrics)?.[0];
    },
    async ready() {
      return (await lines()).some((line) => property(line, 'msg') === 'serving') && (await status(port, '/readyz')) === 200;
    },
    stop: () => program.stop(),
    kill: () => program.kill(),
  };
}

/** Whoever asks does not check the certificate here, as the kubelet does not. */
async function status(port: number, path: string): Promise<number> {
  const { request } = await import('node:https');
  return new Promise((resolve) => {
    const outgoing = request({ host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.once('error', () => resolve(0));
    outgoing.end();
  });
}

/** The serial number of the certificate that is served now. */
export const servedSerial = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      const { serialNumber } = socket.getPeerCertificate();
      socket.end();
      resolve(serialNumber);
    });
    socket.once('error', reject);
  });

/** One address before several replicas, as a Service is: each new connection goes to the first that takes it. */
export async function startBalancer(ports: () => readonly number[]): Promise<{ port: number; close: () => void }> {
  const { connect: dial } = await import('node:net');
  let turn = 0;
  const server: Server = createServer((client) => {
    const targets = ports();
    const tryNext = (left: number): void => {
      const target = targets[turn++ % Math.max(1, targets.length)];
      if (left === 0 || target === undefined) {
        client.destroy();
        return;
      }
      const upstream = dial(target, '127.0.0.1');
      upstream.once('error', () => tryNext(left - 1));
      upstream.once('connect', () => {
        upstream.removeAllListeners('error');
        upstream.on('error', () => client.destroy());
        client.on('error', () => upstream.destroy());
        client.pipe(upstream).pipe(client);
      });
    };
    tryNext(targets.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => server.close(),
  };
}
