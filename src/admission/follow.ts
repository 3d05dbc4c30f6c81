import { applyEdits, type Edit } from '../core/edit.ts';
import { property } from '../core/json.ts';
import { samePath, startsWith } from '../core/path.ts';
import { handlerIdentity, type Probe, readProbe, startupBudgetSeconds } from '../core/probe.ts';
import type { EffectivePolicy } from '../core/policy.ts';
import type { Evaluate } from '../core/evaluate.ts';
import type { Container } from '../core/container.ts';
import { readWorkload, type Workload } from '../core/workload.ts';
import { markedContainers, readMarker } from './marker.ts';

/**
 * A startupProbe that we derived follows the liveness probe: one that stays behind on the old endpoint hangs the next pods, since no
 * re-apply takes away what nobody owns (measured: apply, server-side apply). It is ours if the marker holds it, and untouched if it
 * still reads as the marker says. Ours and untouched is derived anew where the liveness handler has changed, and goes where
 * there is no liveness probe, or none that a startupProbe may be derived from.
 *
 * Returns the edits for the object as it came, or none where nothing of ours is stale.
 */
export function followEdits(workload: Workload, evaluate: Evaluate, policy: EffectivePolicy): Edit[] {
  const marker = readMarker(workload);
  if (marker.size === 0) return [];
  const stale = [...markedContainers(workload)].flatMap(([name, container]) =>
    isStale(container, property(marker.get(name), 'startupProbe')) ? [container] : [],
  );
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

/** `recorded` is the startupProbe as the marker holds it. */
function isStale({ startupProbe, livenessProbe }: Container, recorded: unknown): boolean {
  const ours = readProbe(recorded);
  if (startupProbe === undefined || ours === undefined) return false;
  if (JSON.stringify(essence(ours)) !== JSON.stringify(essence(startupProbe))) return false;
  return livenessProbe === undefined || handlerIdentity(livenessProbe.handler) !== handlerIdentity(startupProbe.handler);
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
