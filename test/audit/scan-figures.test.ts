import { describe, expect, it } from 'vitest';
import type { AuditedWorkload } from '../../src/audit/audited.ts';
import { NO_HISTORY, withEvent } from '../../src/audit/history/history.ts';
import { readProbeEvent } from '../../src/audit/history/probe-events.ts';
import { scanFigures } from '../../src/audit/scan-figures.ts';
import type { Finding } from '../../src/core/finding.ts';
import { killing } from './history/objects.ts';

const finding: Finding = {
  rule: 'liveness-dependency',
  severity: 'Error',
  container: 'app',
  probe: 'livenessProbe',
  path: [],
  message: '',
  remedy: '',
  identity: '',
};

function workload(namespace: string, kills: number, findings: readonly Finding[] = [finding]): AuditedWorkload {
  const event = readProbeEvent(killing('liveness', { count: kills }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace,
    name: 'orders',
    uid: namespace,
    policy: 'standard',
    findings,
    ifEnforced: 'denied',
    history: kills === 0 || event === undefined ? NO_HISTORY : withEvent(NO_HISTORY, event),
  };
}

const figures = (workloads: readonly AuditedWorkload[]) => scanFigures({ workloads, skipped: [], notes: [], objects: 0 });
const sum = (all: readonly { readonly count: number }[]): number => all.reduce((total, { count }) => total + count, 0);

describe('The figures of a scan', () => {
  it('name few namespaces and workloads, however many there are, and lose none', () => {
    const many = Array.from({ length: 300 }, (_item, index) => workload(`team-${index}`, index + 1));
    const { findings, restarts } = figures(many);
    expect(new Set(findings.map(({ namespace }) => namespace)).size).toBe(21);
    expect(sum(findings)).toBe(300);
    expect(restarts).toHaveLength(21);
    expect(sum(restarts)).toBe((300 * 301) / 2);
    expect(restarts[0]).toMatchObject({ namespace: 'team-299', workload: 'Deployment/orders', flagged: true, count: 300 });
    expect(restarts.at(-1)).toMatchObject({ workload: '_other', flagged: true });
  });

  it('tell restarts by a probe that has a finding from others, and those first', () => {
    const { restarts } = figures([workload('quiet', 0), workload('fine', 9, []), workload('bad', 2)]);
    expect(restarts.map(({ namespace, flagged }) => [namespace, flagged])).toEqual([
      ['bad', true],
      ['fine', false],
    ]);
  });

  it('name the starts that are nearest to the end of their budget', () => {
    const starting = (namespace: string, seconds: number, budgetSeconds: number): AuditedWorkload => ({
      ...workload(namespace, 0, []),
      history: new Map([
        ['app', { pods: 1, restarts: 0, crashLooping: 0, slowestStart: { seconds, budgetSeconds }, probes: new Map() }],
      ]),
    });
    const { starts } = figures([starting('far', 100, 290), starting('near', 18, 20)]);
    expect(starts.map(({ namespace }) => namespace)).toEqual(['near', 'far']);
  });
});
