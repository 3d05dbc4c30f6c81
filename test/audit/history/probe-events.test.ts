import { describe, expect, it } from 'vitest';
import { readProbeEvent } from '../../../src/audit/history/probe-events.ts';
import { killing, unhealthy } from './objects.ts';

describe('An event of the kubelet', () => {
  it('tells of a container that was killed by its liveness probe', () => {
    expect(readProbeEvent(killing('liveness', { count: 3 }))).toEqual({
      podUid: 'pod-1',
      container: 'app',
      probe: 'livenessProbe',
      what: 'killed',
      count: 3,
      at: Date.parse('2026-07-01T12:00:00Z'),
      detail: '',
    });
  });

  it('tells of a startup probe that ran out', () => {
    expect(readProbeEvent(killing('startup'))).toMatchObject({ probe: 'startupProbe', what: 'killed', count: 1 });
  });

  it('tells of a sidecar, which is an init container', () => {
    const event = killing('liveness', {
      message: 'Init container proxy failed liveness probe',
      involvedObject: { kind: 'Pod', uid: 'pod-1', fieldPath: 'spec.initContainers{proxy}' },
    });
    expect(readProbeEvent(event)).toMatchObject({ container: 'proxy', probe: 'livenessProbe', what: 'killed' });
  });

  it.each([
    ['Liveness probe failed: HTTP probe failed with statuscode: 503', 'livenessProbe', 'HTTP probe failed with statuscode: 503'],
    [
      'Readiness probe failed: dial tcp 10.0.0.1:80: connect: refused',
      'readinessProbe',
      'dial tcp 10.0.0.1:80: connect: refused',
    ],
    ['Startup probe errored and resulted in unknown state: no such file', 'startupProbe', 'no such file'],
    ['Readiness probe failed: ', 'readinessProbe', ''],
  ])('tells of a try that failed: %s', (message, probe, detail) => {
    expect(readProbeEvent(unhealthy(message))).toMatchObject({ probe, what: 'failed', detail });
  });

  it('counts a series of the newer form of events', () => {
    const event = killing('liveness', {
      count: undefined,
      series: { count: 7, lastObservedTime: '2026-07-01T13:00:00.000001Z' },
    });
    expect(readProbeEvent(event)).toMatchObject({ count: 7, at: Date.parse('2026-07-01T13:00:00Z') });
  });

  it.each([
    ['a Pod that is deleted', killing('liveness', { message: 'Stopping container app' })],
    ['another reason', killing('liveness', { reason: 'BackOff' })],
    ['another object', killing('liveness', { involvedObject: { kind: 'Node', uid: 'n', fieldPath: 'spec.containers{app}' } })],
    ['no container', killing('liveness', { involvedObject: { kind: 'Pod', uid: 'pod-1' } })],
    ['no Pod', killing('liveness', { involvedObject: null })],
    ['nothing', {}],
  ])('says nothing of a probe where it is about %s', (_what, event) => {
    expect(readProbeEvent(event)).toBeUndefined();
  });

  it('is a stranger’s text: one line, and not too long', () => {
    const { detail = '' } = readProbeEvent(unhealthy(`Liveness probe failed: ${'x\n'.repeat(1000)}`)) ?? {};
    expect(detail).not.toContain('\n');
    expect(detail.length).toBeLessThanOrEqual(200);
  });
});
