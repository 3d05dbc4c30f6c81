import type { Finding } from '../../core/finding.ts';
import type { ProbeField } from '../../core/probe.ts';
import { count } from '../../core/text.ts';
import type { ContainerHistory, ProbeHistory, WorkloadHistory } from './history.ts';

/** What happened that bears on a finding, as data. */
export interface Observed {
  /** Of the finding's probe; of the liveness probe where it is about a startupProbe that is missing. */
  readonly probe: ProbeField;
  readonly kills: number;
  readonly failures: number;
  /** Of the container, for whatever reason, as long as its Pods live. */
  readonly restarts: number;
  readonly crashLooping: number;
  /** Milliseconds since the epoch. */
  readonly lastKill?: number;
  readonly lastFailure?: number;
  readonly detail?: string;
  readonly lastTermination?: ContainerHistory['lastTermination'];
  readonly slowestStart?: ContainerHistory['slowestStart'];
}

const QUIET: ProbeHistory = { kills: 0, failures: 0 };

/** Rules about the time to boot: there, how long it really took is what matters. */
const ABOUT_STARTING: ReadonlySet<string> = new Set(['startup-missing', 'startup-budget', 'startup-exceeds-progress-deadline']);

/** Undefined where nothing is known of the container. */
export function observe({ rule, container, probe }: Finding, history: WorkloadHistory): Observed | undefined {
  const known = history.get(container);
  if (known === undefined) return undefined;
  const { kills, failures, ...last } = known.probes.get(probe) ?? QUIET;
  const { restarts, crashLooping, lastTermination, slowestStart } = known;
  return {
    probe,
    kills,
    failures,
    restarts,
    crashLooping,
    ...last,
    ...(lastTermination !== undefined && { lastTermination }),
    ...(slowestStart !== undefined && ABOUT_STARTING.has(rule) && { slowestStart }),
  };
}

/** Above this part of its budget, a start is near its end. */
const NEAR = 0.8;

const isNearBudget = ({ seconds, budgetSeconds }: { seconds: number; budgetSeconds: number }): boolean =>
  seconds >= NEAR * budgetSeconds;

/** What happened, as a person would say it, or undefined where there is nothing to say: `restarted 14 times by this probe, 3 min ago`. */
export function observedText(observed: Observed, now: number): string | undefined {
  const parts = [restartsText(observed, now), startText(observed)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join('; ');
}

function restartsText(observed: Observed, now: number): string | undefined {
  const { kills, failures, restarts, crashLooping, lastKill, lastFailure, probe, lastTermination } = observed;
  const waiting = crashLooping === 0 ? '' : `; ${count(crashLooping, 'Pod')} in CrashLoopBackOff`;
  if (kills > 0) {
    const by =
      restarts <= kills
        ? `restarted ${times(kills)} by this probe`
        : `restarted ${times(restarts)}, at least ${kills} by this probe`;
    return `${by}${ago(lastKill, now)}${waiting}`;
  }
  if (probe === 'readinessProbe') return failures === 0 ? undefined : `failed ${times(failures)}${ago(lastFailure, now)}`;
  const failed = failures === 0 ? '' : `, and this probe failed ${times(failures)}${ago(lastFailure, now)}`;
  if (restarts > 0) {
    const reason = lastTermination === undefined ? '' : ` (last: ${terminationText(lastTermination)})`;
    return `restarted ${times(restarts)}${reason}${failed || ', by what is not recorded any more'}${waiting}`;
  }
  return failures === 0 ? undefined : `failed ${times(failures)}${ago(lastFailure, now)}`;
}

const terminationText = ({ reason, exitCode }: NonNullable<Observed['lastTermination']>): string =>
  [reason, exitCode === undefined ? '' : `exit code ${exitCode}`].filter((part) => part !== '').join(', ');

function startText({ slowestStart }: Observed): string | undefined {
  if (slowestStart === undefined) return undefined;
  const { seconds, budgetSeconds } = slowestStart;
  const near = isNearBudget(slowestStart) ? ': near its end' : '';
  return `slowest start seen: ready after ${Math.round(seconds)} s, of ${budgetSeconds} s that it has${near}`;
}

const times = (number: number): string => (number === 1 ? 'once' : `${number} times`);

function ago(time: number | undefined, now: number): string {
  if (time === undefined || time === 0) return '';
  const seconds = Math.max(0, Math.round((now - time) / 1000));
  if (seconds < 90) return `, last ${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `, last ${minutes} min ago` : `, last ${Math.round(minutes / 60)} h ago`;
}
