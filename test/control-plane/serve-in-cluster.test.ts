import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { customResourceDefinition } from '../../src/config/crd.ts';
import { list, property, text, valueAt } from '../../src/core/json.ts';
import { webhookConfigurations } from '../../src/kube/webhook-configuration.ts';
import { cli } from '../cli/environment.ts';
import { type ApiClient, apiClient } from './harness/api-client.ts';
import { deployment, podSpec } from './harness/manifests.ts';
import { unregister } from './harness/registration.ts';
import { type Replica, servedSerial, startBalancer, startReplica } from './harness/serve-in-cluster.ts';
import { until } from './harness/until.ts';

const access = inject('controlPlane');

const HOME = 'probewise-home';
const CANARY = 'probewise-canary';
const SECRET = `/api/v1/namespaces/${HOME}/secrets/probewise-certificate`;
const POLICIES = '/apis/probewise.dev/v1alpha1/clusterprobepolicies';
const VALIDATING = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/admission.probewise.dev';
const MUTATING = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/admission.probewise.dev';
const BAD = podSpec({ livenessProbe: { exec: { command: ['pg_isready', '-h', 'db'] } } });

const FLAGS = {
  namespace: HOME,
  'canary-namespace': CANARY,
  'certificate-overlap': '2',
};

describe.skipIf(access === null)('probewise serve, watching a real API server', () => {
  let admin: ApiClient;
  let replicas: Replica[] = [];
  let balancer: { port: number; close: () => void };

  const start = async (): Promise<Replica> => {
    if (access === null) throw new Error('there is no control plane');
    const replica = await startReplica(access.adminKubeconfig, FLAGS);
    replicas.push(replica);
    return replica;
  };
  const one = (): Replica => {
    const [first] = replicas;
    if (first === undefined) throw new Error('there is no replica');
    return first;
  };
  const patch = (path: string, body: unknown) => admin.request('PATCH', path, body, 'application/merge-patch+json');
  const policy = async (name: string, spec: unknown): Promise<void> => {
    const object = { apiVersion: 'probewise.dev/v1alpha1', kind: 'ClusterProbePolicy', metadata: { name }, spec };
    const { status } = await admin.request('POST', POLICIES, object);
    if (status === 409) expect((await patch(`${POLICIES}/${name}`, { spec })).status).toBe(200);
    else expect(status).toBe(201);
  };
  const tryBad = (namespace: string) =>
    admin.request('POST', `/apis/apps/v1/namespaces/${namespace}/deployments?dryRun=All`, deployment('bad', BAD));
  const bundle = async (path: string): Promise<string> =>
    text(valueAt(await admin.read(path), ['webhooks', 0, 'clientConfig', 'caBundle'])) ?? '';
  const conditions = async (name: string): Promise<Map<string, string>> =>
    new Map(
      list(valueAt(await admin.read(`${POLICIES}/${name}`), ['status', 'conditions'])).map((condition) => [
        text(property(condition, 'type')) ?? '',
        text(property(condition, 'status')) ?? '',
      ]),
    );

  async function register(): Promise<void> {
    await unregister(admin);
    const client = { url: `https://localhost:${balancer.port}` };
    for (const configuration of webhookConfigurations({ client, excludedNamespaces: ['kube-system', HOME] })) {
      const plural = configuration.kind === 'MutatingWebhookConfiguration' ? 'mutating' : 'validating';
      const path = `/apis/admissionregistration.k8s.io/v1/${plural}webhookconfigurations`;
      expect((await admin.request('POST', path, configuration)).status).toBe(201);
    }
  }

  beforeAll(async () => {
    if (access === null) return;
    admin = apiClient(access.adminKubeconfig);
    balancer = await startBalancer(() => replicas.map(({ port }) => port));
    await admin.request('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/clusterprobepolicies.probewise.dev');
    for (const name of [HOME, CANARY, 'shop', 'bank']) {
      await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
    await start();
  });

  afterAll(async () => {
    if (access === null) return;
    await Promise.all(replicas.map((replica) => replica.stop()));
    balancer.close();
    await unregister(admin);
    admin.close();
  });

  it('is ready with its own certificate, without a CRD, and says so', async () => {
    await until('the server to be ready', () => one().ready());
    expect(await one().logged('no policies: the built-in one applies')).toHaveLength(1);
    expect(property(property(await admin.read(SECRET), 'data'), 'tls.crt')).toBeDefined();
  });

  it('finds the CRD once it is installed, and its policies', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    expect((await admin.request('POST', path, customResourceDefinition())).status).toBe(201);
    await until('the CRD to be served', async () => (await admin.request('GET', POLICIES)).status === 200);
    await policy('default', { mode: 'Warn', patch: 'Auto' });
    await until('the policy to be known', async () => (await one().logged('policies loaded')).length > 0);
  });

  it('puts the caBundle into both configurations, and the API server calls it', async () => {
    await register();
    const both = await until('both caBundles', async () => {
      const [mutating, validating] = [await bundle(MUTATING), await bundle(VALIDATING)];
      return mutating !== '' && mutating === validating && mutating;
    });
    expect(Buffer.from(both, 'base64').toString()).toMatch(/^-----BEGIN CERTIFICATE-----/);
    await until('a warning', async () => (await tryBad('shop')).warnings.join().includes('liveness-dependency'));
  });

  it('sees by its canary that the API server calls it, whatever the policy says', async () => {
    await until(
      'the canary',
      async () => (await one().logged('the canary is answered: the API server calls the webhook')).length > 0,
      60,
    );
    expect(await one().metric(/^probewise_enforcing\{webhook="validate"\} \d/m)).toBe(
      'probewise_enforcing{webhook="validate"} 1',
    );
    expect(await one().metric(/^probewise_enforcing\{webhook="mutate"\} \d/m)).toBe('probewise_enforcing{webhook="mutate"} 1');
  });

  it('denies within two seconds of a policy that enforces, and writes its status', async () => {
    await policy('default', { mode: 'Enforce' });
    const changed = Date.now();
    const denied = await until('a denial', async () =>
      (await tryBad('shop')).status === 403 ? Date.now() - changed : undefined,
    );
    expect(denied).toBeLessThan(2000);
    await until('the status', async () => (await conditions('default')).get('Accepted') === 'True');
    await until('the condition of the canary', async () => (await conditions('default')).get('Enforcing') === 'True');
    expect(valueAt(await admin.read(`${POLICIES}/default`), ['status', 'namespaces'])).toBeGreaterThan(4);
  });

  it('is loosened by an annotation of the namespace, and tightened again when that expires, without any event', async () => {
    const expires = new Date(Math.floor(Date.now() / 1000) * 1000 + 4000).toISOString().replace('.000Z', 'Z');
    const annotations = { 'probewise.dev/mode': 'Warn', 'probewise.dev/expires': expires };
    expect((await patch('/api/v1/namespaces/shop', { metadata: { annotations } })).status).toBe(200);
    await until('the request to be admitted', async () => (await tryBad('shop')).status === 201);
    await until('the request to be denied again', async () => (await tryBad('shop')).status === 403, 70);
  }, 90_000);

  it('warns whoever writes a Namespace with annotations that cannot be used, and denies it never', async () => {
    const annotations = { 'probewise.dev/mode': 'Wran', 'rule.probewise.dev/liveness-dependancy': 'Off' };
    const { status, warnings } = await patch('/api/v1/namespaces/bank', { metadata: { annotations } });
    expect(status).toBe(200);
    expect(warnings.join('\n')).toContain('Audit, Warn or Enforce');
    expect(warnings.join('\n')).toContain('Did you mean "rule.probewise.dev/liveness-dependency"?');
    expect((await patch('/api/v1/namespaces/bank', { metadata: { labels: { team: 'red' } } })).warnings).not.toEqual([]);
    expect((await patch('/api/v1/namespaces/bank', { metadata: { finalizers: ['x.example/y'] } })).warnings).toEqual([]);
    await patch('/api/v1/namespaces/bank', { metadata: { annotations: null, finalizers: null } });
  });

  it('is explained by probewise explain namespace', async () => {
    await patch('/api/v1/namespaces/bank', { metadata: { annotations: { 'rule.probewise.dev/liveness-dependency': 'Info' } } });
    const kubeconfig = access === null ? '' : access.adminKubeconfig;
    const { code, stdout } = await cli(['explain', 'namespace', 'bank', '--kubeconfig', kubeconfig]);
    expect(code).toBe(0);
    expect(stdout).toContain('ClusterProbePolicy default (priority 0) applies.');
    expect(stdout).toMatch(/mode +Enforce +policy default\n/);
    expect(stdout).toMatch(/rules\.liveness-dependency +Info +annotation rule\.probewise\.dev\/liveness-dependency\n/);
    expect(await cli(['explain', 'namespace', 'nowhere', '--kubeconfig', kubeconfig])).toMatchObject({
      code: 2,
      stderr: 'error: There is no namespace "nowhere" in this cluster.\n',
    });
    await patch('/api/v1/namespaces/bank', { metadata: { annotations: null } });
  });

  it('lets the policy of the higher priority win where its selector matches, and tells of a tie', async () => {
    await policy('bank', { mode: 'Warn', priority: 10, namespaceSelector: { matchLabels: { team: 'red' } } });
    await until('the bank to be admitted', async () => (await tryBad('bank')).status === 201);
    expect((await tryBad('shop')).status).toBe(403);
    await policy('bank', { mode: 'Warn', priority: 0, namespaceSelector: { matchLabels: { team: 'red' } } });
    await until('the conflict', async () => (await conditions('default')).get('Conflicting') === 'True');
    expect((await conditions('bank')).get('Conflicting')).toBe('True');
    await admin.request('DELETE', `${POLICIES}/bank`);
    await until('the end of the conflict', async () => (await conditions('default')).get('Conflicting') === 'False');
  });

  it('judges a namespace that was made a moment ago by what it says', async () => {
    for (let index = 0; index < 5; index++) {
      const name = `fresh-${index}`;
      const metadata = { name, annotations: { 'probewise.dev/mode': 'Warn' } };
      await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata });
      expect((await tryBad(name)).status).toBe(201);
    }
  });

  it('admits a rollback to a template that ran before, with a warning', async () => {
    await policy('default', { mode: 'Warn' });
    await until('the bad one to be admitted', async () => (await tryBad('shop')).status === 201);
    const path = '/apis/apps/v1/namespaces/shop/deployments';
    expect((await admin.request('POST', path, deployment('web', BAD))).status).toBe(201);
    const sets = '/apis/apps/v1/namespaces/shop/replicasets';
    await until('its ReplicaSet', async () => list(property(await admin.read(sets), 'items')).length === 1);
    const template = valueAt(await admin.read(`${path}/web`), ['spec', 'template']);
    const good = property(deployment('web', podSpec({ livenessProbe: { tcpSocket: { port: 8080 } } })), 'spec');
    expect((await patch(`${path}/web`, { spec: { template: { spec: null } } })).status).toBe(422);
    expect((await admin.request('PUT', `${path}/web`, { ...deployment('web', BAD), spec: good })).status).toBe(200);
    await until('the second ReplicaSet', async () => list(property(await admin.read(sets), 'items')).length === 2);
    await policy('default', { mode: 'Enforce' });
    await until('enforcement', async () => (await tryBad('shop')).status === 403);
    const back = await admin.request('PUT', `${path}/web`, { ...deployment('web', BAD), spec: { ...Object(good), template } });
    expect(back.status).toBe(200);
    expect(back.warnings.join('\n')).toContain('this template already ran here');
    await admin.request('PUT', `${path}/web`, { ...deployment('web', BAD), spec: good });
    const other = podSpec({ livenessProbe: { exec: { command: ['pg_isready', '-h', 'another-db'] } } });
    expect((await admin.request('PUT', `${path}/web`, deployment('web', other))).status).toBe(403);
  });

  it('puts back a caBundle that somebody takes away, and one that is wrong', async () => {
    const right = await bundle(VALIDATING);
    const remove = [{ op: 'remove', path: '/webhooks/0/clientConfig/caBundle' }];
    expect((await admin.request('PATCH', VALIDATING, remove, 'application/json-patch+json')).status).toBe(200);
    await until('the caBundle', async () => (await bundle(VALIDATING)) === right, 5);
    await register();
    await until('both caBundles', async () => (await bundle(VALIDATING)) === right && (await bundle(MUTATING)) === right, 5);
    await until('a denial', async () => (await tryBad('shop')).status === 403);
  });

  it('has a second replica that serves with the same certificate and does not lead', async () => {
    const second = await start();
    await until('the second replica', () => second.ready());
    expect(await servedSerial(second.port)).toBe(await servedSerial(one().port));
    expect(await second.metric(/^probewise_leader \d/m)).toBe('probewise_leader 0');
    expect(await second.metric(/^probewise_enforcing\{.*/m)).toBeUndefined();
  });

  it('rotates its authority under load: no request fails, and none is admitted unchecked', async () => {
    const before = await servedSerial(one().port);
    const load = new AbortController();
    let requests = 0;
    const wrong: number[] = [];
    const send = async (): Promise<void> => {
      while (!load.signal.aborted) {
        const { status } = await tryBad('shop');
        requests++;
        if (status !== 403) wrong.push(status);
      }
    };
    const running = [send(), send(), send(), send()];
    await patch(SECRET, { metadata: { annotations: { 'probewise.dev/rotate': 'authority' } } });
    await until('another certificate in both replicas', async () => {
      const served = await Promise.all(replicas.map(({ port }) => servedSerial(port)));
      return served.every((serial) => serial !== before && serial === served[0]);
    });
    const seen = requests;
    await until('more requests with the new certificate', async () => requests > seen + 50);
    load.abort();
    await Promise.all(running);
    expect(wrong).toEqual([]);
    expect(requests).toBeGreaterThan(100);
    expect(valueAt(await admin.read(SECRET), ['metadata', 'annotations', 'probewise.dev/rotate'])).toBeUndefined();
  }, 60_000);

  it('makes a Secret that was deleted anew', async () => {
    const before = await servedSerial(one().port);
    await admin.request('DELETE', SECRET);
    await until('another certificate', async () => (await servedSerial(one().port)) !== before);
    await until('a denial', async () => (await tryBad('shop')).status === 403);
  });

  it('hands the leadership over when the leader goes in good order, within seconds, and enforces meanwhile', async () => {
    const [leader, other] = replicas;
    if (leader === undefined || other === undefined) throw new Error('two replicas are needed');
    replicas = [other];
    await leader.stop();
    await until('the other one to lead', async () => (await other.metric(/^probewise_leader 1/m)) !== undefined, 10);
    expect((await tryBad('shop')).status).toBe(403);
    await until(
      'the canary',
      async () => (await other.metric(/^probewise_enforcing\{webhook="validate"\} 1/m)) !== undefined,
      60,
    );
  });

  it('takes the lease over from a leader that was killed, once it has ended', async () => {
    const [leader] = replicas;
    if (leader === undefined) throw new Error('a replica is needed');
    const next = await start();
    await until('the next replica', () => next.ready());
    replicas = [next];
    await leader.kill();
    const killed = Date.now();
    await until('the next one to lead', async () => (await next.metric(/^probewise_leader 1/m)) !== undefined, 30);
    expect(Date.now() - killed).toBeGreaterThan(8000);
    expect((await tryBad('shop')).status).toBe(403);
  }, 60_000);

  it('says within two minutes that nobody calls it any more, when the configuration is deleted, and when it is back', async () => {
    await until(
      'the canary',
      async () => (await one().metric(/^probewise_enforcing\{webhook="validate"\} 1/m)) !== undefined,
      60,
    );
    await admin.request('DELETE', VALIDATING);
    await until(
      'the metric',
      async () => (await one().metric(/^probewise_enforcing\{webhook="validate"\} 0/m)) !== undefined,
      110,
    );
    await until('the condition', async () => (await conditions('default')).get('Enforcing') === 'False');
    await register();
    await until(
      'the metric to come back',
      async () => (await one().metric(/^probewise_enforcing\{webhook="validate"\} 1/m)) !== undefined,
      60,
    );
  }, 240_000);
});
