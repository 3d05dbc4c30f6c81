import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAMESPACE_ANNOTATIONS } from '../../src/core/annotations.ts';
import { BUILT_IN_POLICY, type EffectivePolicy, MODES, type Policy } from '../../src/core/policy.ts';
import { resolve } from '../../src/core/resolve.ts';
import { RULE_IDS } from '../../src/core/rule-ids.ts';
import { THRESHOLD_NAMES } from '../../src/core/thresholds.ts';

const NOW = Date.UTC(2026, 10, 22);
const CAPS = ['Error', 'Warning', 'Info', 'Off'] as const;
const mildness = (cap: (typeof CAPS)[number] = 'Error'): number => CAPS.indexOf(cap);

const policyArbitrary: fc.Arbitrary<Policy> = fc
  .record({
    mode: fc.constantFrom(...MODES),
    profile: fc.constantFrom('Standard' as const, 'Resilient' as const),
    overrides: fc.constantFrom('Any' as const, 'Tighten' as const, 'None' as const),
    thresholds: fc.option(fc.record({ startupBudgetSeconds: fc.integer({ min: 1, max: 86_400 }) }), { nil: {} }),
    rules: fc.array(fc.record({ name: fc.constantFrom(...RULE_IDS), severity: fc.constantFrom(...CAPS) }), { maxLength: 3 }),
  })
  .map((fields) => Object.assign({ ...BUILT_IN_POLICY, name: 'p' }, fields));

const name = fc.oneof(
  fc.constantFrom(...NAMESPACE_ANNOTATIONS),
  fc.string().map((text) => `rule.probewise.dev/${text}`),
  fc.string(),
);
const goodValue = fc.oneof(
  fc.constantFrom(
    'Audit',
    'warn',
    'ENFORCE',
    'Off',
    'Info',
    'Warning',
    'Error',
    '2026-01-01',
    '2027-01-01',
    '2027-01-01T00:00:00+02:00',
  ),
  fc.integer({ min: 1, max: 86_400 }).map(String),
);
const annotationsArbitrary = fc.dictionary(
  name,
  fc.oneof({ weight: 4, arbitrary: goodValue }, { weight: 1, arbitrary: fc.string() }),
);

/** Is `a` at least as strict as `b`, in every value? */
const asStrict = (a: EffectivePolicy, b: EffectivePolicy): boolean =>
  MODES.indexOf(a.mode) >= MODES.indexOf(b.mode) &&
  THRESHOLD_NAMES.every((threshold) => a.thresholds[threshold] >= b.thresholds[threshold]) &&
  RULE_IDS.every((id) => mildness(a.rules.get(id)?.severity) <= mildness(b.rules.get(id)?.severity));

const withAnnotations = (policy: Policy, annotations: Record<string, string>) =>
  resolve([policy], { name: 'shop', labels: {}, annotations }, NOW);

/** No mode, no cap, no number in range and no time: a bad value for every annotation but a reason. */
const badValue = fc.constantFrom(
  '',
  ' ',
  'enfore',
  '0',
  '-1',
  '86401',
  '2026-02-30',
  'tomorrow',
  'true',
  'null',
  '__proto__',
  '5 s',
);

describe('resolve', () => {
  it('never throws and is always complete, on any JSON as labels and annotations', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.dictionary(name, fc.jsonValue()), (labels, anything, annotations) => {
        for (const given of [anything, annotations]) {
          const facts: Parameters<typeof resolve>[1] = JSON.parse(JSON.stringify({ name: 'shop', labels, annotations: given }));
          const { policy } = resolve([{ ...BUILT_IN_POLICY, namespaceSelector: { matchLabels: { a: 'b' } } }], facts, NOW);
          expect(MODES).toContain(policy.mode);
          for (const threshold of THRESHOLD_NAMES) expect(policy.thresholds[threshold]).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('never becomes looser by an annotation that is bad', () => {
    fc.assert(
      fc.property(
        policyArbitrary,
        annotationsArbitrary,
        fc.constantFrom(
          ...NAMESPACE_ANNOTATIONS.filter((annotation) => !annotation.startsWith('reason') && !annotation.endsWith('/reason')),
        ),
        badValue,
        (policy, annotations, bad, value) => {
          const without = Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== bad));
          const before = withAnnotations(policy, without);
          const after = withAnnotations(policy, { ...without, [bad]: value });
          expect(asStrict(after.policy, before.policy)).toBe(true);
          expect(after.problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('is never looser than the policy under Tighten, and is the policy under None', () => {
    fc.assert(
      fc.property(policyArbitrary, annotationsArbitrary, (policy, annotations) => {
        const bare = withAnnotations(policy, {}).policy;
        expect(asStrict(withAnnotations({ ...policy, overrides: 'Tighten' }, annotations).policy, bare)).toBe(true);
        expect(withAnnotations({ ...policy, overrides: 'None' }, annotations).policy).toEqual(bare);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the same for the same, in whatever order policies and annotations come', () => {
    fc.assert(
      fc.property(fc.array(policyArbitrary, { maxLength: 5 }), annotationsArbitrary, (given, annotations) => {
        const policies = given.map((policy, index) => ({ ...policy, name: `p${index}` }));
        const facts = { name: 'shop', labels: {}, annotations };
        const turned = { ...facts, annotations: Object.fromEntries(Object.entries(annotations).toReversed()) };
        const { policy } = resolve(policies, facts, NOW);
        expect(resolve(policies, facts, NOW).policy).toEqual(policy);
        expect(resolve(policies.toReversed(), turned, NOW).policy).toEqual(policy);
      }),
      { numRuns: 1000 },
    );
  });
});
