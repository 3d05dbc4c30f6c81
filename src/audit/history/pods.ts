import { type Container, readPodSpec } from '../../core/container.ts';
import { isObject, type JsonObject, list, property, text, valueAt } from '../../core/json.ts';
import { type Probe, startupBudgetSeconds } from '../../core/probe.ts';
import { parseTime } from '../../core/time.ts';
import type { Start, Termination } from './history.ts';

/** What a Pod's status says of one of its containers. */
export interface ContainerSighting {
  readonly container: string;
  readonly restarts: number;
  readonly crashLooping: boolean;
  readonly lastTermination?: Termination;
  readonly start?: Start;
}

/** The containers that are probed, of a Pod as the API server has it. */
export function sightingsOf(pod: JsonObject): ContainerSighting[] {
  const { containers } = readPodSpec(property(pod, 'spec'), ['spec']);
  const statuses = new Map(
    ['containerStatuses', 'initContainerStatuses']
      .flatMap((field) => list(valueAt(pod, ['status', field])))
      .filter(isObject)
      .map((status) => [text(property(status, 'name')) ?? '', status]),
  );
  const ready = readySince(pod);
  // A Pod is ready when all are: which of several was the last to be so cannot be told.
  const awaited = containers.filter(({ readinessProbe, startupProbe }) => (readinessProbe ?? startupProbe) !== undefined);
  return containers.flatMap((container) => {
    const status = statuses.get(container.name);
    if (status === undefined) return [];
    const restarts = property(status, 'restartCount');
    const lastTermination = readTermination(valueAt(status, ['lastState', 'terminated']));
    const start = awaited.length === 1 && awaited[0] === container ? readStart(container, status, ready) : undefined;
    return [
      {
        container: container.name,
        restarts: typeof restarts === 'number' ? Math.max(0, restarts) : 0,
        crashLooping: valueAt(status, ['state', 'waiting', 'reason']) === 'CrashLoopBackOff',
        ...(lastTermination !== undefined && { lastTermination }),
        ...(start !== undefined && { start }),
      },
    ];
  });
}

function readySince(pod: JsonObject): number | undefined {
  const conditions = list(valueAt(pod, ['status', 'conditions']));
  const condition = conditions.find((candidate) => property(candidate, 'type') === 'ContainersReady');
  if (property(condition, 'status') !== 'True') return undefined;
  return parseTime(text(property(condition, 'lastTransitionTime')) ?? '');
}

/**
 * From the container's start to the Pod's being ready. The condition's time moves when readiness fails later on: what is longer than
 * the kubelet lets any start be is no start.
 */
function readStart(container: Container, status: JsonObject, ready: number | undefined): Start | undefined {
  const probe = container.startupProbe ?? container.livenessProbe;
  const began = parseTime(text(valueAt(status, ['state', 'running', 'startedAt'])) ?? '');
  if (probe === undefined || began === undefined || ready === undefined || ready < began) return undefined;
  const seconds = (ready - began) / 1000;
  return seconds > longestStart(probe) ? undefined : { seconds, budgetSeconds: startupBudgetSeconds(probe) };
}

/** After so many seconds the kubelet has killed it for certain: the last failure comes one period and one timeout late at most. */
const longestStart = (probe: Probe): number => startupBudgetSeconds(probe) + 2 * probe.periodSeconds + probe.timeoutSeconds;

function readTermination(terminated: unknown): Termination | undefined {
  const at = parseTime(text(property(terminated, 'finishedAt')) ?? '');
  if (at === undefined) return undefined;
  const exitCode = property(terminated, 'exitCode');
  return {
    at,
    reason: text(property(terminated, 'reason')) ?? '',
    ...(typeof exitCode === 'number' && { exitCode }),
  };
}
