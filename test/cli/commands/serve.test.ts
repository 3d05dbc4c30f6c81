import { Agent } from 'node:https';
import { createServer } from 'node:net';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, newCertificate, responseOf } from '../../http/support/start.ts';
import { type ServeProcess, startServe } from './serve-process.ts';

const processes: ServeProcess[] = [];
const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await Promise.all(processes.splice(0).map((process) => process.dispose()));
});

async function serve(...options: Parameters<typeof startServe>): Promise<ServeProcess> {
  const started = await startServe(...options);
  processes.push(started);
  return started;
}

const portOf = async (process: ServeProcess): Promise<number> => Number((await process.logged('serving'))['port']);

const policy = (mode: string, name = 'shop'): string => `apiVersion: probewise.dev/v1alpha1
kind: ClusterProbePolicy
metadata: { name: ${name} }
spec: { mode: ${mode} }
`;

/** A Deployment whose readiness probe can never pass: the port that it names is declared nowhere. */
const BAD_REVIEW = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'u-1',
    kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
    name: 'cart',
    namespace: 'shop',
    operation: 'CREATE',
    userInfo: { username: 'anna' },
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: {
        template: {
          spec: {
            containers: [{ name: 'app', image: 'cart', readinessProbe: { httpGet: { path: '/', port: 'web' } } }],
          },
        },
      },
    },
  },
});

describe('probewise serve', { timeout: 40_000 }, () => {
  it('serves, logs one line for a decision, shows it in the metrics, and ends with 0 on SIGTERM', async () => {
    const process = await serve({ policy: policy('Enforce') });
    const { port, metricsPort } = await process.logged('serving');
    expect((await ask(Number(port), '/readyz')).status).toBe(200);
    expect((await ask(Number(port), '/livez')).status).toBe(200);
    const response = responseOf(await ask(Number(port), '/validate?timeout=2s', { body: BAD_REVIEW }));
    expect(response).toMatchObject({ uid: 'u-1', allowed: false });

    const line = await process.logged('denied');
    expect(line).toMatchObject({
      level: 'info',
      door: 'validate',
      namespace: 'shop',
      name: 'cart',
      policy: 'shop',
      mode: 'Enforce',
    });
    const metrics = await (await fetch(`http://127.0.0.1:${String(metricsPort)}/metrics`)).text();
    expect(metrics).toContain(
      'probewise_admission_requests_total{door="validate",operation="CREATE",kind="Deployment",decision="denied"} 1',
    );
    expect(metrics).toContain('process_cpu_seconds_total');

    process.child.kill('SIGTERM');
    expect(await process.ended()).toBe(0);
    expect(process.stderr()).toBe('');
  });

  it('takes a changed policy file, and keeps the old policies where the new file is broken', async () => {
    const process = await serve({ policy: policy('Warn') });
    const port = await portOf(process);
    const allowed = async () => responseOf(await ask(port, '/validate', { body: BAD_REVIEW }))['allowed'];
    expect(await allowed()).toBe(true);

    const file = join(process.directory, 'policy.yaml');
    await writeFile(`${file}.new`, policy('Enforce'));
    await rename(`${file}.new`, file);
    await process.logged('policies loaded');
    expect(await allowed()).toBe(false);

    await writeFile(file, policy('Enforced'));
    const refused = await process.logged('policies refused: the old ones stay in force');
    expect(String(refused['problems'])).toMatch(/policy\.yaml:4:\d+: spec\.mode: /);
    expect(await allowed()).toBe(false);
  });

  it('shows a changed certificate to new connections, and waits for the second half of a pair', async () => {
    const process = await serve();
    const port = await portOf(process);
    const { cert, key } = await newCertificate('rotated.example');
    await writeFile(join(process.directory, 'tls.crt'), cert);
    await process.logged('certificate refused: the old one stays in use');
    expect((await ask(port, '/livez')).status).toBe(200);
    await writeFile(join(process.directory, 'tls.key'), key);
    await process.logged('certificate loaded', { names: 'DNS:rotated.example' });
    await expect(ask(port, '/livez')).rejects.toThrow('rotated.example');
  });

  it('drains before it ends: not ready, still answering, and then refusing', async () => {
    const process = await serve({ args: ['--shutdown-delay', '1'] });
    const port = await portOf(process);
    const agent = new Agent({ keepAlive: true });
    agents.push(agent);
    await ask(port, '/readyz', { agent });
    process.child.kill('SIGTERM');
    await process.logged('draining');
    expect(await ask(port, '/validate', { body: BAD_REVIEW, agent })).toMatchObject({
      status: 200,
      headers: { connection: 'close' },
    });
    expect((await ask(port, '/readyz')).status).toBe(503);
    expect(await process.ended()).toBe(0);
    await expect(ask(port, '/readyz')).rejects.toThrow('ECONNREFUSED');
  });

  it('ends at once on a second signal', async () => {
    const process = await serve({ args: ['--shutdown-delay', '60'] });
    await process.logged('serving');
    process.child.kill('SIGINT');
    await process.logged('draining');
    process.child.kill('SIGTERM');
    expect(await process.ended()).toBe(1);
  });
});

describe('what keeps probewise serve from starting is said on stderr, with exit code 2', { timeout: 40_000 }, () => {
  it('a broken policy, with file and line', async () => {
    const process = await serve({ policy: policy('Enforced') });
    expect(await process.ended()).toBe(2);
    expect(process.stderr()).toMatch(/^error: .*policy\.yaml:4:\d+: spec\.mode: [^\n]*\n$/);
  });

  it('a certificate that is none', async () => {
    const process = await serve({ cert: 'hello' });
    expect(await process.ended()).toBe(2);
    expect(process.stderr()).toMatch(/^error: .*tls\.crt and .*tls\.key cannot be used: the certificate is not in PEM form\.\n$/);
  });

  it('a file that is missing', async () => {
    const process = await serve({ args: ['--policy', 'nowhere.yaml'] });
    expect(await process.ended()).toBe(2);
    expect(process.stderr()).toBe('error: nowhere.yaml cannot be read: no such file or directory.\n');
  });

  it('a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const process = await serve({ args: ['--metrics-port', String(port)] });
    const code = await process.ended();
    await new Promise((resolve) => other.close(resolve));
    expect(code).toBe(2);
    expect(process.stderr()).toContain(`cannot listen on 127.0.0.1, port ${port}: `);
    expect(process.stderr()).toContain('--metrics-port');
    expect(process.log.map(({ msg }) => msg)).not.toContain('serving');
  });
});
