import { describe, expect, it } from 'vitest';
import { type KnownPolicy, watchPolicies } from '../../src/kube/policies.ts';
import { policyStatuses } from '../../src/kube/policy-status.ts';
import { FakeClock, settle } from './support/clockwork.ts';
import { FakeApi } from './support/fake-api.ts';

const PATH = '/apis/probewise.dev/v1alpha1/clusterprobepolicies';
const NOW = Date.parse('2027-01-01T00:00:00Z');

const object = (name: string, spec: unknown, creationTimestamp = '2026-01-01T00:00:00Z') => ({
  apiVersion: 'probewise.dev/v1alpha1',
  kind: 'ClusterProbePolicy',
  metadata: { name, creationTimestamp },
  spec,
});

async function start() {
  const api = new FakeApi();
  const invalid: KnownPolicy[] = [];
  let changes = 0;
  const policies = watchPolicies({
    api,
    clockwork: new FakeClock(),
    changed: () => (changes += 1),
    failed: () => undefined,
    invalid: (known) => invalid.push(known),
  });
  await settle();
  const put = (name: string, spec: unknown, created?: string) => api.put(`${PATH}/${name}`, object(name, spec, created));
  return { api, policies, invalid, put, changes: () => changes };
}

describe('watchPolicies', () => {
  it('has the policies in force', async () => {
    const { policies, put } = await start();
    put('default', { mode: 'Enforce' });
    expect(policies.inForce()).toMatchObject([
      { name: 'default', mode: 'Enforce', createdAt: Date.parse('2026-01-01T00:00:00Z') },
    ]);
    await policies.stop();
  });

  it('keeps the last good version of a policy in force while what is stored cannot be read', async () => {
    const { policies, put, invalid } = await start();
    put('default', { mode: 'Enforce' });
    put('default', { mode: 'Enforced' });
    expect(policies.inForce()).toMatchObject([{ mode: 'Enforce' }]);
    expect(invalid).toHaveLength(1);
    expect(invalid[0]).toMatchObject({ current: false });
    expect(invalid[0]?.problems.join()).toContain('Enforced');
    put('default', { mode: 'Warn' });
    expect(policies.inForce()).toMatchObject([{ mode: 'Warn' }]);
    await policies.stop();
  });

  it('has no policy where it was never readable, and forgets one that is deleted', async () => {
    const { api, policies, put, invalid } = await start();
    put('broken', { mode: 'Enforced' });
    expect(policies.inForce()).toEqual([]);
    put('default', {});
    api.remove(`${PATH}/default`);
    expect(policies.inForce()).toEqual([]);
    put('default', { mode: 1 });
    expect(policies.inForce()).toEqual([]);
    expect(invalid).toHaveLength(2);
    await policies.stop();
  });

  it('leaves the list as it is where only a status was written', async () => {
    const { api, policies, put } = await start();
    const stored = put('default', { mode: 'Warn' });
    const before = policies.inForce();
    api.put(`${PATH}/default`, { ...stored, status: { namespaces: 3 } });
    expect(policies.inForce()).toBe(before);
    expect([...policies.known()][0]?.status).toEqual({ namespaces: 3 });
    await policies.stop();
  });
});

describe('policyStatuses', () => {
  const say = async (specs: Record<string, readonly [spec: unknown, created?: string]>) => {
    const { policies, put } = await start();
    for (const [name, [spec, created]] of Object.entries(specs)) put(name, spec, created);
    const known = [...policies.known()];
    await policies.stop();
    const namespaces = [
      { name: 'a', labels: { team: 'red' }, annotations: {} },
      { name: 'b', labels: {}, annotations: {} },
    ];
    return policyStatuses({ known, namespaces, enforcing: 'no-canary', now: NOW });
  };
  const condition = (statuses: Awaited<ReturnType<typeof say>>, name: string, type: string) =>
    statuses.get(name)?.conditions?.find((one) => one.type === type);

  it('counts the namespaces that a policy wins', async () => {
    const statuses = await say({
      default: [{}],
      red: [{ priority: 1, namespaceSelector: { matchLabels: { team: 'red' } } }],
    });
    expect(statuses.get('default')).toMatchObject({ namespaces: 1, observedGeneration: 1, ruleset: '0.1' });
    expect(statuses.get('red')).toMatchObject({ namespaces: 1 });
    expect(condition(statuses, 'red', 'Accepted')).toMatchObject({ status: 'True', lastTransitionTime: '2027-01-01T00:00:00Z' });
    expect(condition(statuses, 'red', 'Conflicting')).toMatchObject({ status: 'False' });
  });

  it('tells both of a tie who wins', async () => {
    const statuses = await say({ young: [{}, '2026-06-01T00:00:00Z'], old: [{}, '2026-05-01T00:00:00Z'] });
    for (const name of ['young', 'old']) {
      expect(condition(statuses, name, 'Conflicting')).toMatchObject({ status: 'True', reason: 'SamePriority' });
      expect(condition(statuses, name, 'Conflicting')?.message).toContain('"old"');
    }
  });

  it('says what cannot be read', async () => {
    const statuses = await say({ broken: [{ mode: 'Enforced' }] });
    expect(condition(statuses, 'broken', 'Accepted')).toMatchObject({ status: 'False', reason: 'Invalid' });
    expect(condition(statuses, 'broken', 'Accepted')?.message).toContain('Enforced');
  });

  it('dates a condition by the last change of its status', async () => {
    const { api, policies, put } = await start();
    const stored = put('default', {});
    const since = '2026-12-01T00:00:00Z';
    const accepted = { type: 'Accepted', status: 'True', reason: 'Valid', message: 'x', lastTransitionTime: since };
    const enforcing = { ...accepted, type: 'Enforcing' };
    api.put(`${PATH}/default`, { ...stored, status: { conditions: [accepted, enforcing] } });
    const known = [...policies.known()];
    await policies.stop();
    const unknown = policyStatuses({ known, namespaces: [], enforcing: 'unknown', now: NOW });
    expect(condition(unknown, 'default', 'Accepted')).toMatchObject({
      message: 'The policy is in force.',
      lastTransitionTime: since,
    });
    expect(condition(unknown, 'default', 'Enforcing')).toMatchObject({ status: 'True', lastTransitionTime: since });
    const silent = policyStatuses({ known, namespaces: [], enforcing: { enforcing: false, reason: 'Nobody calls.' }, now: NOW });
    expect(condition(silent, 'default', 'Enforcing')).toMatchObject({
      status: 'False',
      message: 'Nobody calls.',
      lastTransitionTime: '2027-01-01T00:00:00Z',
    });
    expect(
      condition(policyStatuses({ known, namespaces: [], enforcing: 'no-canary', now: NOW }), 'default', 'Enforcing'),
    ).toBeUndefined();
  });
});
