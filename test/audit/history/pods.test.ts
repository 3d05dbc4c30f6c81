import { describe, expect, it } from 'vitest';
import { sightingsOf } from '../../../src/audit/history/pods.ts';
import { runningPod, status, TERMINATED } from './objects.ts';

const PROBE = { httpGet: { path: '/livez', port: 8080 } };

describe('A Pod’s status', () => {
  it('tells how long its container took to become ready, and what it may take', () => {
    expect(sightingsOf(runningPod())).toEqual([
      { container: 'app', restarts: 0, crashLooping: false, start: { seconds: 10, budgetSeconds: 20 } },
    ]);
  });

  it('tells of restarts and the last end', () => {
    const [seen] = sightingsOf(runningPod({ statuses: [status({ restartCount: 14, lastState: TERMINATED })] }));
    expect(seen).toMatchObject({
      restarts: 14,
      lastTermination: { reason: 'Error', exitCode: 137, at: Date.parse('2026-07-01T11:30:00Z') },
    });
  });

  it('tells of a container that waits for its next try', () => {
    const waiting = status({ state: { waiting: { reason: 'CrashLoopBackOff' } }, restartCount: 5 });
    expect(sightingsOf(runningPod({ statuses: [waiting] }))).toMatchObject([{ crashLooping: true, restarts: 5 }]);
  });

  it('takes the startupProbe’s budget where there is one', () => {
    const containers = [
      { name: 'app', livenessProbe: PROBE, startupProbe: { ...PROBE, periodSeconds: 5, failureThreshold: 11 } },
    ];
    expect(sightingsOf(runningPod({ containers }))).toMatchObject([{ start: { seconds: 10, budgetSeconds: 50 } }]);
  });

  it('takes no later loss of readiness for a start: the kubelet would have killed it long before', () => {
    const [seen] = sightingsOf(runningPod({ ready: '2026-07-01T18:00:00Z' }));
    expect(seen).not.toHaveProperty('start');
  });

  it('does not say which of several containers was the last to be ready', () => {
    const containers = [
      { name: 'app', livenessProbe: PROBE, readinessProbe: PROBE },
      { name: 'proxy', readinessProbe: PROBE },
    ];
    const seen = sightingsOf(runningPod({ containers, statuses: [status(), status({ name: 'proxy' })] }));
    expect(seen.map(({ container }) => container)).toEqual(['app', 'proxy']);
    expect(seen.some((sighting) => 'start' in sighting)).toBe(false);
  });

  it('counts a sidecar too', () => {
    const pod = {
      spec: { initContainers: [{ name: 'proxy', restartPolicy: 'Always', livenessProbe: PROBE }], containers: [{ name: 'app' }] },
      status: { initContainerStatuses: [status({ name: 'proxy', restartCount: 2 })], containerStatuses: [status()] },
    };
    expect(sightingsOf(pod)).toMatchObject([
      { container: 'proxy', restarts: 2 },
      { container: 'app', restarts: 0 },
    ]);
  });

  it.each([
    [{}],
    [{ spec: null, status: null }],
    [{ spec: { containers: 'none' } }],
    [{ spec: { containers: [{ name: 'app' }] }, status: { containerStatuses: [{ name: 'app', restartCount: '7' }] } }],
  ])('is read whatever it looks like: %j', (pod) => {
    expect(sightingsOf(pod).every(({ restarts }) => restarts === 0)).toBe(true);
  });
});
