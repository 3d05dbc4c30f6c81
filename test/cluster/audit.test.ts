import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { isObject, list, property } from '../../src/core/json.ts';
import { until } from '../control-plane/harness/until.ts';
import { freshNamespace, install, metricsOf, readyPods, removeAll } from './harness/installation.ts';
import { apply, kubectl, run, type Terminal } from './harness/run.ts';
import { NAMESPACE } from './harness/workloads.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const PORT = 5432;
/** What an SRE waits at most, from the end of the database to an answer. */
const A_MINUTE = 60;

interface ProgramOptions {
  readonly name: string;
  readonly replicas: number;
  /** Run by Node, which is all that the image of Probewise has. */
  readonly script: string;
  readonly probes: object;
}

const program = ({ name, replicas, script, probes }: ProgramOptions) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: NAMESPACE },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        // Node as process 1 does not end when it is asked to.
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'app',
            image: inject('image'),
            imagePullPolicy: 'IfNotPresent',
            command: ['/nodejs/bin/node', '-e', script],
            ports: [{ containerPort: PORT }],
            ...probes,
          },
        ],
      },
    },
  },
});

const LISTENS = `require('node:net').createServer((socket) => socket.end()).listen(${PORT})`;
const ASKS_ITSELF = { tcpSocket: { port: PORT }, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 10 };

const rollout = (name: string): Promise<string> =>
  kubectl(['-n', NAMESPACE, 'rollout', 'status', `deployment/${name}`, '--timeout=120s']);

/** A database, a Deployment whose liveness probe asks it, and one whose liveness probe asks only itself. */
async function createWorkloads(): Promise<void> {
  const service = { selector: { app: 'database' }, ports: [{ port: PORT }] };
  await apply(
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'database', namespace: NAMESPACE }, spec: service },
    program({ name: 'database', replicas: 1, script: LISTENS, probes: { readinessProbe: ASKS_ITSELF } }),
    program({ name: 'catalog', replicas: 1, script: LISTENS, probes: { livenessProbe: ASKS_ITSELF } }),
  );
  await rollout('database');
  await rollout('catalog');
  // By its address: the kubelet asks, and a node does not know the names of Services.
  const host = await kubectl(['-n', NAMESPACE, 'get', 'service', 'database', '-o', 'jsonpath={.spec.clusterIP}']);
  const livenessProbe = { tcpSocket: { host, port: PORT }, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 2 };
  await apply(program({ name: 'orders', replicas: 3, script: LISTENS, probes: { livenessProbe } }));
  await rollout('orders');
}

const audit = (...args: readonly string[]): Promise<Terminal> =>
  run(process.execPath, [MAIN, 'audit', '-n', NAMESPACE, ...args], { seconds: 60 });

/** The findings about a workload, as JSON has them. */
async function findingsOf(name: string): Promise<unknown[]> {
  const { stdout } = await audit('-o', 'json');
  const parsed: unknown = JSON.parse(stdout);
  const found = list(property(parsed, 'results')).filter((result) => property(result, 'name') === name);
  return found.flatMap((result) => list(property(result, 'findings')));
}

async function livenessFinding(name: string): Promise<unknown> {
  const findings = await findingsOf(name);
  return findings.find((finding) => property(finding, 'rule') === 'liveness-dependency');
}

/** Of all replicas: only the one that leads has any. */
async function restartMetrics(): Promise<string[]> {
  const metrics = await Promise.all((await readyPods()).map(({ name }) => metricsOf(name)));
  return metrics
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith('probewise_cluster_probe_restarts{') && line.includes(`workload_namespace="${NAMESPACE}"`));
}

beforeAll(async () => {
  // Probewise comes to what runs already, and has had no chance to make its probes patient.
  await removeAll();
  await freshNamespace();
  await createWorkloads();
  // As it comes, a scan begins every 60 s and takes some more: the metrics may then be older than the minute that is asked for here.
  await install('--set=scan.enabled=true', '--set=scan.intervalSeconds=10');
});
afterAll(async () => {
  await freshNamespace();
  await install();
});

describe('a Deployment whose liveness probe asks a database', () => {
  it('has a finding while the database is there, and was not restarted', async () => {
    const finding = await livenessFinding('orders');
    expect(finding).toMatchObject({ severity: 'error', probe: 'livenessProbe', observed: { kills: 0, restarts: 0 } });
    await until('the first scan', async () => {
      const metrics = await Promise.all((await readyPods()).map(({ name }) => metricsOf(name)));
      return metrics.some((text) => text.includes('probewise_scan_last_success_timestamp_seconds '));
    });
    expect(await restartMetrics()).toEqual([]);
  });

  describe('and the database is gone', () => {
    let gone = 0;
    const since = (): string => `${((performance.now() - gone) / 1000).toFixed(1)} s after the database was gone`;
    const left = (): number => A_MINUTE - (performance.now() - gone) / 1000;

    beforeAll(async () => {
      await kubectl(['-n', NAMESPACE, 'scale', 'deployment/database', '--replicas=0']);
      gone = performance.now();
    });

    it('within a minute, the metrics of the server name it as restarted by a flagged probe', async () => {
      const [line = ''] = await until(
        'the metric',
        async () => {
          const lines = await restartMetrics();
          return lines.length > 0 && lines;
        },
        left(),
      );
      console.log(`${since()}: ${line}`);
      for (const label of ['workload="Deployment/orders"', 'workload_container="app"', 'probe="livenessProbe"', 'flagged="true"'])
        expect(line).toContain(label);
      expect(Number(line.split(' ').at(-1))).toBeGreaterThanOrEqual(1);
    });

    it('within a minute, the audit says in JSON how often this probe has restarted it', async () => {
      const observed = await until(
        'each of the three Pods to be restarted',
        async () => {
          const found = property(await livenessFinding('orders'), 'observed');
          const kills = property(found, 'kills');
          const restarts = property(found, 'restarts');
          return typeof kills === 'number' && kills >= 3 && typeof restarts === 'number' && restarts >= 3 && found;
        },
        left(),
      );
      console.log(`${since()}:`, observed);
      expect(isObject(observed) && Object.keys(observed)).toEqual(expect.arrayContaining(['lastKill', 'lastTermination']));
      expect(property(observed, 'failures')).toBeGreaterThanOrEqual(3);
      expect(property(observed, 'detail')).toMatch(new RegExp(`:${PORT}: connect: `));
    });

    it('and says it first in the text', async () => {
      const { code, stdout, stderr } = await audit();
      console.log(`${since()}:\n${stdout}`);
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      const [heading = '', worst = '', ...notes] = stdout.split('\n');
      expect(heading).toMatch(/^error\[liveness-dependency\] .* 1 workload, restarted \d+ times by it$/);
      expect(worst).toMatch(new RegExp(`^  • Deployment ${NAMESPACE}/orders  container "app": livenessProbe `));
      expect(notes.slice(0, 2).join('\n')).toMatch(/^ +seen: restarted \d+ times\b.* by this probe, last \d+ s ago/m);
    });

    it('nothing is said of a restart that did not happen', async () => {
      const findings = await findingsOf('catalog');
      expect(findings.length).toBeGreaterThan(0);
      for (const finding of findings) expect(finding).toMatchObject({ observed: { kills: 0, restarts: 0 } });
      for (const line of await restartMetrics()) expect(line).toContain('workload="Deployment/orders"');
    });
  });
});
