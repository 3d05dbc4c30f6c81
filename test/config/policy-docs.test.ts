import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { POLICY_PAGE, policyPage } from '../../scripts/policy-docs.ts';
import { readPolicy } from '../../src/config/read-policy.ts';
import { property } from '../../src/core/json.ts';
import { resolve } from '../../src/core/resolve.ts';
import { PROFILES, THRESHOLD_NAMES } from '../../src/core/thresholds.ts';

const page = readFileSync(POLICY_PAGE, 'utf8');
const examples = [...page.matchAll(/```yaml\n([^]*?)```/g)].flatMap(([, source = '']) =>
  parseAllDocuments(source).map((document): unknown => document.toJS()),
);

describe('docs/policy.md', () => {
  it('has the tables that the schema gives (else: npm run docs)', () => {
    expect(policyPage()).toBe(page);
    expect(page).toContain('| `spec.exemptions[].reason` |');
    expect(page).toContain('| `threshold.probewise.dev/startup-budget-seconds` |');
  });

  it('gives the floors of both profiles as they are', () => {
    for (const name of THRESHOLD_NAMES) {
      expect(page).toMatch(new RegExp(`\\| \`${name}\`[^|]*\\| ${PROFILES.Standard[name]} \\| ${PROFILES.Resilient[name]} \\|`));
    }
  });

  it('shows policies that can be read', () => {
    const policies = examples.filter((example) => property(example, 'kind') !== 'Namespace');
    expect(policies.length).toBeGreaterThan(4);
    for (const example of policies) {
      const head = { apiVersion: 'probewise.dev/v1alpha1', kind: 'ClusterProbePolicy', metadata: { name: 'example' } };
      expect(readPolicy(Object.assign(head, example)).problems).toEqual([]);
    }
  });

  it('shows annotations that are in force', () => {
    const namespace = examples.find((example) => property(example, 'kind') === 'Namespace');
    const { annotations } = JSON.parse(JSON.stringify(property(namespace, 'metadata')));
    const { policy, problems } = resolve([], { name: 'legacy', labels: {}, annotations }, Date.UTC(2026, 11, 1));
    expect(problems).toEqual([]);
    expect(policy.thresholds.startupBudgetSeconds).toBe(900);
  });
});
