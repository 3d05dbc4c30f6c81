import { type Container, resolvePort } from './container.ts';
import type { Edit } from './edit.ts';
import { type Json, property, valueAt } from './json.ts';
import { type Probe, type ProbeField, startupBudgetSeconds, type Timing } from './probe.ts';
import { livenessToleranceFloor, type Thresholds } from './thresholds.ts';
import type { Verdict } from './verdict.ts';
import type { Workload } from './workload.ts';

/** Floors under one probe, in seconds; 0 is none. */
export interface Floors {
  readonly timeoutSeconds: number;
  readonly toleranceSeconds: number;
  /** For the boot; met by a longer initialDelay where the tolerance alone does not reach it. */
  readonly budgetSeconds: number;
}

const NO_FLOORS: Floors = { timeoutSeconds: 0, toleranceSeconds: 0, budgetSeconds: 0 };

/**
 * The solver: the smallest change that meets all floors. First the timeout, then failureThreshold, then initialDelay; the period
 * stays (a longer one delays recovery). Nothing ever goes down, and solving twice changes nothing more.
 */
export function patient<T extends Timing>(probe: T, floors: Floors): T {
  const failureThreshold = Math.max(probe.failureThreshold, Math.ceil(floors.toleranceSeconds / probe.periodSeconds) + 1);
  const tolerance = (failureThreshold - 1) * probe.periodSeconds;
  return {
    ...probe,
    timeoutSeconds: Math.max(probe.timeoutSeconds, floors.timeoutSeconds),
    failureThreshold,
    initialDelaySeconds: Math.max(probe.initialDelaySeconds, floors.budgetSeconds - tolerance),
  };
}

/** The longest period of a startupProbe of ours: its success triggers a readiness probe at once, so a short one is Ready sooner. */
const STARTUP_PERIOD_SECONDS = 2;

/**
 * Seconds that a startup budget must reach. In a kind that gives up on a rollout after a deadline, never more than that: a budget
 * beyond it would only hide the failure.
 */
export function startupFloor(workload: Workload, thresholds: Thresholds): number {
  return Math.min(thresholds.startupBudgetSeconds, progressDeadline(workload) ?? Infinity);
}

/** Seconds until a rollout of this workload counts as failed, or undefined where it never does. */
export function progressDeadline(workload: Workload): number | undefined {
  const byDefault = workload.type.progressDeadlineSeconds;
  if (byDefault === undefined) return undefined;
  const written = valueAt(workload.object, ['spec', 'progressDeadlineSeconds']);
  return typeof written === 'number' && written > 0 ? written : byDefault;
}

/**
 * The failureThreshold with which a startupProbe meets the floor: rounded up, but down where rounding up would pass the workload's
 * progress deadline. A probe that is as patient already keeps its own; one second short, on a grid of two, counts as met.
 */
export function startupFailureThreshold(probe: Timing, floor: number, deadline: number | undefined): number {
  const missing = floor - probe.initialDelaySeconds;
  const grid = Math.min(probe.periodSeconds, STARTUP_PERIOD_SECONDS);
  if (startupBudgetSeconds(probe) + grid > floor) return probe.failureThreshold;
  const up = Math.ceil(missing / probe.periodSeconds) + 1;
  const down = Math.floor(missing / probe.periodSeconds) + 1;
  const beyond = probe.initialDelaySeconds + (up - 1) * probe.periodSeconds > (deadline ?? Infinity);
  return Math.max(probe.failureThreshold, beyond ? down : up);
}

/**
 * May a startupProbe be derived from this liveness probe? Only where its handler is known to resolve (the kubelet throws the error
 * away for liveness, and hangs the pod for startup), asks only its own process or cannot be told, and where holding back the rest
 * does no harm: not in a sidecar (it would hold back the next init container), nor where pods run to completion.
 */
export function canDeriveStartup(workload: Workload, container: Container, verdict: Verdict): boolean {
  const { handler } = container.livenessProbe ?? {};
  if (handler === undefined || handler.kind === 'exec' || container.role === 'sidecar') return false;
  if (workload.type.runsToCompletion === true) return false;
  if (handler.kind !== 'grpc' && handler.host !== undefined) return false;
  return (verdict.asks === 'process' || verdict.asks === 'unknown') && resolvePort(handler, container) !== undefined;
}

/** Is there one, be it one that cannot be read? */
export const hasStartupProbe = (container: Container): boolean =>
  container.startupProbe !== undefined || (container.unreadable?.includes('startupProbe') ?? false);

/** A startupProbe on the liveness probe's own handler, that grants the floor and at least what liveness alone granted. */
export function deriveStartup(container: Container, liveness: Probe, original: Probe, floor: number): Probe {
  const periodSeconds = Math.min(
    original.periodSeconds,
    container.readinessProbe?.periodSeconds ?? STARTUP_PERIOD_SECONDS,
    STARTUP_PERIOD_SECONDS,
  );
  const failures = Math.max(Math.ceil(startupBudgetSeconds(original) / periodSeconds), Math.floor(floor / periodSeconds));
  return {
    handler: original.handler,
    initialDelaySeconds: 0,
    timeoutSeconds: liveness.timeoutSeconds,
    periodSeconds,
    successThreshold: 1,
    failureThreshold: failures + 1,
    ...(original.terminationGracePeriodSeconds !== undefined && {
      terminationGracePeriodSeconds: original.terminationGracePeriodSeconds,
    }),
  };
}

/** Which rules' floors are to be met: a rule that is off, exempt or set to `fix: Never` asks for nothing. */
type Mends = (rule: FixableRule) => boolean;
const FIXABLE_RULES = [
  'liveness-timeout',
  'liveness-tolerance',
  'readiness-timeout',
  'readiness-tolerance',
  'startup-missing',
  'startup-budget',
] as const;
type FixableRule = (typeof FIXABLE_RULES)[number];

