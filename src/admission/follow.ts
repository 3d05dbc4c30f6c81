import type { Container } from '../core/container.ts';
import { applyEdits, type Edit } from '../core/edit.ts';
import type { Evaluate } from '../core/evaluate.ts';
import { property } from '../core/json.ts';
import { type Path, pointer } from '../core/path.ts';
import { deriveStartup, startupFloor } from '../core/patience.ts';
import type { EffectivePolicy } from '../core/policy.ts';
import { handlerIdentity, type Probe, readProbe, startupBudgetSeconds, writtenProbe } from '../core/probe.ts';
import { readWorkload, type Workload } from '../core/workload.ts';
import { markedContainers, type Marks, readMarker } from './marker.ts';

/**
 * A startupProbe that we derived follows the liveness probe: one that stays behind kills or hangs the next pods, since no re-apply
 * takes away what nobody owns (measured: apply, server-side apply). It is ours if the marker holds it, and untouched if it still
 * reads as the marker says. Ours, untouched and no longer what liveness calls for, it is derived anew; where none can be derived any
 * more, or none is needed, it goes.
 *
 * Returns the edits for the object as it came. Whether the policy patches does not matter: this is upkeep of what is ours.
 */
export function followEdits(workload: Workload, evaluate: Evaluate, policy: EffectivePolicy): Edit[] {
  const ours = oursIn(workload);
  if (ours.length === 0) return [];
  const removals = ours.map(({ at }): Edit => ({ op: 'remove', at }));
  const derivable = derivableIn(edited(workload, removals), evaluate, policy);
  return ours.flatMap(({ container, startup, marks, at }): Edit[] => {
    const liveness = container.livenessProbe && withoutMarks(container.livenessProbe, marks);
    const anew = derivable.get(pointer(at));
    if (liveness === undefined || anew === undefined) return [{ op: 'remove', at }];
    if (!isStale(startup, liveness)) return [];
    // The budget that the pods have had is not taken away again, whatever the floor is by now.
    const floor = Math.max(startupFloor(workload, policy.thresholds), startupBudgetSeconds(startup));
    // By itself liveness waits as long: then none is needed.
    if (startupBudgetSeconds(liveness) >= floor) return [{ op: 'remove', at }];
    const timeoutSeconds = Math.max(anew.timeoutSeconds, startup.timeoutSeconds);
    return [{ op: 'set', at, value: writtenProbe(deriveStartup(container, { ...liveness, timeoutSeconds }, liveness, floor)) }];
  });
}

/** The workload as it would be with the edits. */
export const edited = (workload: Workload, edits: readonly Edit[]): Workload => {
  const after = edits.length === 0 ? workload : readWorkload(applyEdits(workload.object, edits), [workload.type]);
  return after === undefined ? workload : { ...after, namespace: workload.namespace };
};

/** Where a startupProbe can be derived, and which: asked of the engine under a floor that no liveness probe meets by itself. */
function derivableIn(workload: Workload, evaluate: Evaluate, policy: EffectivePolicy): ReadonlyMap<string, Probe> {
  const { progressDeadlineSeconds: _deadline, ...type } = workload.type;
  const thresholds = { ...policy.thresholds, startupBudgetSeconds: Infinity };
  const { edits } = evaluate({ ...workload, type }, { ...policy, thresholds, rules: new Map(), exemptions: [] });
  return new Map(
    edits.flatMap((edit) => {
      const probe = edit.op === 'set' && edit.at.at(-1) === 'startupProbe' ? readProbe(edit.value) : undefined;
      return probe === undefined ? [] : [[pointer(edit.at), probe]];
    }),
  );
}

interface Ours {
  readonly container: Container;
  readonly startup: Probe;
  readonly marks: Marks;
  readonly at: Path;
}

/** The startupProbes that the marker holds and that read as it says. */
function oursIn(workload: Workload): Ours[] {
  const marker = readMarker(workload);
  if (marker.size === 0) return [];
  return [...markedContainers(workload)].flatMap(([name, container]) => {
    const marks = marker.get(name) ?? {};
    const recorded = readProbe(marks.startupProbe);
    const { startupProbe: startup } = container;
    if (recorded === undefined || startup === undefined || !sameProbe(recorded, startup)) return [];
    return [{ container, startup, marks, at: [...container.at, 'startupProbe'] }];
  });
}

/** The liveness probe with the least that its user can have written where a number is ours: what we raised asks for nothing more. */
function withoutMarks(liveness: Probe, { livenessProbe: marks }: Marks): Probe {
  const isOurs = (field: 'initialDelaySeconds' | 'failureThreshold'): boolean => property(marks, field) === liveness[field];
  return {
    ...liveness,
    ...(isOurs('initialDelaySeconds') && { initialDelaySeconds: 0 }),
    ...(isOurs('failureThreshold') && { failureThreshold: 1 }),
  };
}

const sameProbe = (a: Probe, b: Probe): boolean => JSON.stringify(writtenProbe(a)) === JSON.stringify(writtenProbe(b));

/** Does it ask something else than liveness, or is it less patient than liveness by itself would be? */
const isStale = (startup: Probe, liveness: Probe): boolean =>
  handlerIdentity(startup.handler) !== handlerIdentity(liveness.handler) ||
  startup.timeoutSeconds < liveness.timeoutSeconds ||
  startupBudgetSeconds(startup) < startupBudgetSeconds(liveness) ||
  startup.terminationGracePeriodSeconds !== liveness.terminationGracePeriodSeconds;
