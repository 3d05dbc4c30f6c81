import { describe, expect, it } from 'vitest';
import { BUILT_IN_POLICY, type Policy } from '../../src/core/policy.ts';
import type { NamespaceFacts } from '../../src/core/resolve.ts';
import { policyState } from '../../src/kube/policy-state.ts';

const START = Date.parse('2027-01-01T00:00:00Z');
const enforce: Policy = { ...BUILT_IN_POLICY, name: 'default', mode: 'Enforce' };
const facts = (name: string, annotations: Record<string, string> = {}): NamespaceFacts => ({ name, labels: {}, annotations });

function start() {
  let now = START;
  let policies: readonly Policy[] = [enforce];
  const namespaces = new Map<string, NamespaceFacts>();
  const state = policyState({ policies: () => policies, namespaces, now: () => now, canaryNamespace: 'canary' });
  return {
    state,
    namespaces,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    use: (next: readonly Policy[]) => {
      policies = next;
    },
    mode: (namespace: string) => state.policyFor(namespace).policy.mode,
  };
}

describe('policyFor', () => {
  it('remembers what it resolved, until the namespace, the policies or the minute are others', () => {
    const { state, namespaces, pass, use } = start();
    namespaces.set('shop', facts('shop'));
    const first = state.policyFor('shop');
    expect(state.policyFor('shop')).toBe(first);
    namespaces.set('shop', facts('shop', { 'probewise.dev/mode': 'Warn' }));
    const second = state.policyFor('shop');
    expect(second.policy.mode).toBe('Warn');
    use([{ ...enforce, overrides: 'None' }]);
    expect(state.policyFor('shop').policy.mode).toBe('Enforce');
    pass(60);
    expect(state.policyFor('shop')).not.toBe(second);
  });

  it('ends an override at its minute, without any event', () => {
    const { namespaces, pass, mode } = start();
    namespaces.set('shop', facts('shop', { 'probewise.dev/mode': 'Warn', 'probewise.dev/expires': '2027-01-01T00:02:00Z' }));
    expect(mode('shop')).toBe('Warn');
    pass(119);
    expect(mode('shop')).toBe('Warn');
    pass(1);
    expect(mode('shop')).toBe('Enforce');
  });

  it('says of a namespace that it does not know that it has not seen it', () => {
    const { state, namespaces } = start();
    expect(state.policyFor('new')).toMatchObject({ seen: false, policy: { mode: 'Enforce' } });
    namespaces.set('new', facts('new'));
    expect(state.policyFor('new')).toMatchObject({ seen: true });
  });

  it('answers the canary in one way, whatever the policies and its namespace say', () => {
    const { state, namespaces, use } = start();
    use([{ ...enforce, mode: 'Audit', patch: 'Never', rules: [{ name: 'liveness-dependency', severity: 'Off' }] }]);
    namespaces.set('canary', facts('canary', { 'probewise.dev/mode': 'Audit' }));
    expect(state.policyFor('canary').policy).toMatchObject({ policy: 'canary', mode: 'Enforce', patch: 'Auto' });
    expect(state.policyFor('canary').policy.rules.size).toBe(0);
    expect(state.policyFor('canary-2').policy.mode).toBe('Audit');
  });

  it('does not keep what was resolved for thousands of namespaces, and is right for each', () => {
    const { namespaces, mode } = start();
    for (let index = 0; index < 2000; index++) {
      namespaces.set(`n${index}`, facts(`n${index}`, index % 2 === 0 ? { 'probewise.dev/mode': 'Warn' } : {}));
    }
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 2000; index++) expect(mode(`n${index}`)).toBe(index % 2 === 0 ? 'Warn' : 'Enforce');
    }
  });
});

describe('kinds', () => {
  it('adds those of the policies', () => {
    const { state, use } = start();
    const before = state.kinds();
    expect(state.kinds()).toBe(before);
    use([{ ...enforce, workloads: [{ group: 'acme.example', kind: 'App', podSpecPath: ['spec', 'pod'] }] }]);
    expect(state.kinds()).toContainEqual({ group: 'acme.example', kind: 'App', podSpecs: [['spec', 'pod']] });
  });
});
