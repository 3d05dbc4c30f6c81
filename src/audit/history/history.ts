import type { ProbeField } from '../../core/probe.ts';
import type { ContainerSighting } from './pods.ts';
import type { ProbeEvent } from './probe-events.ts';

/** What one probe of a container did, in all Pods of a workload, as far back as the cluster keeps events (an hour, usually). */
export interface ProbeHistory {
  /** Containers that the kubelet killed because of it. */
  readonly kills: number;
  readonly failures: number;
  /** Milliseconds since the epoch. */
  readonly lastKill?: number;
  readonly lastFailure?: number;
  /** The kubelet's own words for the last failure. */
  readonly detail?: string;
}

/** The slowest that a container is known to have become ready, in seconds from its start, and what it may take at most. */
export interface Start {
  readonly seconds: number;
  readonly budgetSeconds: number;
}

export interface ContainerHistory {
  readonly pods: number;
  /** Of all Pods that are there now, for whatever reason. */
  readonly restarts: number;
  /** How many of them wait in CrashLoopBackOff. */
  readonly crashLooping: number;
  readonly lastTermination?: Termination;
  readonly slowestStart?: Start;
  readonly probes: ReadonlyMap<ProbeField, ProbeHistory>;
}

export interface Termination {
  readonly reason: string;
  readonly exitCode?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** By the container's name. */
export type WorkloadHistory = ReadonlyMap<string, ContainerHistory>;

export const NO_HISTORY: WorkloadHistory = new Map();

const NOTHING: ContainerHistory = { pods: 0, restarts: 0, crashLooping: 0, probes: new Map() };

/** A history that also knows of this Pod. */
export function withPod(history: WorkloadHistory, sightings: readonly ContainerSighting[]): WorkloadHistory {
  const next = new Map(history);
  for (const seen of sightings) {
    const before = next.get(seen.container) ?? NOTHING;
    const lastTermination = latest(before.lastTermination, seen.lastTermination);
    const slowestStart = slowest(before.slowestStart, seen.start);
    next.set(seen.container, {
      pods: before.pods + 1,
      restarts: before.restarts + seen.restarts,
      crashLooping: before.crashLooping + (seen.crashLooping ? 1 : 0),
      ...(lastTermination !== undefined && { lastTermination }),
      ...(slowestStart !== undefined && { slowestStart }),
      probes: before.probes,
    });
  }
  return next;
}

/** A history that also knows of this event. */
export function withEvent(history: WorkloadHistory, event: ProbeEvent): WorkloadHistory {
  const before = history.get(event.container) ?? NOTHING;
  const probe = before.probes.get(event.probe) ?? { kills: 0, failures: 0 };
  const probes = new Map(before.probes).set(event.probe, addEvent(probe, event));
  return new Map(history).set(event.container, { ...before, probes });
}

function addEvent(before: ProbeHistory, { what, count, at, detail }: ProbeEvent): ProbeHistory {
  if (what === 'killed') return { ...before, kills: before.kills + count, lastKill: Math.max(before.lastKill ?? 0, at) };
  const newest = at >= (before.lastFailure ?? 0);
  return {
    ...before,
    failures: before.failures + count,
    lastFailure: Math.max(before.lastFailure ?? 0, at),
    ...(newest && { detail }),
  };
}

const latest = (a: Termination | undefined, b: Termination | undefined): Termination | undefined =>
  a === undefined || (b !== undefined && b.at > a.at) ? b : a;

const slowest = (a: Start | undefined, b: Start | undefined): Start | undefined =>
  a === undefined || (b !== undefined && b.seconds > a.seconds) ? b : a;
