import { describe, expect, it } from 'vitest';
import { NO_HISTORY, withEvent, withPod, type WorkloadHistory } from '../../../src/audit/history/history.ts';
import { observe, observedText } from '../../../src/audit/history/observed.ts';
import { sightingsOf } from '../../../src/audit/history/pods.ts';
import { readProbeEvent } from '../../../src/audit/history/probe-events.ts';
import type { Finding } from '../../../src/core/finding.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { killing, runningPod, status, TERMINATED, unhealthy } from './objects.ts';

const NOW = Date.parse('2026-07-01T12:03:00Z');

const finding = (rest: Partial<Finding> = {}): Finding => ({
  rule: 'liveness-dependency',
  severity: 'Error',
  container: 'app',
  probe: 'livenessProbe',
  path: ['spec', 'containers', 0, 'livenessProbe'],
  message: 'container "app": livenessProbe asks a database',
  remedy: 'Ask the process.',
  identity: '',
  ...rest,
});

function history(pods: readonly JsonObject[], events: readonly JsonObject[] = []): WorkloadHistory {
  const seen = pods.reduce<WorkloadHistory>((known, pod) => withPod(known, sightingsOf(pod)), NO_HISTORY);
  return events.reduce<WorkloadHistory>((known, object) => {
    const event = readProbeEvent(object);
    return event === undefined ? known : withEvent(known, event);
  }, seen);
}

function told(known: WorkloadHistory, about: Finding = finding()): string | undefined {
  const observed = observe(about, known);
  return observed === undefined ? undefined : observedText(observed, NOW);
}

const restarted = (times: number, rest: JsonObject = {}): JsonObject =>
  runningPod({ statuses: [status({ restartCount: times, lastState: TERMINATED, ...rest })] });

describe('What happened beside a finding', () => {
  it('says that the probe restarted the container, where events tell of every restart', () => {
    expect(told(history([restarted(14)], [killing('liveness', { count: 14 })]))).toBe(
      'restarted 14 times by this probe, last 3 min ago',
    );
  });

  it('says how many at least, where events of old restarts are gone', () => {
    expect(told(history([restarted(14)], [killing('liveness', { count: 3 })]))).toBe(
      'restarted 14 times, at least 3 by this probe, last 3 min ago',
    );
  });

  it('adds up all Pods of the workload', () => {
    const waiting = { state: { waiting: { reason: 'CrashLoopBackOff' } } };
    const events = [killing('liveness', { count: 2 }), killing('liveness', { count: 2 })];
    expect(told(history([restarted(2, waiting), restarted(2, waiting)], events))).toBe(
      'restarted 4 times by this probe, last 3 min ago; 2 Pods in CrashLoopBackOff',
    );
  });

  it('does not blame the probe for other restarts', () => {
    const outOfMemory = { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-07-01T11:30:00Z' } } };
    expect(told(history([restarted(2, outOfMemory)]))).toBe(
      'restarted 2 times (last: OOMKilled, exit code 137), by what is not recorded any more',
    );
  });

  it('does not blame one probe for what another did', () => {
    const known = history([restarted(1)], [killing('startup')]);
    expect(told(known)).not.toContain('by this probe');
    expect(told(known, finding({ rule: 'startup-dependency', probe: 'startupProbe' }))).toBe(
      'restarted once by this probe, last 3 min ago',
    );
  });

  it('counts failures of a readiness probe, which restarts nothing', () => {
    const known = history([restarted(3)], [unhealthy('Readiness probe failed: 503', { count: 40 })]);
    expect(told(known, finding({ rule: 'readiness-timeout', probe: 'readinessProbe' }))).toBe('failed 40 times, last 3 min ago');
  });

  it('sets the slowest start against its budget, where a rule is about starting', () => {
    const known = history([runningPod(), runningPod({ ready: '2026-07-01T12:00:18Z' })]);
    expect(told(known, finding({ rule: 'startup-missing' }))).toBe(
      'slowest start seen: ready after 18 s, of 20 s that it has: near its end',
    );
    expect(told(known)).toBeUndefined();
  });

  it('says nothing where nothing happened, or nothing is known', () => {
    expect(told(history([runningPod()]))).toBeUndefined();
    expect(told(NO_HISTORY)).toBeUndefined();
  });
});
