import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { startBackgroundScan } from '../../src/audit/background.ts';
import { scanFigures } from '../../src/audit/scan-figures.ts';
import { isObject, type JsonObject, list, property, text, valueAt } from '../../src/core/json.ts';
import { resolve } from '../../src/core/resolve.ts';
import { WORKLOAD_KINDS } from '../../src/core/workload-kinds.ts';
import { evaluate } from '../../src/engine.ts';
import type { KubeApi } from '../../src/kube/api.ts';
import { delay } from '../../src/kube/backoff.ts';
import { connect } from '../../src/kube/connect.ts';
import type { LeaderTask } from '../../src/kube/leader-task.ts';
import { createMetrics, type Metrics } from '../../src/observe/metrics.ts';
import { type ApiClient, apiClient } from './harness/api-client.ts';
import { createNamespace } from './harness/cluster.ts';
import { ASKS_DATABASE, deployment, inNamespace, LIVE, podSpec } from './harness/manifests.ts';
import { until } from './harness/until.ts';

const access = inject('controlPlane');

/** What the fields of both report kinds must be, as their CRDs say; what is in none of them is dropped. */
const string = { type: 'string' };
const integer = { type: 'integer' };
const reference = {
  type: 'object',
  properties: { apiVersion: string, kind: string, namespace: string, name: string, uid: string },
};
const result = {
  type: 'object',
  required: ['policy'],
  properties: {
    source: string,
    policy: string,
    rule: string,
    category: string,
    severity: { type: 'string', enum: ['critical', 'high', 'low', 'medium', 'info'] },
    result: { type: 'string', enum: ['pass', 'fail', 'warn', 'error', 'skip'] },
    scored: { type: 'boolean' },
    message: string,
    properties: { type: 'object', additionalProperties: string },
    timestamp: { type: 'object', required: ['nanos', 'seconds'], properties: { seconds: integer, nanos: integer } },
  },
};
const counts = Object.fromEntries(['pass', 'fail', 'warn', 'error', 'skip'].map((name) => [name, integer]));
const crd = (group: string, version: string, kind: string, more: object): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `${kind.toLowerCase()}s.${group}`,
    // Names under k8s.io are Kubernetes' own.
    annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test' },
  },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind, plural: `${kind.toLowerCase()}s`, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              apiVersion: string,
              kind: string,
              metadata: { type: 'object' },
              ...more,
              scope: reference,
              results: { type: 'array', items: result },
              summary: { type: 'object', properties: counts },
            },
          },
        },
      },
    ],
  },
});

const POLICY_REPORTS = 'apis/wgpolicyk8s.io/v1alpha2';

