import { expect, it } from 'vitest';
import { list, property, text, valueAt } from '../../src/core/json.ts';
import { collectionPath, messageOf } from './harness/api-client.ts';
import { describeOnCluster, ENFORCE } from './harness/cluster.ts';
import {
  ASKS_DATABASE,
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
import { annotation, probesIn, templateSpec } from './harness/probes.ts';
import { until } from './harness/until.ts';

const MAKERS = [
  ['Pod', pod],
  ['Deployment', deployment],
  ['StatefulSet', statefulSet],
  ['DaemonSet', daemonSet],
  ['ReplicaSet', replicaSet],
  ['ReplicationController', replicationController],
  ['Job', job],
  ['CronJob', cronJob],
] as const;

/** Where the pod spec is in what is stored. */
function storedSpec(object: unknown): unknown {
  const kind = property(object, 'kind');
  if (kind === 'Pod') return property(object, 'spec');
  return kind === 'CronJob' ? valueAt(object, ['spec', 'jobTemplate', 'spec', 'template', 'spec']) : templateSpec(object);
}

const sidecar = (livenessProbe: typeof LIVE) => ({ ...container({ livenessProbe }, 'sidecar'), restartPolicy: 'Always' });

const PATIENT = { timeoutSeconds: 5, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

describeOnCluster('Every kind of workload', ENFORCE, (cluster) => {
  const post = (object: unknown) => cluster().developer.request('POST', collectionPath(object), object);

  it.each(MAKERS)('patches a %s whose liveness probe is too tight', async (kind, make) => {
    const namespace = await cluster().namespace();
    const { status, body } = await post(inNamespace(make('app', podSpec({ livenessProbe: LIVE })), namespace));
    expect(status).toBe(201);
    const [probes] = probesIn(storedSpec(body));
    expect(property(probes, 'livenessProbe')).toMatchObject({ timeoutSeconds: 5 });
    // Where pods run to completion nothing waits for them: the boot is given by the delay.
    if (kind === 'Job' || kind === 'CronJob') {
      expect(probes).not.toHaveProperty('startupProbe');
      expect(valueAt(probes, ['livenessProbe', 'initialDelaySeconds'])).toBeGreaterThanOrEqual(200);
    } else expect(property(probes, 'startupProbe')).toMatchObject({ periodSeconds: 2, httpGet: { path: '/livez' } });
    expect(annotation(body, 'probewise.dev/patched')).toContain('livenessProbe');
  });

  it.each(MAKERS)('denies a %s whose liveness probe asks a database, and leaves no trace', async (_kind, make) => {
    const namespace = await cluster().namespace();
    const object = inNamespace(make('app', podSpec({ livenessProbe: ASKS_DATABASE })), namespace);
    const { status, body } = await post(object);
    expect(status).toBe(403);
    expect(messageOf(body)).toContain('liveness-dependency');
    expect(list(property(await cluster().admin.read(collectionPath(object)), 'items'))).toEqual([]);
  });

  it('judges a sidecar, and gives it no startupProbe, which would hold back the containers after it', async () => {
    const namespace = await cluster().namespace();
    const good = podSpec({}, { initContainers: [sidecar(LIVE)] });
    const { status, body } = await post(inNamespace(deployment('good', good), namespace));
    expect(status).toBe(201);
    const [probes] = probesIn(templateSpec(body));
    expect(probes).toEqual({ livenessProbe: expect.objectContaining({ timeoutSeconds: 5 }) });
    expect(valueAt(probes, ['livenessProbe', 'initialDelaySeconds'])).toBeGreaterThan(0);
    const bad = await post(inNamespace(deployment('bad', podSpec({}, { initContainers: [sidecar(ASKS_DATABASE)] })), namespace));
    expect(bad.status).toBe(403);
    expect(messageOf(bad.body)).toContain('sidecar "sidecar": livenessProbe');
  });

  it('leaves an init container alone and patches the app beside it', async () => {
    const namespace = await cluster().namespace();
    const spec = podSpec({ livenessProbe: LIVE }, { initContainers: [{ name: 'prepare', image: 'example/prepare:1' }] });
    const { status, body } = await post(inNamespace(deployment('app', spec), namespace));
    expect(status).toBe(201);
    expect(probesIn(templateSpec(body))).toEqual([
      {},
      { livenessProbe: expect.objectContaining(PATIENT), startupProbe: expect.objectContaining({ periodSeconds: 2 }) },
    ]);
  });

  it('denies a bare Pod with a forged controller reference', async () => {
    const namespace = await cluster().namespace();
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'forged', uid: 'b5b6b7b8-0000-4000-8000-000000000000' };
    const forged = { ownerReferences: [{ ...owner, controller: true }] };
    const { status, body } = await post(inNamespace(pod('bare', podSpec({ livenessProbe: ASKS_DATABASE }), forged), namespace));
    expect(status).toBe(403);
    expect(messageOf(body)).toContain('liveness-dependency');
  });

  it('denies a Pod that says that it is a mirror pod', async () => {
    const namespace = await cluster().namespace();
    const disguise = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    const spec = podSpec({ livenessProbe: ASKS_DATABASE }, { nodeName: 'node1', automountServiceAccountToken: false });
    const { body } = await post(inNamespace(pod('mirror', spec, disguise), namespace));
    expect(messageOf(body)).toContain('liveness-dependency');
  });

  it('edits a suspended Job without a denial or a change of its probes', async () => {
    const namespace = await cluster().namespace();
    const kubectl = cluster().kubectl(namespace);
    const paused = inNamespace(job('paused', podSpec({ livenessProbe: ASKS_DATABASE }), { suspend: true }), namespace);
    await cluster().withoutProbewise(() => cluster().admin.create(paused));
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs/paused`;
    const before = await cluster().admin.read(path);
    const queue = '{"spec":{"template":{"metadata":{"labels":{"queue":"slow"}}}}}';
    const { code, stderr } = await kubectl(['patch', 'job', 'paused', '--type=merge', '-p', queue]);
    expect(stderr).not.toContain('denied');
    expect(code).toBe(0);
    const resumed = await kubectl(['patch', 'job', 'paused', '--type=merge', '-p', '{"spec":{"suspend":false}}']);
    expect(resumed.code).toBe(0);
    expect(probesIn(templateSpec(await cluster().admin.read(path)))).toEqual(probesIn(templateSpec(before)));
  });
});

describeOnCluster('What controllers make', ENFORCE, (cluster) => {
  it('admits a Pod of the real ReplicaSet controller and a Job of the real CronJob controller, and never denies them', async () => {
    const namespace = await cluster().namespace();
    const bad = podSpec({ livenessProbe: ASKS_DATABASE });
    await cluster().withoutProbewise(async () => {
      // Their controllers act a moment later, when the webhook is there again.
      await cluster().admin.create(inNamespace(replicaSet('old', bad), namespace));
      await cluster().admin.create(inNamespace(cronJob('minutely', bad, '* * * * *'), namespace));
    });
    await cluster().kubectl(namespace)(['scale', 'replicaset', 'old', '--replicas=2']);

    const items = async (path: string): Promise<readonly unknown[]> => list(property(await cluster().admin.read(path), 'items'));
    const pods = await until('two Pods of the ReplicaSet', async () => {
      const found = await items(`/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dold`);
      return found.length === 2 && found;
    });
    for (const made of pods) {
      // Never denied, but made patient: 150 s of tolerance, and the rest of the boot by the delay.
      const [probes] = probesIn(property(made, 'spec'));
      expect(property(probes, 'livenessProbe')).toMatchObject({
        timeoutSeconds: 5,
        failureThreshold: 16,
        initialDelaySeconds: 140,
      });
    }
    const [made] = await until(
      'a Job of the CronJob',
      async () => {
        const found = await items(`/apis/batch/v1/namespaces/${namespace}/jobs`);
        return found.length > 0 && found;
      },
      90,
    );
    expect(text(valueAt(made, ['metadata', 'ownerReferences', 0, 'kind']))).toBe('CronJob');
    const [jobPod] = await until('its Pod', async () => {
      const found = await items(`/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dminutely`);
      return found.length > 0 && found;
    });
    expect(property(probesIn(property(jobPod, 'spec'))[0], 'livenessProbe')).toMatchObject({ timeoutSeconds: 5 });
    // The controllers say so where they are refused.
    const events = await items(`/api/v1/namespaces/${namespace}/events`);
    expect(events.map((event) => text(property(event, 'reason'))).filter((reason) => reason?.startsWith('Failed'))).toEqual([]);
  });
});
