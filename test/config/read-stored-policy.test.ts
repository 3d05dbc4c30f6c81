import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readStoredPolicy } from '../../src/config/read-stored-policy.ts';
import { FULL_POLICY, policyWith } from './policies.ts';

const stored = (spec: string) => readStoredPolicy(parse(policyWith(spec)));

describe('a policy that the API server has taken', () => {
  it('is read whole where all is known', () => {
    const { policy, problems } = readStoredPolicy(parse(FULL_POLICY));
    expect(policy?.name).toBe('full');
    expect(problems).toEqual([]);
  });

  it('stays in force without what a later release has added', () => {
    const { policy, problems } = stored(`
      mode: Enforce, news: { a: 1 }, thresholds: { livenessTimeoutSeconds: 7, newFloorSeconds: 9 },
      rules: [{ name: new-rule, severity: Info }, { name: startup-missing, fix: Never }, { name: newer-rule, fix: Never }],
      exemptions: [{ names: [a], namespaceLabels: [b], reason: x }, { rules: [new-rule], reason: y }, { names: [c], reason: z }],
      endpoints: [{ path: /a, method: HEAD, verdict: Process }, { path: /b, verdict: Novel }, { path: /c, verdict: Process }]`);
    expect(policy).toMatchObject({
      mode: 'Enforce',
      thresholds: { livenessTimeoutSeconds: 7 },
      rules: [{ name: 'startup-missing' }],
      exemptions: [{ names: ['c'] }],
      endpoints: [{ path: '/c' }],
    });
    expect(problems).toHaveLength(8);
    expect(problems).toContain('left out: spec.rules[0].name: this is not a rule; `probewise rules` lists them');
  });

  it.each([
    'mode: Novel',
    'namespaceSelector: { matchFields: { a: b } }',
    'overrides: Some',
    'thresholds: { startupBudgetSeconds: 0 }',
  ])('is refused where leaving something out could loosen it: %s', (spec) => {
    const { policy, problems } = stored(spec);
    expect(policy).toBeUndefined();
    expect(problems).toHaveLength(1);
  });

  it('is refused where it is no policy at all', () => {
    for (const value of [null, 'x', [], {}, { spec: {} }]) expect(readStoredPolicy(value).policy).toBeUndefined();
  });
});
