import { applyEdits, type Edit } from '../core/edit.ts';
import { property, valueAt } from '../core/json.ts';
import { samePath, startsWith } from '../core/path.ts';
import { handlerIdentity, type Probe, readProbe, startupBudgetSeconds } from '../core/probe.ts';
import type { EffectivePolicy } from '../core/policy.ts';
import type { Evaluate } from '../core/evaluate.ts';
import type { Container } from '../core/container.ts';
import { containersOf, readWorkload, type Workload } from '../core/workload.ts';
import { markerKey, readMarker } from './marker.ts';

/**
 * A startupProbe that we derived follows the liveness probe: one that stays behind on the old endpoint hangs the next pods, since no
 * re-apply takes away what nobody owns (measured: apply, server-side apply). It is ours if the marker holds it, and untouched if it
 * still reads as the marker says. Ours and untouched is derived anew where the liveness handler has changed, and goes where
 * there is no liveness probe, or none that a startupProbe may be derived from.
 *
 * Returns the edits for the object as it came, or none where nothing of ours is stale.
 */
export function followEdits(workload: Workload, evaluate: Evaluate, policy: EffectivePolicy): Edit[] {
  const stale = containersOf(workload).flatMap(({ container }) => (isStale(workload, container) ? [container] : []));
  if (stale.length === 0) return [];
  const removals = stale.map((container): Edit => ({ op: 'remove', at: [...container.at, 'startupProbe'] }));
  const without = readWorkload(applyEdits(workload.object, removals), [workload.type]);
  if (without === undefined) return [];
  const judged = { ...without, namespace: workload.namespace };
  // The budget that the pods have had is not taken away again, whatever the floor is by now.
  const had = Math.max(...stale.map(({ startupProbe }) => (startupProbe === undefined ? 0 : startupBudgetSeconds(startupProbe))));
  const thresholds = { ...policy.thresholds, startupBudgetSeconds: Math.max(policy.thresholds.startupBudgetSeconds, had) };
  const isOfStale = (edit: Edit): boolean => stale.some(({ at }) => startsWith(edit.at, at));
  const edits = [
    ...evaluate(judged, { ...policy, thresholds }).edits.filter(isOfStale),
    ...evaluate(judged, policy).edits.filter((edit) => !isOfStale(edit)),
  ];
  const rest = removals.filter((removal) => !edits.some((edit) => samePath(edit.at, removal.at)));
  return [...edits, ...rest];
}

function isStale(workload: Workload, container: Container): boolean {
  const { startupProbe, livenessProbe } = container;
  if (startupProbe === undefined || !isOurs(workload, container, startupProbe)) return false;
  return livenessProbe === undefined || handlerIdentity(livenessProbe.handler) !== handlerIdentity(startupProbe.handler);
}

function isOurs(workload: Workload, container: Container, startupProbe: Probe): boolean {
  const recorded = readProbe(property(readMarker(workload).get(markerKey(workload, container.at) ?? ''), 'startupProbe'));
  if (recorded === undefined || valueAt(workload.object, container.at) === undefined) return false;
  return JSON.stringify(essence(recorded)) === JSON.stringify(essence(startupProbe));
}

const essence = ({ handler, initialDelaySeconds, ...timing }: Probe): unknown => [
  handlerIdentity(handler),
  initialDelaySeconds,
  timing.timeoutSeconds,
  timing.periodSeconds,
  timing.successThreshold,
  timing.failureThreshold,
  timing.terminationGracePeriodSeconds,
];