/** All that the solver changes in one container, all floors taken together, by the rule that each edit is for. */
export type Patience = ReadonlyMap<FixableRule, readonly Edit[]>;

export interface PatienceInput {
  readonly workload: Workload;
  readonly container: Container;
  readonly thresholds: Thresholds;
  readonly verdict: (field: ProbeField) => Verdict | undefined;
  readonly mends: Mends;
}

export function patienceOf(input: PatienceInput): Patience {
  return new Map([...livenessPatience(input), ...readinessPatience(input), ...startupPatience(input)]);
}

function livenessPatience({ workload, container, thresholds, verdict, mends }: PatienceInput): Map<FixableRule, Edit[]> {
  const edits = new Map<FixableRule, Edit[]>();
  const original = container.livenessProbe;
  const asked = verdict('livenessProbe');
  if (original === undefined || asked === undefined) return edits;
  const liveness = patient(original, {
    timeoutSeconds: mends('liveness-timeout') ? thresholds.livenessTimeoutSeconds : 0,
    toleranceSeconds: mends('liveness-tolerance') ? livenessToleranceFloor(thresholds, asked.asks) : 0,
    budgetSeconds: 0,
  });
  edits.set('liveness-timeout', change(container, 'livenessProbe', 'timeoutSeconds', original, liveness));
  edits.set('liveness-tolerance', change(container, 'livenessProbe', 'failureThreshold', original, liveness));
  const floor = startupFloor(workload, thresholds);
  if (hasStartupProbe(container) || !mends('startup-missing') || startupBudgetSeconds(original) >= floor) return edits;
  if (canDeriveStartup(workload, container, asked)) {
    const startup = deriveStartup(container, liveness, original, floor);
    edits.set('startup-missing', [
      { op: 'set', at: [...container.at, 'startupProbe'], value: asManifest(workload, container, startup) },
    ]);
  } else {
    const delayed = patient(liveness, { ...NO_FLOORS, budgetSeconds: floor });
    const delay = change(container, 'livenessProbe', 'initialDelaySeconds', original, delayed);
    // Where the longer tolerance alone reaches the floor, that is the mend.
    edits.set('startup-missing', delay.length > 0 ? delay : (edits.get('liveness-tolerance') ?? []));
  }
  return edits;
}

function readinessPatience({ container, thresholds, verdict, mends }: PatienceInput): Map<FixableRule, Edit[]> {
  const edits = new Map<FixableRule, Edit[]>();
  const original = container.readinessProbe;
  const asked = verdict('readinessProbe');
  if (original === undefined || asked === undefined) return edits;
  const readiness = patient(original, {
    timeoutSeconds: mends('readiness-timeout') ? readinessTimeoutFloor(thresholds, asked) : 0,
    toleranceSeconds: mends('readiness-tolerance') ? readinessToleranceFloor(thresholds, asked) : 0,
    budgetSeconds: 0,
  });
  edits.set('readiness-timeout', change(container, 'readinessProbe', 'timeoutSeconds', original, readiness));
  edits.set('readiness-tolerance', change(container, 'readinessProbe', 'failureThreshold', original, readiness));
  return edits;
}

/** Where readiness asks others, the timeout must be above the worst of them, or one slow dependency empties the Service. */
export function readinessTimeoutFloor(thresholds: Thresholds, { asks, dependencies = [] }: Verdict): number {
  if (asks !== 'dependency' && asks !== 'aggregate' && asks !== 'readiness') return 0;
  const worst = Math.max(0, ...dependencies.map((dependency) => dependency.worstResponseSeconds ?? 0));
  return Math.max(thresholds.readinessTimeoutSeconds, worst > 0 ? Math.floor(worst) + 1 : 0);
}

/** A dependency that is each replica's own does not take all replicas out at once: there a quick detector is right. */
export function readinessToleranceFloor(thresholds: Thresholds, { asks, dependencies = [] }: Verdict): number {
  if (asks !== 'dependency' && asks !== 'aggregate') return 0;
  const exclusive = dependencies.length > 0 && dependencies.every((dependency) => dependency.sharing === 'Exclusive');
  return exclusive ? 0 : thresholds.readinessToleranceSeconds;
}

function startupPatience({ workload, container, thresholds, mends }: PatienceInput): Map<FixableRule, Edit[]> {
  const original = container.startupProbe;
  if (original === undefined || !mends('startup-budget')) return new Map();
  const floor = startupFloor(workload, thresholds);
  const failureThreshold = startupFailureThreshold(original, floor, progressDeadline(workload));
  const startup = { ...original, failureThreshold };
  return new Map([['startup-budget', change(container, 'startupProbe', 'failureThreshold', original, startup)]]);
}

function change(container: Container, field: ProbeField, name: keyof Timing, from: Timing, to: Timing): Edit[] {
  return from[name] === to[name] ? [] : [{ op: 'set', at: [...container.at, field, name], value: to[name] }];
}

/** The probe as it stands in a manifest: the handler word for word, and only the numbers that are not Kubernetes' own defaults. */
function asManifest(workload: Workload, container: Container, probe: Probe): Json {
  const { kind } = probe.handler;
  const handler = property(valueAt(workload.object, [...container.at, 'livenessProbe']), kind);
  return {
    [kind]: copied(handler),
    timeoutSeconds: probe.timeoutSeconds,
    periodSeconds: probe.periodSeconds,
    failureThreshold: probe.failureThreshold,
    ...(probe.terminationGracePeriodSeconds !== undefined && {
      terminationGracePeriodSeconds: probe.terminationGracePeriodSeconds,
    }),
  };
}

function copied(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object') return null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]));
}
