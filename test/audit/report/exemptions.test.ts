import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderExemptions } from '../../../src/audit/report/exemptions.ts';
import { loadPolicies } from '../../../src/config/policy-file.ts';
import { list, property, text } from '../../../src/core/json.ts';
import { sampleReport } from '../sample.ts';

const POLICY =
  'apiVersion: probewise.dev/v1alpha1\nkind: ClusterProbePolicy\nmetadata: { name: default }\nspec:\n  mode: Enforce\n';

describe('Exemptions for what runs', () => {
  it('are a policy’s, as they are, each with an end', async () => {
    const report = await sampleReport();
    const printed = renderExemptions(report);
    const { policies, problems } = loadPolicies(`${POLICY}${printed.replaceAll(/^/gm, '  ')}`, 'policy.yaml');
    expect(problems).toEqual([]);
    expect(policies[0]?.exemptions.map(({ names }) => names)).toEqual([['billing', 'orders'], ['wiki']]);
    // 90 days after the sample's time; in quotes, or YAML 1.1 takes it for a time.
    expect(printed).toContain('expires: "2026-09-29"');
  });

  it('name no more than a list may hold', async () => {
    const report = await sampleReport();
    const [orders] = report.workloads;
    if (orders === undefined) throw new Error('the sample is empty');
    const workloads = Array.from({ length: 150 }, (_item, index) => ({ ...orders, name: `orders-${index}` }));
    const exemptions = list(property(parse(renderExemptions({ ...report, workloads })), 'exemptions'));
    expect(exemptions.map((exemption) => list(property(exemption, 'names')).length)).toEqual([64, 64, 22]);
  });

  it('say so where a policy could not hold them all', async () => {
    const report = await sampleReport();
    const [orders] = report.workloads;
    if (orders === undefined) throw new Error('the sample is empty');
    const workloads = Array.from({ length: 300 }, (_item, index) => ({ ...orders, namespace: `team-${index}` }));
    expect(renderExemptions({ ...report, workloads })).toContain('A policy takes 256, and these are 300');
  });

  it('are none where nothing would be denied', async () => {
    const report = await sampleReport();
    expect(text(renderExemptions({ ...report, workloads: [] }))).toMatch(/^# Nothing/);
  });
});
