import { describe, expect, it } from 'vitest';
import { BUILT_IN_POLICY, type Policy } from '../../src/core/policy.ts';
import { createPolicyLookup } from '../../src/config/policy-lookup.ts';

const policy = (some: Partial<Policy>): Policy => ({ ...BUILT_IN_POLICY, name: 'p', ...some });

describe('the policy of a namespace without a cluster', () => {
  it('is the built-in one where there is none', () => {
    const { policyFor } = createPolicyLookup([], () => 0);
    expect(policyFor('shop')).toMatchObject({ seen: true, policy: { policy: 'standard', mode: 'Warn' } });
  });

  it('follows the policies at once when they are replaced, with the kinds that they add', () => {
    const lookup = createPolicyLookup([policy({ mode: 'Warn' })], () => 0);
    expect(lookup.policyFor('shop').policy.mode).toBe('Warn');
    const workloads = [{ group: 'example.com', kind: 'Oven', podSpecPath: ['spec', 'pod'] }];
    lookup.use([policy({ mode: 'Enforce', workloads })]);
    expect(lookup.policyFor('shop').policy.mode).toBe('Enforce');
    expect(lookup.kinds().some(({ kind }) => kind === 'Oven')).toBe(true);
  });

  it('is worked out once in a minute, and an exemption is over in the minute of its end', () => {
    let now = Date.parse('2026-06-01T12:00:30Z');
    const expires = Date.parse('2026-06-01T12:01:00Z');
    const lookup = createPolicyLookup([policy({ exemptions: [{ reason: 'r', expires }] })], () => now);
    const before = lookup.policyFor('shop');
    now += 29_000;
    expect(lookup.policyFor('shop')).toBe(before);
    expect(before.policy.exemptions).toHaveLength(1);
    now += 1000;
    expect(lookup.policyFor('shop').policy.exemptions).toHaveLength(0);
  });

  it('selects by the name of the namespace', () => {
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } };
    const { policyFor } = createPolicyLookup([policy({ namespaceSelector })], () => 0);
    expect(policyFor('shop').policy.policy).toBe('p');
    expect(policyFor('bank').policy.policy).toBe('standard');
  });
});
