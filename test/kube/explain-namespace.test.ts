import { describe, expect, it } from 'vitest';
import { explainNamespace } from '../../src/kube/explain-namespace.ts';
import { KubeError } from '../../src/kube/error.ts';
import { FakeApi } from './support/fake-api.ts';

const NOW = Date.parse('2027-01-01T00:00:00Z');
const POLICIES = '/apis/probewise.dev/v1alpha1/clusterprobepolicies';

const policy = (name: string, spec: unknown) => ({
  apiVersion: 'probewise.dev/v1alpha1',
  kind: 'ClusterProbePolicy',
  metadata: { name },
  spec,
});

function cluster(): FakeApi {
  const api = new FakeApi();
  const annotations = {
    'probewise.dev/mode': 'Warn',
    'probewise.dev/reason': 'moving house',
    'threshold.probewise.dev/startup-budget-seconds': 'x',
  };
  api.put('/api/v1/namespaces/shop', { metadata: { name: 'shop', labels: { team: 'red' }, annotations } });
  api.put(`${POLICIES}/default`, policy('default', { mode: 'Enforce', thresholds: { livenessTimeoutSeconds: 7 } }));
  api.put(`${POLICIES}/red`, policy('red', { priority: -1, namespaceSelector: { matchLabels: { team: 'red' } } }));
  api.put(`${POLICIES}/blue`, policy('blue', { priority: 9, namespaceSelector: { matchLabels: { team: 'blue' } } }));
  return api;
}

describe('explainNamespace', () => {
  it('says which policy applies, before which others, and where each value comes from', async () => {
    const explained = await explainNamespace(cluster(), 'shop', NOW);
    expect(explained.policy).toBe('default');
    expect(explained.candidates).toEqual([
      { name: 'default', priority: 0 },
      { name: 'red', priority: -1 },
    ]);
    const value = (name: string) => explained.values.find((one) => one.name === name);
    expect(value('mode')).toMatchObject({ value: 'Warn', origin: 'annotation probewise.dev/mode: moving house' });
    expect(value('thresholds.livenessTimeoutSeconds')).toMatchObject({ value: '7', origin: 'policy default' });
    expect(value('thresholds.startupBudgetSeconds')).toMatchObject({ value: '290', origin: 'profile Standard' });
    expect(explained.problems.join()).toContain('startup-budget-seconds');
  });

  it('says that there is no such namespace', async () => {
    await expect(explainNamespace(cluster(), 'nowhere', NOW)).rejects.toThrow('There is no namespace "nowhere" in this cluster.');
  });

  it('explains the built-in policy where the CRD is not installed', async () => {
    const api = cluster();
    api.intercept = ({ path }) => {
      if (path === POLICIES) throw new KubeError('not-found', 'the server could not find the requested resource');
    };
    const explained = await explainNamespace(api, 'shop', NOW);
    expect(explained.policy).toBe('standard');
    expect(explained.problems.join()).toContain('not installed');
  });
});
