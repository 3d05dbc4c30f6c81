import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { createAuthority } from './certificates.ts';
import { temporaryFolder } from './lifetime.ts';
import { freePorts } from './ports.ts';
import { lastLines, type Program, startProgram } from './program.ts';
import type { WebhookTarget } from './registration.ts';
import { until } from './until.ts';

const MAIN = join(import.meta.dirname, '../../../src/main.ts');

/** The real server, `probewise serve`, as a process of its own. Port and certificate stay when it is killed and started again. */
export interface WebhookServer extends WebhookTarget {
  readonly metricsUrl: string;
  readonly log: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Posts a body to `/mutate` or `/validate`, as an API server would. */
  post(path: string, body: unknown): Promise<unknown>;
}

/** `policy` is the text of a ClusterProbePolicy. */
export async function startWebhookServer(policy: string): Promise<WebhookServer> {
  const folder = temporaryFolder('webhook');
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const authority = await createAuthority('probewise-webhook');
  const serving = await authority.issue({ commonName: 'probewise', addresses: ['127.0.0.1'], names: ['localhost'] });
  const path = (name: string): string => join(folder, name);
  await writeFile(path('tls.crt'), serving.certificate);
  await writeFile(path('tls.key'), serving.key, { mode: 0o600 });
  await writeFile(path('policy.yaml'), policy);
  const url = `https://127.0.0.1:${port}`;
  let program: Program | undefined;

  async function start(): Promise<void> {
    const flags = {
      'tls-cert': path('tls.crt'),
      'tls-key': path('tls.key'),
      policy: path('policy.yaml'),
      address: '127.0.0.1',
      port: String(port),
      'metrics-port': String(metricsPort),
      'shutdown-delay': '0',
    };
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const started = await startProgram('probewise', process.execPath, [MAIN, 'serve', ...args], path('log'));
    program = started;
    const answered = await until('the webhook server', async () => {
      if (started.ended() !== undefined) return 'dead';
      return (await call(`${url}/readyz`, authority.certificate)).status === 200 ? 'ready' : undefined;
    });
    if (answered === 'dead') throw new Error(`probewise serve ${started.ended()}:\n${await lastLines(started)}`);
  }

  await start();
  return {
    url,
    authority: authority.certificate,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    log: path('log'),
    start,
    stop: async () => program?.stop(),
    kill: async () => program?.kill(),
    async post(target, body) {
      const answer = await call(`${url}${target}`, authority.certificate, body);
      if (answer.status !== 200) throw new Error(`POST ${target} answered ${answer.status}: ${answer.text}`);
      return JSON.parse(answer.text);
    },
  };
}

function call(url: string, ca: string, body?: unknown): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const outgoing = request(url, { method, ca, headers: { 'content-type': 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.once('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
