import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { CRD_FILE } from '../../scripts/generate-crd.ts';
import { readPolicy } from '../../src/config/read-policy.ts';
import { FULL_POLICY, policyWith, REFUSED } from '../config/policies.ts';
import { type Kubectl, kubectl } from './harness/kubectl.ts';

const access = inject('controlPlane');
const CRD = 'crd/clusterprobepolicies.probewise.dev';

describe.skipIf(access === null)('ClusterProbePolicy in a real API server', () => {
  let admin: Kubectl;

  beforeAll(async () => {
    if (access === null) return;
    admin = kubectl(access.kubectl, access.adminKubeconfig, 'default');
    const applied = await admin(['apply', '-f', fileURLToPath(CRD_FILE)]);
    expect(applied).toMatchObject({ code: 0 });
    await admin(['wait', '--for=condition=Established', CRD, '--timeout=60s']);
  });

  afterAll(async () => {
    await admin(['delete', CRD, '--ignore-not-found', '--timeout=60s']);
  });

  it('has a schema that the API server finds structural', async () => {
    const { stdout } = await admin(['get', CRD, '-o', 'jsonpath={.status.conditions[*].type}']);
    expect(stdout.split(' ').toSorted()).toEqual(['Established', 'NamesAccepted']);
  });

  it('is stored as written, and read back as the file loader reads the file', async () => {
    expect(await admin(['apply', '-f', '-'], { input: FULL_POLICY })).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await admin(['get', 'cpp', 'full', '-o', 'json']);
    const stored = readPolicy(JSON.parse(stdout));
    expect(stored.problems).toEqual([]);
    expect({ ...stored.policy, createdAt: 0 }).toEqual(readPolicy(parse(FULL_POLICY)).policy);
    expect(stored.policy?.createdAt).toBeGreaterThan(0);
  });

  it('gets the defaults that the file loader fills in', async () => {
    const source = policyWith('').replace('refused', 'bare');
    expect(await admin(['apply', '-f', '-'], { input: source })).toMatchObject({ code: 0 });
    const { stdout } = await admin(['get', 'cpp', 'bare', '-o', 'json']);
    expect({ ...readPolicy(JSON.parse(stdout)).policy, createdAt: 0 }).toEqual(readPolicy(parse(source)).policy);
  });

  it('takes a severity of Off without quotes', async () => {
    const source = policyWith('rules: [{ name: startup-missing, severity: Off }]').replace('refused', 'without-quotes');
    expect(await admin(['apply', '-f', '-'], { input: source })).toMatchObject({ code: 0 });
    const { stdout } = await admin(['get', 'cpp', 'without-quotes', '-o', 'json']);
    expect(readPolicy(JSON.parse(stdout)).policy?.rules).toEqual([{ name: 'startup-missing', severity: 'Off' }]);
  });

  it.each(REFUSED)('refuses $spec', async ({ spec, server }) => {
    const { code, stderr } = await admin(['apply', '-f', '-'], { input: policyWith(spec) });
    expect(code).not.toBe(0);
    expect(stderr).toContain(server);
  });

  it('shows mode, profile and priority in kubectl get, and is found by its short name', async () => {
    const { stdout } = await admin(['get', 'cpp', 'full']);
    expect(stdout.split('\n').map((line) => line.split(/\s+/).slice(0, 4))).toEqual([
      ['NAME', 'MODE', 'PROFILE', 'PRIORITY'],
      ['full', 'Enforce', 'Resilient', '10'],
      [''],
    ]);
  });

  it('explains itself', async () => {
    const { stdout } = await admin(['explain', 'clusterprobepolicy.spec.exemptions']);
    expect(stdout).toContain('Why, for whoever meets it later.');
  });
});
