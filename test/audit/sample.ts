import type { AuditReport } from '../../src/audit/audit-report.ts';
import { reportAudit } from '../../src/audit/audit-report.ts';
import { scan } from '../../src/audit/scan.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { resolve } from '../../src/core/resolve.ts';
import { WORKLOAD_KINDS } from '../../src/core/workload-kinds.ts';
import { evaluate } from '../../src/engine.ts';
import { KubeError } from '../../src/kube/error.ts';
import { fakeCluster } from './fake-api.ts';
import { killing, status, TERMINATED, unhealthy } from './history/objects.ts';

const SAMPLE_TIME = Date.parse('2026-07-01T12:03:00Z');

const http = (path: string, rest: JsonObject = {}): JsonObject => ({ httpGet: { path, port: 8080 }, ...rest });

interface Sample {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
  readonly container: JsonObject;
  /** Times that its liveness probe killed it. */
  readonly kills?: number;
  readonly readyAfterSeconds?: number;
}

const GOOD = { timeoutSeconds: 5, failureThreshold: 30 };

/** The last one's text would be markup, were it not escaped. */
const SAMPLES: readonly Sample[] = [
  {
    kind: 'Deployment',
    namespace: 'shop',
    name: 'orders',
    container: { name: 'app', image: 'example/orders:1', livenessProbe: http('/actuator/health') },
    kills: 14,
  },
  {
    kind: 'Deployment',
    namespace: 'shop',
    name: 'billing',
    container: {
      name: 'app',
      image: 'example/billing:1',
      livenessProbe: { exec: { command: ['pg_isready', '-h', 'billing-db'] } },
    },
  },
  {
    kind: 'Deployment',
    namespace: 'bank',
    name: 'ledger',
    container: { name: 'app', image: 'example/ledger:1', livenessProbe: http('/livez'), readinessProbe: http('/readyz', GOOD) },
    readyAfterSeconds: 18,
  },
  {
    kind: 'StatefulSet',
    namespace: 'bank',
    name: 'vault',
    container: {
      name: 'app',
      image: 'example/vault:1',
      livenessProbe: http('/livez', GOOD),
      readinessProbe: http('/readyz', GOOD),
      startupProbe: http('/livez', GOOD),
    },
  },
  {
    kind: 'Deployment',
    namespace: 'tools',
    name: 'wiki',
    container: {
      name: 'app',
      image: 'example/wiki:1',
      livenessProbe: { exec: { command: ['curl', 'http://wiki/<script>alert(1)</script><img src=x onerror=alert(2)>'] } },
    },
  },
];

/** What an audit of a small cluster tells, made by the real scan and the real rules. */
export async function sampleReport(): Promise<AuditReport> {
  const events: JsonObject[] = [];
  const pods: JsonObject[] = [];
  const owners = Map.groupBy(SAMPLES, ({ kind }) => kind);
  for (const sample of SAMPLES) {
    const { name, namespace, kind, kills = 0, readyAfterSeconds = 5 } = sample;
    const uid = `pod-${name}`;
    const ready = new Date(Date.parse('2026-07-01T12:00:00Z') + readyAfterSeconds * 1000).toISOString();
    pods.push({
      metadata: {
        uid,
        name: `${name}-0`,
        namespace,
        ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `uid-${name}`, controller: true }],
      },
      spec: { containers: [sample.container] },
      status: {
        conditions: [{ type: 'ContainersReady', status: 'True', lastTransitionTime: ready }],
        containerStatuses: [status({ restartCount: kills, ...(kills > 0 && { lastState: TERMINATED }) })],
      },
    });
    if (kills === 0) continue;
    const involvedObject = { kind: 'Pod', uid, fieldPath: 'spec.containers{app}' };
    events.push(killing('liveness', { count: kills, involvedObject }));
    events.push(unhealthy('Liveness probe failed: HTTP probe failed with statuscode: 503', { count: 3 * kills, involvedObject }));
  }
  const workloads = (kind: Sample['kind']): JsonObject[] =>
    (owners.get(kind) ?? []).map(({ name, namespace, container }) => ({
      metadata: { uid: `uid-${name}`, name, namespace },
      spec: { template: { spec: { containers: [container] } } },
    }));
  const { api } = fakeCluster({
    collections: {
      '/apis/apps/v1/deployments': workloads('Deployment'),
      '/apis/apps/v1/statefulsets': workloads('StatefulSet'),
      '/api/v1/pods': pods,
      '/api/v1/events': events,
    },
    before(call) {
      if (call.endsWith('cronjobs')) throw new KubeError('forbidden', 'Not permitted (context "prod"): cannot list cronjobs.');
    },
  });
  const { policy } = resolve([], { name: 'shop', labels: {}, annotations: {} }, SAMPLE_TIME);
  const judgement = { evaluate, kinds: WORKLOAD_KINDS, policyFor: () => policy };
  const audit = await scan({ api, judgement, namespaces: [], knownNamespaces: [] });
  return reportAudit(audit, 'context "prod"', SAMPLE_TIME);
}
