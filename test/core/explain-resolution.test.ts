import { describe, expect, it } from 'vitest';
import { explainResolution } from '../../src/core/explain-resolution.ts';
import { BUILT_IN_POLICY } from '../../src/core/policy.ts';
import { resolve } from '../../src/core/resolve.ts';

describe('explainResolution', () => {
  it('says of each value where it comes from', () => {
    const policy = {
      ...BUILT_IN_POLICY,
      name: 'default',
      thresholds: { livenessTimeoutSeconds: 9 },
      rules: [{ name: 'startup-missing', fix: 'Never' as const }],
      exemptions: [{ names: ['a'], reason: 'x' }],
    };
    const annotations = {
      'probewise.dev/mode': 'Audit',
      'probewise.dev/reason': 'migration',
      'probewise.dev/expires': '2027-01-31',
      'rule.probewise.dev/readiness-delay': 'Off',
    };
    const resolution = resolve([policy], { name: 'shop', labels: {}, annotations }, Date.UTC(2026, 10, 22));
    const rows = explainResolution(resolution).map(({ name, value, origin }) => `${name} = ${value} (${origin})`);
    expect(rows).toEqual([
      'mode = Audit (annotation probewise.dev/mode until 2027-01-31T00:00:00Z: migration)',
      'patch = Never (policy default)',
      'ruleset = Latest (policy default)',
      'thresholds.livenessTimeoutSeconds = 9 (policy default)',
      'thresholds.livenessToleranceSeconds = 20 (profile Standard)',
      'thresholds.livenessToleranceUnknownSeconds = 60 (profile Standard)',
      'thresholds.livenessToleranceDependencySeconds = 150 (profile Standard)',
      'thresholds.readinessTimeoutSeconds = 5 (profile Standard)',
      'thresholds.readinessToleranceSeconds = 30 (profile Standard)',
      'thresholds.startupBudgetSeconds = 290 (profile Standard)',
      'rules.startup-missing = never fixed (policy default)',
      'rules.readiness-delay = Off (annotation rule.probewise.dev/readiness-delay until 2027-01-31T00:00:00Z: migration)',
      'endpoints = none (policy default)',
      'exemptions = 1 in force (policy default)',
    ]);
  });

  it('says that a value is built in where there is no policy', () => {
    const [mode] = explainResolution(resolve([], { name: 'shop', labels: {}, annotations: {} }, 0));
    expect(mode).toEqual({ name: 'mode', value: 'Warn', origin: 'built in' });
  });
});
