import { type Container, resolvePort } from '../core/container.ts';
import type { Edit } from '../core/edit.ts';
import { type Json, property, valueAt } from '../core/json.ts';
import { patient } from '../core/patience.ts';
import type { EffectivePolicy } from '../core/policy.ts';
import { describeHandler, type Handler, type Probe } from '../core/probe.ts';
import type { Verdict } from '../core/verdict.ts';
import { containersOf, type Workload } from '../core/workload.ts';
import { classify } from './classify.ts';
import { quoted, sentence } from './sentence.ts';

/** A change that moves a check: for `fix --unsafe` alone, shown with its reason, never made in admission. */
export interface UnsafeFix {
  readonly container: string;
  readonly edits: readonly Edit[];
  /** One sentence for the person who has to say yes. */
  readonly reason: string;
}

/** Only what is certain or likely is worth asking a person about. */
const worthAsking = ({ asks, confidence }: Verdict): boolean =>
  confidence !== 'low' && (asks === 'dependency' || asks === 'readiness' || asks === 'aggregate');

/**
 * What could be done about a liveness probe that asks beyond its own process: point it at the endpoint that the catalogue knows
 * to be safe there, or move it to readiness where that is free.
 */
export function unsafeFixes(workload: Workload, policy: EffectivePolicy): UnsafeFix[] {
  return containersOf(workload).flatMap(({ container, pod }) => {
    const { livenessProbe } = container;
    if (livenessProbe === undefined) return [];
    const verdict = classify(livenessProbe.handler, container, pod, policy.endpoints);
    if (!worthAsking(verdict)) return [];
    const path = safePath(livenessProbe.handler, container, verdict);
    if (path !== undefined) {
      const moved = classify({ ...path.handler }, container, pod, policy.endpoints);
      if (moved.asks === 'process') return [pointElsewhere(container, livenessProbe, verdict, path.path)];
    }
    return container.readinessProbe === undefined ? [moveToReadiness(workload, container, livenessProbe, verdict, policy)] : [];
  });
}

interface SafePath {
  readonly path: string;
  readonly handler: Handler;
}

/** The catalogue's alternative, where it is a path on the same port. A prefix before the known path (a context path) is kept. */
function safePath(handler: Handler, container: Container, verdict: Verdict): SafePath | undefined {
  const safe = verdict.safeAlternative;
  if (handler.kind !== 'httpGet' || safe === undefined || !safe.startsWith('/') || /\s/.test(safe)) return undefined;
  if (resolvePort(handler, container) === undefined) return undefined;
  const path = `${prefixOf(handler.path, safe)}${safe}`;
  return { path, handler: { ...handler, path } };
}

/** `/shop` of `/shop/actuator/health`, if the alternative begins as the known path does (`/actuator/…`). */
function prefixOf(path: string, safe: string): string {
  const [, first = ''] = safe.split('/');
  const at = path.indexOf(`/${first}`);
  return first !== '' && at > 0 ? path.slice(0, at) : '';
}

function pointElsewhere(container: Container, probe: Probe, verdict: Verdict, path: string): UnsafeFix {
  return {
    container: container.name,
    edits: [{ op: 'set', at: [...container.at, 'livenessProbe', 'httpGet', 'path'], value: path }],
    reason: sentence(
      `${verdict.evidence} ${quoted(path)} asks only the process: make sure that your version serves it. Now: ${describe(probe)}.`,
    ),
  };
}

const describe = (probe: Probe): string => quoted(describeHandler(probe.handler));

/** The same check, with the patience that a dependency shared by all replicas needs, and no liveness probe in its place. */
function moveToReadiness(
  workload: Workload,
  container: Container,
  probe: Probe,
  verdict: Verdict,
  policy: EffectivePolicy,
): UnsafeFix {
  const { thresholds } = policy;
  const readiness = patient(probe, {
    timeoutSeconds: thresholds.readinessTimeoutSeconds,
    toleranceSeconds: thresholds.readinessToleranceSeconds,
    budgetSeconds: 0,
  });
  const { kind } = probe.handler;
  const handler = property(valueAt(workload.object, [...container.at, 'livenessProbe']), kind);
  const value: Json = {
    [kind]: copied(handler),
    timeoutSeconds: readiness.timeoutSeconds,
    periodSeconds: readiness.periodSeconds,
    failureThreshold: readiness.failureThreshold,
  };
  return {
    container: container.name,
    edits: [
      { op: 'set', at: [...container.at, 'readinessProbe'], value },
      { op: 'remove', at: [...container.at, 'livenessProbe'] },
    ],
    reason: sentence(`${verdict.evidence} As readiness it takes the pod out of its Service instead of restarting it.`),
  };
}

function copied(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object') return null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]));
}
