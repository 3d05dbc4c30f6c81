import { describe, expect, it } from 'vitest';
import { createAdmit } from '../../src/admission/admit.ts';
import { CONTROLLER_ACCOUNTS } from '../../src/admission/controllers.ts';
import { evaluate } from '../../src/engine.ts';
import { startCluster } from '../../src/kube/cluster-state.ts';
import { deployment } from '../fixtures/workload.ts';
import { review } from '../fixtures/review.ts';
import { FakeClock } from '../kube/support/clockwork.ts';
import { FakeApi } from '../kube/support/fake-api.ts';

const POLICIES = '/apis/probewise.dev/v1alpha1/clusterprobepolicies';
const NAMESPACE = '/api/v1/namespaces/default';

async function startedCluster() {
  const api = new FakeApi();
  api.put(`${POLICIES}/default`, {
    apiVersion: 'probewise.dev/v1alpha1',
    kind: 'ClusterProbePolicy',
    metadata: { name: 'default' },
    spec: { mode: 'Enforce', patch: 'Auto' },
  });
  api.put(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  const clock = new FakeClock();
  const nothing = (): void => undefined;
  const cluster = startCluster({
    api,
    namespace: 'home',
    leaseName: 'probewise',
    identity: 'one',
    clockwork: clock,
    report: {
      failed: nothing,
      policiesChanged: nothing,
      policyInvalid: nothing,
      leading: nothing,
      certificateChanged: nothing,
      certificateStep: nothing,
      bundleRestored: nothing,
      canary: nothing,
    },
  });
  await clock.pass(1);
  const admit = createAdmit({
    evaluate,
    kinds: () => cluster.kinds(),
    policyFor: (namespace) => cluster.policyFor(namespace),
    controllers: CONTROLLER_ACCOUNTS,
    cluster: cluster.beforeDenial,
  });
  return { api, cluster, admit };
}

const DEPENDENCY = { exec: { command: ['pg_isready', '-h', 'db'] } };

const deploymentWith = (livenessProbe: object) =>
  deployment(
    { containers: [{ name: 'app', image: 'example/app:1', livenessProbe }] },
    { name: 'shop', namespace: 'default', uid: 'shop-1' },
    { selector: { matchLabels: { app: 'shop' } } },
  );

const asking = (livenessProbe: object) => review({ object: deploymentWith(livenessProbe) });

describe('calls to the API server', () => {
  it('are one list and one watch each of policies and namespaces at the start', async () => {
    const { api, cluster } = await startedCluster();
    const reads = api.calls.filter(({ verb }) => verb === 'list' || verb === 'watch').map(({ verb, path }) => `${verb} ${path}`);
    expect(reads.toSorted()).toEqual([
      'list /api/v1/namespaces',
      `list ${POLICIES}`,
      'watch /api/v1/namespaces',
      `watch ${POLICIES}`,
    ]);
    await cluster.stop();
  });

  it('are none for what is admitted, patched or warned about', async () => {
    const { api, cluster, admit } = await startedCluster();
    const before = api.calls.length;
    for (const door of ['mutate', 'validate'] as const) {
      const answer = await admit(door, asking({ tcpSocket: { port: 8080 } }));
      expect('record' in answer && answer.record.decision).toBe(door === 'mutate' ? 'patched' : 'allowed');
      await admit(door, asking({ httpGet: { path: '/disk', port: 'nobody' } }));
    }
    expect(api.calls.slice(before)).toEqual([]);
    await cluster.stop();
  });

  it('are one before a denial: did this template run here before?', async () => {
    const { api, cluster, admit } = await startedCluster();
    const before = api.calls.length;
    const oldObject = deploymentWith({ tcpSocket: { port: 8080 } });
    const answer = await admit('validate', review({ object: deploymentWith(DEPENDENCY), oldObject }));
    expect('record' in answer && answer.record.decision).toBe('denied');
    expect(api.calls.slice(before).map(({ verb, path }) => `${verb} ${path}`)).toEqual([
      'list /apis/apps/v1/namespaces/default/replicasets',
    ]);
    await cluster.stop();
  });
});
