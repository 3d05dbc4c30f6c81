import { type Container, type PodSpec, resolvePort } from '../core/container.ts';
import type { Handler } from '../core/probe.ts';
import type { Classify, EndpointFact, Verdict } from '../core/verdict.ts';
import { classifyCommand } from './classify-command.ts';
import { classifyGrpc } from './classify-grpc.ts';
import { classifyHttp, ownerOf } from './classify-http.ts';
import { environmentOf, expandReferences } from './environment.ts';
import { factVerdict } from './facts.ts';
import { readHost } from './host.ts';
import { unwrapIstio } from './istio.ts';
import { quoted, sentence } from './sentence.ts';

/**
 * What a handler asks about. The order of evidence: what the policy says; another host; the catalogue, with an image or a port that
 * speaks for the entry, then by path alone; what a query or a command says; the words of the path; what the container's other
 * probe tells of this one.
 */
export const classify: Classify = (handler, container, pod, facts) => {
  const rewritten = unwrapIstio(handler, container, pod);
  if (rewritten === undefined) return classifyOwn(handler, container, pod, facts);
  if (rewritten.original === undefined) {
    return {
      asks: 'unknown',
      confidence: 'low',
      evidence: 'Istio runs the original of this probe, which is not to be seen in this manifest.',
      source: 'https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/',
    };
  }
  const { original, container: asked } = rewritten;
  return { ...classifyOwn(original.handler, asked, pod, facts), agentTimeoutSeconds: original.timeoutSeconds };
};

function classifyOwn(handler: Handler, container: Container, pod: PodSpec, facts: readonly EndpointFact[]): Verdict {
  const told = factVerdict(handler, container, facts);
  if (told !== undefined) return told;
  const elsewhere = otherHost(handler, container, pod);
  if (elsewhere !== undefined) return elsewhere;
  switch (handler.kind) {
    case 'httpGet':
      return besideReadiness(
        classifyHttp({ ...handler, port: resolvePort(handler, container) }, container, pod),
        handler,
        container,
        pod,
      );
    case 'tcpSocket':
      return classifyConnection(resolvePort(handler, container), container, pod);
    case 'grpc':
      return classifyGrpc(handler.service, container);
    case 'exec':
      return classifyCommand(handler.command, container, pod);
  }
}

function otherHost(handler: Handler, container: Container, pod: PodSpec): Verdict | undefined {
  if (handler.kind !== 'httpGet' && handler.kind !== 'tcpSocket') return undefined;
  if (handler.host === undefined) return undefined;
  const { place, name } = readHost(expandReferences(handler.host, environmentOf(container)), container, pod);
  if (place === 'self') return undefined;
  return {
    asks: 'dependency',
    confidence: 'high',
    evidence: sentence(`Its \`host\` is ${quoted(name)}: it asks another host than the pod.`),
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/probes/',
    safeAlternative: 'its own pod, without `host`',
  };
}

function classifyConnection(port: number | undefined, container: Container, pod: PodSpec): Verdict {
  const owner = ownerOf(port, container, pod);
  const shown = port === undefined ? '' : ` ${port}`;
  return owner === container
    ? { asks: 'process', confidence: 'high', evidence: `It only connects to port${shown} of its own container.` }
    : {
        asks: 'process',
        confidence: 'medium',
        evidence: sentence(`It only connects to port${shown} of container ${quoted(owner.name)} in its own pod.`),
      };
}

/** Where readiness has an endpoint of its own, the other one was made for liveness. */
function besideReadiness(verdict: Verdict, handler: Handler, container: Container, pod: PodSpec): Verdict {
  if (verdict.asks !== 'unknown' || verdict.entry !== undefined) return verdict;
  const { livenessProbe, readinessProbe } = container;
  if (livenessProbe === undefined || readinessProbe === undefined) return verdict;
  if (livenessProbe.handler !== handler) return verdict;
  const readiness = readinessProbe.handler;
  if (readiness.kind !== 'httpGet' || handler.kind !== 'httpGet' || readiness.path === handler.path) return verdict;
  const { asks } = classifyHttp({ ...readiness, port: resolvePort(readiness, container) }, container, pod);
  if (asks !== 'readiness' && asks !== 'dependency' && asks !== 'aggregate') return verdict;
  return {
    asks: 'process',
    confidence: 'low',
    evidence: sentence(
      `Readiness has an endpoint of its own, ${quoted(readiness.path)}, so ${quoted(handler.path)} is likely made for liveness.`,
    ),
  };
}
