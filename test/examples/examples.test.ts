import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadPolicies } from '../../src/config/policy-file.ts';
import { applyEdits } from '../../src/core/edit.ts';
import type { Evaluation } from '../../src/core/finding.ts';
import { property, valueAt } from '../../src/core/json.ts';
import { PROBE_FIELDS } from '../../src/core/probe.ts';
import { resolve } from '../../src/core/resolve.ts';
import { WORKLOAD_KINDS } from '../../src/core/workload-kinds.ts';
import { readWorkload } from '../../src/core/workload.ts';
import { evaluate } from '../../src/engine.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '../../examples', file), 'utf8');

interface Judged {
  readonly evaluation: Evaluation;
  /** As a patch leaves them. */
  readonly probes: object;
}

function judge(name: string, policyFile: string): Judged {
  const { policies } = loadPolicies(read(policyFile), policyFile);
  const { policy } = resolve(policies, { name: 'default', labels: {}, annotations: {} }, 0);
  const manifest: unknown = parse(read(`${name}.yaml`));
  const workload = readWorkload(manifest, WORKLOAD_KINDS) ?? expect.fail(`${name}.yaml is no workload`);
  const evaluation = evaluate(workload, policy);
  const container = valueAt(applyEdits(manifest, evaluation.edits), ['spec', 'template', 'spec', 'containers', 0]);
  const probes = PROBE_FIELDS.map((field) => [field, property(container, field)]).filter(([, probe]) => probe !== undefined);
  return { evaluation, probes: Object.fromEntries(probes) };
}

const get = (path: string, port: number) => ({ httpGet: { path, port } });

/** Findings as the documentation promises them, worst first, and the probes as they are after all safe fixes. */
const TABLE = [
  {
    name: 'cache-server',
    policy: 'policy.yaml',
    findings: ['readiness-timeout Warning', 'readiness-delay Info'],
    probes: {
      readinessProbe: { ...get('/readiness', 8888), initialDelaySeconds: 300, periodSeconds: 30, timeoutSeconds: 5 },
    },
  },
  {
    name: 'storefront',
    policy: 'policy.yaml',
    findings: ['readiness-timeout Warning'],
    probes: { readinessProbe: { ...get('/readiness', 8080), timeoutSeconds: 5 } },
  },
  {
    name: 'storefront',
    policy: 'storefront-policy.yaml',
    findings: ['readiness-timeout Warning', 'readiness-tolerance Warning'],
    probes: { readinessProbe: { ...get('/readiness', 8080), timeoutSeconds: 9, failureThreshold: 4 } },
  },
  {
    name: 'orders',
    policy: 'policy.yaml',
    findings: [
      'liveness-dependency Error',
      'liveness-timeout Warning',
      'liveness-tolerance Warning',
      'startup-missing Warning',
      'readiness-missing Info',
    ],
    probes: {
      livenessProbe: { ...get('/actuator/health', 8080), timeoutSeconds: 5, failureThreshold: 16, initialDelaySeconds: 140 },
    },
  },
  {
    name: 'orders-fixed',
    policy: 'policy.yaml',
    findings: ['liveness-timeout Warning', 'readiness-timeout Warning', 'startup-missing Warning'],
    probes: {
      livenessProbe: { ...get('/actuator/health/liveness', 8080), timeoutSeconds: 5 },
      readinessProbe: { ...get('/actuator/health/readiness', 8080), timeoutSeconds: 5 },
      startupProbe: { ...get('/actuator/health/liveness', 8080), timeoutSeconds: 5, periodSeconds: 2, failureThreshold: 146 },
    },
  },
  {
    name: 'billing',
    policy: 'policy.yaml',
    findings: [
      'liveness-dependency Error',
      'liveness-timeout Warning',
      'liveness-tolerance Warning',
      'startup-missing Warning',
    ],
    probes: {
      livenessProbe: {
        exec: { command: ['sh', '-c', 'pg_isready -h billing-db -U app'] },
        timeoutSeconds: 5,
        failureThreshold: 16,
        initialDelaySeconds: 140,
      },
    },
  },
  {
    name: 'postgres',
    policy: 'policy.yaml',
    findings: ['liveness-timeout Warning', 'startup-missing Warning'],
    probes: {
      livenessProbe: { exec: { command: ['pg_isready', '-U', 'postgres'] }, timeoutSeconds: 5, initialDelaySeconds: 270 },
    },
  },
];

describe('The examples', () => {
  it.each(TABLE)('$name under $policy has the findings and the patch that are promised', ({ name, policy, findings, probes }) => {
    const judged = judge(name, policy);
    const said = judged.evaluation.findings.map(({ rule, severity }) => `${rule} ${severity}`);
    expect(said.toSorted()).toEqual(findings.toSorted());
    expect(judged.probes).toEqual(probes);
  });
});
