import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/core/edit.ts';
import { isObject, valueAt } from '../../src/core/json.ts';
import type { EffectivePolicy } from '../../src/core/policy.ts';
import { PROFILES } from '../../src/core/thresholds.ts';
import { readWorkload, type Workload } from '../../src/core/workload.ts';
import { WORKLOAD_KINDS } from '../../src/core/workload-kinds.ts';
import { unsafeFixes } from '../../src/knowledge/unsafe-fixes.ts';

const POLICY: EffectivePolicy = {
  policy: 'standard',
  mode: 'Warn',
  patch: 'Never',
  ruleset: 'Latest',
  thresholds: PROFILES.Standard,
  rules: new Map(),
  endpoints: [],
  exemptions: [],
};

function workloadOf(container: object): Workload {
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    spec: { template: { spec: { containers: [{ name: 'app', image: 'example/app', ...container }] } } },
  };
  const workload = readWorkload(object, WORKLOAD_KINDS);
  if (workload === undefined) throw new Error('a Deployment was not read as a workload');
  return workload;
}

/** The container after all fixes, and how many there were. */
function fixed(container: object): { count: number; container: unknown; reasons: readonly string[] } {
  const workload = workloadOf(container);
  const fixes = unsafeFixes(workload, POLICY);
  const object = applyEdits(
    workload.object,
    fixes.flatMap(({ edits }) => edits),
  );
  expect(isObject(object)).toBe(true);
  return {
    count: fixes.length,
    container: valueAt(object, ['spec', 'template', 'spec', 'containers', 0]),
    reasons: fixes.map(({ reason }) => reason),
  };
}

describe('a fix that needs a person’s yes', () => {
  it('points liveness at the safe alternative that the catalogue knows, behind the same prefix', () => {
    const { container, reasons } = fixed({
      livenessProbe: { httpGet: { path: '/shop/actuator/health', port: 8080 }, periodSeconds: 7 },
    });
    expect(container).toMatchObject({
      livenessProbe: { httpGet: { path: '/shop/actuator/health/liveness', port: 8080 }, periodSeconds: 7 },
    });
    expect(reasons[0]).toMatch(/^\P{C}{20,200}$/u);
  });

  it('moves a dependency check to readiness where there is none, with the patience of a shared dependency', () => {
    const exec = { command: ['pg_isready', '-h', 'db'] };
    const { container } = fixed({ livenessProbe: { exec, periodSeconds: 5 } });
    expect(container).toEqual({
      name: 'app',
      image: 'example/app',
      readinessProbe: { exec, timeoutSeconds: 5, periodSeconds: 5, failureThreshold: 7 },
    });
  });

  it('leaves a readiness probe that is there alone', () => {
    const livenessProbe = { exec: { command: ['pg_isready', '-h', 'db'] } };
    expect(fixed({ livenessProbe, readinessProbe: { tcpSocket: { port: 80 } } }).count).toBe(0);
  });

  it('does nothing where liveness asks its own process, or nobody can tell', () => {
    expect(fixed({ livenessProbe: { httpGet: { path: '/livez', port: 80 } } }).count).toBe(0);
    expect(fixed({ livenessProbe: { httpGet: { path: '/health', port: 80 } } }).count).toBe(0);
    expect(fixed({}).count).toBe(0);
  });
});