describe.skipIf(access === null)('The scan in the background, on a real API server', () => {
  let admin: ApiClient;
  let api: KubeApi;
  let namespace = '';
  const tasks: LeaderTask[] = [];

  beforeAll(async () => {
    if (access === null) return;
    admin = apiClient(access.adminKubeconfig);
    ({ api } = await connect({ env: {}, now: Date.now, kubeconfig: access.adminKubeconfig }));
    namespace = await createNamespace(admin);
    await make('good', podSpec({ readinessProbe: { httpGet: { path: '/readyz', port: 8080 }, timeoutSeconds: 5 } }));
    await make('billing', podSpec({ livenessProbe: ASKS_DATABASE }));
    await make('tight', podSpec({ livenessProbe: LIVE }));
  });

  afterEach(async () => {
    await Promise.all(tasks.splice(0).map((task) => task.stop()));
  });

  afterAll(async () => {
    api?.close();
    for (const kind of ['policyreports.wgpolicyk8s.io', 'reports.openreports.io']) {
      await admin?.request('DELETE', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind}`);
    }
    admin?.close();
  });

  const make = (name: string, spec: ReturnType<typeof podSpec>) => admin.create(inNamespace(deployment(name, spec), namespace));

  interface Replica {
    readonly metrics: Metrics;
    readonly failures: string[];
    scans(): number;
    written(): number;
    task: LeaderTask;
  }

  /** A replica of the server, as far as its scan goes. */
  function replica(isLeader: () => boolean = () => true, everySeconds = 1, through: KubeApi = api): Replica {
    const metrics = createMetrics();
    const failures: string[] = [];
    let scans = 0;
    let written = 0;
    const { policy } = resolve([], { name: namespace, labels: {}, annotations: {} }, Date.now());
    const task = startBackgroundScan({
      api: through,
      evaluate,
      kinds: () => WORKLOAD_KINDS,
      policyFor: () => policy,
      isLeader,
      isReady: () => true,
      clockwork: { now: Date.now, delay, random: Math.random },
      everySeconds,
      report: {
        scanned(audit, seconds) {
          metrics.scanned(scanFigures(audit), seconds, Date.now());
        },
        reportsWritten(count) {
          scans += 1;
          written += count;
        },
        ended: () => metrics.scanEnded(),
        failed: (sentence) => failures.push(sentence),
      },
    });
    tasks.push(task);
    return { metrics, failures, scans: () => scans, written: () => written, task };
  }

  const scanned = (one: Replica, times = 1): Promise<boolean> => {
    const before = one.scans();
    return until('a scan', async () => one.scans() >= before + times);
  };

  const reports = async (): Promise<JsonObject[]> =>
    list(property(await admin.read(`/${POLICY_REPORTS}/namespaces/${namespace}/policyreports`), 'items')).filter(isObject);
  const reportOf = async (name: string): Promise<JsonObject | undefined> =>
    (await reports()).find((report) => valueAt(report, ['scope', 'name']) === name);

  it('needs no reports, and takes no error from there being none', async () => {
    const one = replica();
    await scanned(one, 2);
    expect(one.failures).toEqual([]);
    expect(one.written()).toBe(0);
  });

  it('writes one event for a workload and a rule, however often it looks and whoever leads', async () => {
    const events = async (): Promise<unknown[]> =>
      list(property(await admin.read(`/api/v1/namespaces/${namespace}/events`), 'items')).filter(
        (event) => property(event, 'reason') === 'UnsafeProbe',
      );
    await scanned(replica(), 2);
    await scanned(replica(), 2);
    const found = await until('the event', async () => {
      const all = await events();
      return all.length > 0 && all;
    });
    // Two, where an hour ends in between.
    expect(found.length).toBeLessThanOrEqual(2);
    expect(property(found[0], 'involvedObject')).toMatchObject({ kind: 'Deployment', name: 'billing', namespace });
    expect(text(property(found[0], 'message'))).toContain('liveness-dependency');
  });

  it('writes a report for each workload with findings, which belongs to it', async () => {
    await install(crd('wgpolicyk8s.io', 'v1alpha2', 'PolicyReport', {}), `/${POLICY_REPORTS}`);
    const one = replica();
    const report = await until('the report', () => reportOf('billing'));
    expect(one.failures).toEqual([]);
    expect(await reportOf('good')).toBeUndefined();
    const uid = valueAt(await admin.read(`/apis/apps/v1/namespaces/${namespace}/deployments/billing`), ['metadata', 'uid']);
    expect(valueAt(report, ['metadata', 'ownerReferences'])).toEqual([
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'billing', uid },
    ]);
    expect(valueAt(report, ['summary', 'fail'])).toBe(1);
    const [worst] = list(property(report, 'results'));
    expect(worst).toMatchObject({
      source: 'probewise',
      policy: 'standard',
      rule: 'liveness-dependency',
      result: 'fail',
      severity: 'high',
      scored: true,
      timestamp: { nanos: 0 },
      properties: { container: 'app', probe: 'livenessProbe' },
    });
  });

  it('writes nothing that is in the cluster already', async () => {
    const before = await reports();
    const one = replica();
    await scanned(one, 3);
    expect(one.written()).toBe(0);
    expect(await reports()).toEqual(before);
  });

  it('writes no double with two replicas, also where both lead for a moment', async () => {
    await make('both', podSpec({ livenessProbe: ASKS_DATABASE }));
    const [one, other] = [replica(), replica()];
    await Promise.all([scanned(one, 2), scanned(other, 2)]);
    expect(one.written() + other.written()).toBe(1);
    expect((await reports()).filter((report) => valueAt(report, ['scope', 'name']) === 'both')).toHaveLength(1);
  });

  it('is finished by the next leader where the first is killed in the middle', async () => {
    await make('handed-over', podSpec({ livenessProbe: ASKS_DATABASE }));
    let leads = true;
    let calls = 0;
    const dying: KubeApi = {
      ...api,
      list(path, query, options) {
        calls += 1;
        if (calls === 4) leads = false;
        return api.list(path, query, options);
      },
    };
    const first = replica(() => leads, 1, dying);
    await until('the fourth call', async () => !leads);
    const second = replica(() => !leads);
    await until('the report', () => reportOf('handed-over'));
    await scanned(second);
    expect(first.scans()).toBe(0);
    expect(first.failures).toEqual([]);
  });

  it('says what is left, once something is mended', async () => {
    const one = replica();
    await scanned(one);
    const path = ['spec', 'template', 'spec', 'containers', 0, 'livenessProbe'];
    const { status } = await admin.request(
      'PATCH',
      `/apis/apps/v1/namespaces/${namespace}/deployments/tight`,
      [{ op: 'remove', path: `/${path.join('/')}` }],
      'application/json-patch+json',
    );
    expect(status).toBe(200);
    await until('the report of what is mended', async () => {
      const rules = list(property(await reportOf('tight'), 'results')).map((item) => property(item, 'rule'));
      return rules.length === 1 && rules[0] === 'readiness-missing';
    });
  });

  it('is gone with its workload', async () => {
    replica();
    await until('the report', () => reportOf('both'));
    await admin.request('DELETE', `/apis/apps/v1/namespaces/${namespace}/deployments/both`);
    await until('its end', async () => (await reportOf('both')) === undefined, 60);
  });

  it('names in the metrics what a probe restarts, within a minute', async () => {
    const [pod] = await until('a Pod of billing', async () => {
      const found = list(property(await admin.read(`/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dbilling`), 'items'));
      return found.length > 0 && found;
    });
    const name = text(valueAt(pod, ['metadata', 'name'])) ?? '';
    const uid = text(valueAt(pod, ['metadata', 'uid'])) ?? '';
    await admin.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.kill`, namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid, fieldPath: 'spec.containers{app}' },
      reason: 'Killing',
      message: 'Container app failed liveness probe, will be restarted',
      type: 'Normal',
      count: 3,
      firstTimestamp: new Date().toISOString(),
      lastTimestamp: new Date().toISOString(),
      source: { component: 'kubelet' },
    });
    const { metrics } = replica();
    const line = `probewise_cluster_probe_restarts{workload_namespace="${namespace}",workload="Deployment/billing",workload_container="app",probe="livenessProbe",flagged="true"} 3`;
    await until('the metric', async () => (await metrics.text()).includes(line));
  });

  it('tells nothing where another replica leads', async () => {
    let leads = true;
    const one = replica(() => leads);
    await scanned(one);
    expect(await one.metrics.text()).toMatch(/^probewise_cluster_workloads \d/m);
    leads = false;
    one.task.wake();
    await until('the end', async () => !/^probewise_cluster_(?:workloads|findings)\b/m.test(await one.metrics.text()));
  });

  it('writes the newer form of reports where only that is there', async () => {
    await admin.request('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/policyreports.wgpolicyk8s.io');
    await until('its end', async () => (await admin.request('GET', `/${POLICY_REPORTS}`)).status === 404);
    await install(crd('openreports.io', 'v1alpha1', 'Report', { source: string }), '/apis/openreports.io/v1alpha1');
    const one = replica();
    await until('a report', async () => {
      const { body } = await admin.request('GET', `/apis/openreports.io/v1alpha1/namespaces/${namespace}/reports`);
      return list(property(body, 'items')).some((report) => valueAt(report, ['scope', 'name']) === 'billing');
    });
    expect(one.failures).toEqual([]);
  });

  async function install(definition: JsonObject, path: string): Promise<void> {
    const { status, body } = await admin.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    if (status !== 201) throw new Error(JSON.stringify(body));
    await until('its API', async () => (await admin.request('GET', path)).status === 200);
  }
});
