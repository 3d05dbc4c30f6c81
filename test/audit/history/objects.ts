import type { JsonObject } from '../../../src/core/json.ts';

/** Events and Pods as a real API server has them (Kubernetes 1.35), without what nobody reads. */
export const killing = (probe: 'liveness' | 'startup', rest: JsonObject = {}): JsonObject => ({
  type: 'Normal',
  reason: 'Killing',
  message: `Container app failed ${probe} probe, will be restarted`,
  count: 1,
  firstTimestamp: '2026-07-01T11:00:00Z',
  lastTimestamp: '2026-07-01T12:00:00Z',
  eventTime: null,
  source: { component: 'kubelet', host: 'node-1' },
  involvedObject: {
    kind: 'Pod',
    namespace: 'shop',
    name: 'orders-5d4f8-abcde',
    uid: 'pod-1',
    fieldPath: 'spec.containers{app}',
  },
  ...rest,
});

export const unhealthy = (message: string, rest: JsonObject = {}): JsonObject => ({
  ...killing('liveness'),
  type: 'Warning',
  reason: 'Unhealthy',
  message,
  ...rest,
});

const LIVENESS = { httpGet: { path: '/livez', port: 8080 } };

export interface PodFixture {
  readonly containers?: readonly JsonObject[];
  readonly statuses?: readonly JsonObject[];
  readonly ready?: string;
}

/** A Pod of one container that started at 12:00:00. */
export const runningPod = ({
  containers = [{ name: 'app', livenessProbe: LIVENESS, readinessProbe: LIVENESS }],
  statuses = [status()],
  ready = '2026-07-01T12:00:10Z',
}: PodFixture = {}): JsonObject => ({
  metadata: { uid: 'pod-1', namespace: 'shop', name: 'orders-5d4f8-abcde' },
  spec: { containers },
  status: {
    phase: 'Running',
    conditions: [
      { type: 'Ready', status: 'True', lastTransitionTime: ready },
      { type: 'ContainersReady', status: 'True', lastTransitionTime: ready },
    ],
    containerStatuses: statuses,
  },
});

export function status(rest: JsonObject = {}): JsonObject {
  return {
    name: 'app',
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: '2026-07-01T12:00:00Z' } },
    lastState: {},
    ...rest,
  };
}

export const TERMINATED: JsonObject = {
  terminated: { exitCode: 137, reason: 'Error', startedAt: '2026-07-01T11:00:00Z', finishedAt: '2026-07-01T11:30:00Z' },
};
