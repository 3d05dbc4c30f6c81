import { describe, expect, it } from 'vitest';
import { startCluster } from '../../src/kube/cluster-state.ts';
import { KubeError } from '../../src/kube/error.ts';
import { FakeClock, settle } from './support/clockwork.ts';
import { FakeApi } from './support/fake-api.ts';

const POLICIES = '/apis/probewise.dev/v1alpha1/clusterprobepolicies';
const SHOP = '/api/v1/namespaces/shop';

const policy = (name: string, spec: unknown) => ({
  apiVersion: 'probewise.dev/v1alpha1',
  kind: 'ClusterProbePolicy',
  metadata: { name },
  spec,
});

function start(api: FakeApi) {
  const clock = new FakeClock();
  const told: string[] = [];
  const state = startCluster({
    api,
    namespace: 'home',
    leaseName: 'probewise',
    identity: 'one',
    clockwork: clock,
    report: {
      failed: (task, sentence) => told.push(`${task}: ${sentence}`),
      policiesChanged: (names) => told.push(`policies ${names.join()}`),
      policyInvalid: ({ name }) => told.push(`invalid ${name}`),
      leading: (leading) => told.push(leading ? 'leading' : 'not leading'),
      certificateChanged: () => told.push('certificate'),
      certificateStep: (step) => told.push(step),
      bundleRestored: (kind) => told.push(kind),
      canary: () => told.push('canary'),
    },
  });
  return { clock, state, told };
}

describe('startCluster', () => {
  it('is ready once policies and namespaces were both read, and not before', async () => {
    const api = new FakeApi();
    const blocked = new Set(['policies', 'namespaces']);
    api.intercept = ({ path }) => {
      const what = path === POLICIES ? 'policies' : path === '/api/v1/namespaces' ? 'namespaces' : '';
      if (blocked.has(what)) throw new KubeError('unreachable', 'away');
    };
    const { state, clock } = start(api);
    await clock.pass(1);
    expect(state.notReady()).toBe('The ClusterProbePolicies have not been read yet.');
    blocked.delete('policies');
    await clock.pass(11, 1);
    expect(state.notReady()).toBe('The namespaces have not been read yet.');
    blocked.delete('namespaces');
    await clock.pass(11, 1);
    expect(state.notReady()).toBeUndefined();
    await state.stop();
  });

  it('stays ready, and decides by what it knew, while the API server is away', async () => {
    const api = new FakeApi();
    api.put(`${POLICIES}/default`, policy('default', { mode: 'Enforce' }));
    api.put(SHOP, { metadata: { name: 'shop', annotations: { 'probewise.dev/mode': 'Audit' } } });
    const { state, clock } = start(api);
    await settle();
    api.intercept = () => {
      throw new KubeError('unreachable', 'away');
    };
    api.cut();
    await clock.pass(600, 5);
    expect(state.notReady()).toBeUndefined();
    expect(state.policyFor('shop').policy).toMatchObject({ policy: 'default', mode: 'Audit' });
    expect(state.policyFor('bank').policy.mode).toBe('Enforce');
    expect(state.figures().policiesAgeSeconds).toBeGreaterThanOrEqual(600);
    await state.stop();
  });

  it('writes the status of a policy once, and again only when it says something else', async () => {
    const api = new FakeApi();
    api.put(`${POLICIES}/default`, policy('default', { mode: 'Enforce' }));
    api.put(SHOP, { metadata: { name: 'shop' } });
    const { state, clock } = start(api);
    const writes = (): number => api.calls.filter(({ verb }) => verb === 'patch').length;
    await clock.pass(300, 1);
    expect(writes()).toBe(1);
    expect(api.objects.get(`${POLICIES}/default`)?.['status']).toMatchObject({ namespaces: 1 });
    api.put('/api/v1/namespaces/bank', { metadata: { name: 'bank' } });
    await clock.pass(300, 1);
    expect(writes()).toBe(2);
    expect(api.objects.get(`${POLICIES}/default`)?.['status']).toMatchObject({ namespaces: 2 });
    await state.stop();
  });

  it('tells what happens, and still answers after it has stopped', async () => {
    const api = new FakeApi();
    api.put(`${POLICIES}/default`, policy('default', { mode: 'Enforce' }));
    const { state, told } = start(api);
    await settle();
    api.put(`${POLICIES}/default`, policy('default', { mode: 'Enforced' }));
    await settle();
    expect(state.figures().policies).toEqual({ accepted: 0, partly: 0, invalid: 1 });
    await state.stop();
    expect(told).toEqual(['policies default', 'leading', 'invalid default', 'not leading']);
    expect(state.policyFor('shop').policy.mode).toBe('Enforce');
    expect(api.watching).toBe(0);
  });
});
