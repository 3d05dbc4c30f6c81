import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ApiClient, apiClient, collectionPath } from './harness/api-client.ts';
import { createNamespace } from './harness/cluster.ts';
import {
  container,
  cronJob,
  daemonSet,
  deployment,
  inNamespace,
  job,
  LIVE,
  pod,
  podSpec,
  replicaSet,
  replicationController,
  statefulSet,
} from './harness/manifests.ts';
import { type Call, type RecordingWebhook, startRecordingWebhook } from './harness/recording-webhook.ts';
import { register, tryPod, unregister } from './harness/registration.ts';
import { until } from './harness/until.ts';

const access = inject('controlPlane');

/** Each once: the API server repeats a patch whose object a controller has changed meanwhile. */
const doors = (calls: readonly Call[]): string[] => [...new Set(calls.map(({ path }) => path))].sort();

const updates = (calls: readonly Call[]): Call[] => calls.filter(({ operation }) => operation === 'UPDATE');

describe.skipIf(access === null)('What the API server sends to the webhook', () => {
  let admin: ApiClient;
  let webhook: RecordingWebhook;
  let namespace: string;

  beforeAll(async () => {
    if (access === null) return;
    admin = apiClient(access.adminKubeconfig);
    webhook = await startRecordingWebhook();
    namespace = await createNamespace(admin);
    await register(admin, webhook);
    await until('the API server to call both webhooks', async () => {
      await tryPod(admin, 8080);
      return new Set(webhook.calls.map(({ path }) => path)).size === 2;
    });
  });

  afterAll(async () => {
    if (access === null) return;
    await unregister(admin);
    await webhook.close();
    admin.close();
  });

  /** What was sent about an object of this name, by this test's own requests. */
  const sent = (name: string): Call[] => webhook.calls.filter((call) => call.namespace === namespace && call.name === name);

  async function create(manifest: Parameters<typeof inNamespace>[0]): Promise<string> {
    const object = inNamespace(manifest, namespace);
    await admin.create(object);
    return `${collectionPath(object)}/`;
  }

  const patch = async (path: string, body: unknown): Promise<void> => {
    const { status } = await admin.request('PATCH', path, body, 'application/strategic-merge-patch+json');
    expect(status).toBe(200);
  };

  it.each([
    ['Pod', pod],
    ['Deployment', deployment],
    ['StatefulSet', statefulSet],
    ['DaemonSet', daemonSet],
    ['ReplicaSet', replicaSet],
    ['ReplicationController', replicationController],
    ['Job', job],
    ['CronJob', cronJob],
  ])('sends a %s with a probe to both webhooks when it is made', async (kind, make) => {
    const name = `probed-${kind.toLowerCase()}`;
    await create(make(name, podSpec({ livenessProbe: LIVE })));
    expect(doors(sent(name))).toEqual(['/mutate', '/validate']);
  });

  it('does not send an object without a single probe', async () => {
    await create(pod('bare', podSpec()));
    await create(deployment('bare', podSpec()));
    await create(cronJob('bare', podSpec()));
    expect(sent('bare')).toEqual([]);
  });

  it("sends an object whose only probe is a sidecar's", async () => {
    const sidecar = { ...container({ startupProbe: LIVE }, 'sidecar'), restartPolicy: 'Always' };
    await create(deployment('sidecar', podSpec({}, { initContainers: [sidecar] })));
    expect(doors(sent('sidecar'))).toEqual(['/mutate', '/validate']);
  });

  it('sends an object that we once patched, though its last probe is gone', async () => {
    await create(deployment('marked', podSpec(), { annotations: { 'probewise.dev/patched': '{}' } }));
    expect(doors(sent('marked'))).toEqual(['/mutate', '/validate']);
  });

  it("sends a pod of 200 containers with a large environment: the cost of the conditions stays within the API server's budget", async () => {
    const large = Array.from({ length: 200 }, (_, index) => ({
      ...container(index === 199 ? { livenessProbe: LIVE } : {}, `c${index}`),
      ports: [],
      env: Array.from({ length: 20 }, (_unused, variable) => ({ name: `V${variable}`, value: 'x'.repeat(200) })),
    }));
    const path = await create(deployment('large', { containers: large }));
    expect(doors(sent('large'))).toEqual(['/mutate', '/validate']);
    await patch(`${path}large`, { spec: { template: { metadata: { annotations: { changed: 'yes' } } } } });
    expect(doors(updates(sent('large')))).toEqual(['/mutate', '/validate']);
  });

  it('sends an update of the template, and none of scale, status, labels, annotations or finalizers', async () => {
    const path = `${await create(deployment('quiet', podSpec({ livenessProbe: LIVE })))}quiet`;
    await patch(path, { metadata: { labels: { team: 'shop' } } });
    await patch(path, { metadata: { annotations: { note: 'hello' } } });
    await patch(path, { metadata: { finalizers: ['example.com/wait'] } });
    await patch(path, { metadata: { finalizers: null } });
    await patch(path, { spec: { replicas: 3 } });
    await patch(`${path}/scale`, { spec: { replicas: 2 } });
    await patch(`${path}/status`, { status: { observedGeneration: 1 } });
    expect(updates(sent('quiet'))).toEqual([]);
    await patch(path, { spec: { template: { metadata: { annotations: { restarted: 'now' } } } } });
    expect(doors(updates(sent('quiet')))).toEqual(['/mutate', '/validate']);
  });

  it("sends an update of a CronJob's template, and none of its schedule", async () => {
    const path = `${await create(cronJob('nightly', podSpec({ livenessProbe: LIVE })))}nightly`;
    await patch(path, { spec: { schedule: '5 0 1 1 *' } });
    expect(updates(sent('nightly'))).toEqual([]);
    await patch(path, { spec: { jobTemplate: { spec: { template: { metadata: { labels: { shift: 'night' } } } } } } });
    expect(doors(updates(sent('nightly')))).toEqual(['/mutate', '/validate']);
  });

  it('sends no update of a Pod, and only to validate one of a Job', async () => {
    const pods = await create(pod('edited', podSpec({ livenessProbe: LIVE })));
    await patch(`${pods}edited`, { spec: { containers: [{ name: 'app', image: 'example/app:2' }] } });
    expect(updates(sent('edited'))).toEqual([]);
    const jobs = await create(job('paused', podSpec({ livenessProbe: LIVE }), { suspend: true }));
    await patch(`${jobs}paused`, { spec: { template: { metadata: { labels: { queue: 'slow' } } } } });
    expect(doors(updates(sent('paused')))).toEqual(['/validate']);
  });

  it('asks only mutate about a Pod that a controller makes, and nobody about its ReplicaSet', async () => {
    await create(deployment('made', podSpec({ livenessProbe: LIVE })));
    const made = (kind: string): Call[] =>
      webhook.calls.filter((call) => call.namespace === namespace && call.kind === kind && call.name.startsWith('made-'));
    const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dmade`;
    await until('the Pod', async () => JSON.stringify(await admin.read(path)).includes('"name":"made-'));
    expect(webhook.calls.some((call) => call.kind === 'Pod' && call.path === '/mutate' && call.namespace === namespace)).toBe(
      true,
    );
    expect(made('ReplicaSet')).toEqual([]);
    const validated = webhook.calls.filter((call) => call.kind === 'Pod' && call.path === '/validate');
    expect(validated.map(({ name }) => name).filter((name) => name === '' || name.startsWith('made-'))).toEqual([]);
  });

  it('sends nothing of kube-system', async () => {
    await admin.create(inNamespace(deployment('excluded', podSpec({ livenessProbe: LIVE })), 'kube-system'));
    expect(webhook.calls.filter((call) => call.namespace === 'kube-system')).toEqual([]);
    await admin.request('DELETE', '/apis/apps/v1/namespaces/kube-system/deployments/excluded');
  });
});
