import { type JsonObject, property, text, valueAt } from '../../core/json.ts';
import type { ProbeField } from '../../core/probe.ts';
import { cut, oneLine } from '../../core/text.ts';
import { parseTime } from '../../core/time.ts';

/** What the kubelet said of a probe, read from a core/v1 Event about a Pod. */
export interface ProbeEvent {
  readonly podUid: string;
  readonly container: string;
  readonly probe: ProbeField;
  /** Killed because of the probe, or only a failed try of it. */
  readonly what: 'killed' | 'failed';
  /** How often: the kubelet counts equal events up instead of making new ones. */
  readonly count: number;
  /** The last time, in milliseconds since the epoch; 0 where it cannot be read. */
  readonly at: number;
  readonly detail: string;
}

/** The reasons of the kubelet's events that tell of probes (kubernetes pkg/kubelet/events/event.go), as the API server selects them. */
export const PROBE_EVENT_REASONS = ['Killing', 'Unhealthy'] as const;

const FIELDS: ReadonlyMap<string, ProbeField> = new Map([
  ['liveness', 'livenessProbe'],
  ['readiness', 'readinessProbe'],
  ['startup', 'startupProbe'],
]);

/** kubernetes pkg/kubelet/kuberuntime/kuberuntime_manager.go: `Container app failed liveness probe, will be restarted`; a sidecar is an init container. */
const KILLED = /^(?:Container|Init container) \S+ failed (liveness|startup) probe/;
/** kubernetes pkg/kubelet/prober/prober.go: `Readiness probe failed: HTTP probe failed with statuscode: 503`. */
const FAILED = /^(Liveness|Readiness|Startup) probe (?:failed|errored)(?: and resulted in \w+ state)?: ?/;
/** Of `involvedObject`: `spec.containers{app}`, `spec.initContainers{proxy}`. */
const FIELD_PATH = /^spec\.(?:initContainers|containers)\{(.+)\}$/;

/** Undefined for events that are not about a container's probe: most Pods that end are killed for other reasons. */
export function readProbeEvent(event: JsonObject): ProbeEvent | undefined {
  const about = property(event, 'involvedObject');
  const podUid = text(property(about, 'uid'));
  const container = FIELD_PATH.exec(text(property(about, 'fieldPath')) ?? '')?.[1];
  if (property(about, 'kind') !== 'Pod' || podUid === undefined || container === undefined) return undefined;
  const message = text(property(event, 'message')) ?? '';
  const reason = property(event, 'reason');
  const match = reason === 'Killing' ? KILLED.exec(message) : reason === 'Unhealthy' ? FAILED.exec(message) : null;
  const probe = FIELDS.get((match?.[1] ?? '').toLowerCase());
  if (match === null || probe === undefined) return undefined;
  return {
    podUid,
    container,
    probe,
    what: reason === 'Killing' ? 'killed' : 'failed',
    count: countOf(event),
    at: lastTime(event),
    detail: reason === 'Killing' ? '' : cut(oneLine(message.slice(match[0].length)), 200),
  };
}

function countOf(event: JsonObject): number {
  const counts = [property(event, 'count'), valueAt(event, ['series', 'count'])];
  return Math.max(1, ...counts.filter((count) => typeof count === 'number'));
}

function lastTime(event: JsonObject): number {
  const times = [
    property(event, 'lastTimestamp'),
    valueAt(event, ['series', 'lastObservedTime']),
    property(event, 'eventTime'),
    property(event, 'firstTimestamp'),
  ];
  return Math.max(0, ...times.map((time) => parseTime(text(time) ?? '') ?? 0));
}
