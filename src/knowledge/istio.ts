import type { Container, PodSpec } from '../core/container.ts';
import { property } from '../core/json.ts';
import { type Handler, type Probe, readProbe } from '../core/probe.ts';

/** A probe that Istio has taken over: pilot-agent runs the original one and passes on its result. */
export interface Rewritten {
  /** Undefined where the original is not in the pod: the sidecar is there, its list of probes is not. */
  readonly original?: Probe;
  /** The container that the original asks. */
  readonly container: Container;
}

const LONGEST_LIST = 65_536;

/**
 * Istio's injector points HTTP, TCP and gRPC probes at its own agent (`/app-health/<container>/livez`, port 15020) and leaves the
 * original in the environment of the sidecar: https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/.
 * The agent waits for the application as long as the original's `timeoutSeconds` says, whatever the probe in the pod says now.
 */
export function unwrapIstio(handler: Handler, container: Container, pod: PodSpec): Rewritten | undefined {
  if (handler.kind !== 'httpGet' || !handler.path.startsWith('/app-health/')) return undefined;
  const [, , name = '', check = '', ...rest] = handler.path.split('/');
  if (rest.length > 0 || (check !== 'livez' && check !== 'readyz' && check !== 'startupz')) return undefined;
  const proxy = pod.containers.find((item) => item.name === 'istio-proxy');
  if (proxy === undefined && handler.port !== 15_020) return undefined;
  const asked = pod.containers.find((item) => item.name === name) ?? container;
  const list = proxy?.env.find((variable) => variable.name === 'ISTIO_KUBE_APP_PROBERS')?.value;
  const original = list === undefined || list.length > LONGEST_LIST ? undefined : readProbe(property(parsed(list), handler.path));
  return { container: asked, ...(original !== undefined && { original }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
