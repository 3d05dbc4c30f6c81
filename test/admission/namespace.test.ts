import { describe, expect, it } from 'vitest';
import { createAdmit } from '../../src/admission/admit.ts';
import { BUILT_IN_POLICY, type Policy } from '../../src/core/policy.ts';
import { resolve } from '../../src/core/resolve.ts';
import { evaluate } from '../../src/engine.ts';

const NOW = Date.parse('2027-01-01T00:00:00Z');

const namespace = (annotations: Record<string, string>, rest: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', annotations, ...rest },
});

async function write(
  object: unknown,
  oldObject?: unknown,
  policy: Partial<Policy> = {},
  door: 'mutate' | 'validate' = 'validate',
) {
  const inForce = { ...BUILT_IN_POLICY, name: 'default', ...policy };
  const admit = createAdmit({
    evaluate,
    kinds: () => [],
    policyFor: () => {
      throw new Error('a Namespace is judged by what it says itself');
    },
    controllers: [],
    resolveNamespace: (facts) => resolve([inForce], facts, NOW),
  });
  const answer = await admit(door, {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'u',
      kind: { group: '', version: 'v1', kind: 'Namespace' },
      operation: oldObject === undefined ? 'CREATE' : 'UPDATE',
      name: 'shop',
      namespace: 'shop',
      userInfo: { username: 'jane' },
      object,
      oldObject,
    },
  });
  if (!('review' in answer)) throw new Error(answer.refused);
  expect(answer.review.response.allowed).toBe(true);
  return answer.review.response.warnings ?? [];
}

describe('a Namespace that is written', () => {
  it.each([
    ['a bad value', { 'probewise.dev/mode': 'Wran' }, {}, 'write Audit, Warn or Enforce'],
    ['a rule that is not known', { 'rule.probewise.dev/liveness-dependancy': 'Off' }, {}, 'Did you mean'],
    ['an override that has expired', { 'probewise.dev/mode': 'Audit', 'probewise.dev/expires': '2026-12-31' }, {}, 'it expired'],
    ['one that the policy forbids', { 'probewise.dev/mode': 'Audit' }, { overrides: 'None' }, 'lets namespaces override nothing'],
    [
      'one that loosens where only tightening is allowed',
      { 'probewise.dev/mode': 'Audit' },
      { overrides: 'Tighten' },
      'only be tightened',
    ],
  ] as const)('gets a warning for %s', async (_title, annotations, policy, part) => {
    const told = await write(namespace(annotations), undefined, policy);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^probewise annotation "/);
    expect(told[0]).toContain(part);
  });

  it('hears nothing where all is well', async () => {
    expect(await write(namespace({ 'probewise.dev/mode': 'Enforce' }))).toEqual([]);
  });

  it('hears nothing where the change has nothing to do with us, and again where it has', async () => {
    const before = namespace({ 'probewise.dev/mode': 'Wran' });
    expect(await write(namespace({ 'probewise.dev/mode': 'Wran', 'example.com/x': '1' }), before)).toEqual([]);
    expect(await write({ ...before, spec: { finalizers: ['kubernetes'] } }, before)).toEqual([]);
    expect(await write(namespace({ 'probewise.dev/mode': 'Wran' }, { labels: { team: 'red' } }), before)).toHaveLength(1);
  });

  it('is admitted whatever it is, and left alone by mutate', async () => {
    expect(await write({ apiVersion: 'v1', kind: 'Namespace', metadata: null })).toEqual([]);
    expect(await write({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 5, annotations: [] } })).toEqual([]);
    expect(await write(namespace({ 'probewise.dev/mode': 'Wran' }), undefined, {}, 'mutate')).toEqual([]);
  });
});
