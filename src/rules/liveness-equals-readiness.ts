import { type Container, resolvePort } from '../core/container.ts';
import { handlerIdentity, type Probe, toleranceSeconds } from '../core/probe.ts';
import { defineRule } from '../core/rule.ts';
import { seconds, whereIs } from '../core/text.ts';

export const livenessEqualsReadiness = defineRule({
  id: 'liveness-equals-readiness',
  summary: 'Liveness does not ask what readiness asks, or gives up later.',
  remedy: 'Give liveness an endpoint of its own, or a higher failureThreshold than readiness has.',
  why:
    'When both ask the same and liveness does not wait longer, a replica that is merely busy is restarted instead of ' +
    'taken out. A slower liveness probe on the same cheap endpoint is what the Kubernetes documentation recommends, ' +
    'and passes.',
  fields: 'containers[*].{livenessProbe,readinessProbe}',
  allowed: 'different handlers, or a liveness probe that tolerates more than readiness does',
  since: '0.1',
  severity: 'Warning',
  fixable: false,
  *check({ probes }) {
    for (const site of probes('livenessProbe')) {
      const { container, probe: liveness, verdict } = site;
      const readiness = container.readinessProbe;
      if (readiness === undefined || !sameCheck(liveness, readiness, container)) continue;
      if (toleranceSeconds(liveness) > toleranceSeconds(readiness)) continue;
      yield {
        ...site,
        severity: verdict.asks === 'process' ? 'Info' : 'Warning',
        message:
          `${whereIs(site)} asks what readinessProbe asks and gives up no later ` +
          `(${seconds(toleranceSeconds(liveness))}, readiness ${seconds(toleranceSeconds(readiness))})`,
        evidence: verdict.evidence,
      };
    }
  },
});

/** Ports are compared by number: one probe may name the port that the other writes out. */
function sameCheck(a: Probe, b: Probe, container: Container): boolean {
  const withNumber = ({ handler }: Probe): string =>
    handler.kind === 'exec' || handler.kind === 'grpc'
      ? handlerIdentity(handler)
      : handlerIdentity({ ...handler, port: resolvePort(handler, container) ?? handler.port });
  return withNumber(a) === withNumber(b);
}
