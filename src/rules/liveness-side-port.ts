import { resolvePort } from '../core/container.ts';
import { defineRule, type ProbeSite } from '../core/rule.ts';
import { whereIs } from '../core/text.ts';

export const livenessSidePort = defineRule({
  id: 'liveness-side-port',
  summary: 'A liveness probe asks the port that serves traffic.',
  remedy: 'Serve the liveness endpoint on the traffic port, or make sure that the status server sees when that one is stuck.',
  why:
    'A status server with threads of its own answers on while the one that serves traffic is stuck: a check must ' +
    'exercise what it vouches for.',
  fields: 'containers[*].livenessProbe.{httpGet,tcpSocket,grpc}.port',
  allowed: 'the port that serves traffic: the one that readiness asks, or one that is not named after metrics or health',
  since: '0.1',
  severity: 'Info',
  fixable: false,
  *check({ probes }) {
    for (const site of probes('livenessProbe')) {
      const { handler } = site.probe;
      if (handler.kind === 'exec' || site.verdict.asks !== 'process' || !asksAside(site)) continue;
      yield {
        ...site,
        at: [...site.at, handler.kind, 'port'],
        severity: 'Info',
        message: `${whereIs(site)} asks port ${handler.port}, which is not the one that serves traffic`,
      };
    }
  },
});

const SIDE_PORT_NAMES = new Set([
  'admin',
  'health',
  'healthz',
  'health-check',
  'http-metrics',
  'management',
  'metrics',
  'monitoring',
  'probe',
  'status',
]);

function asksAside({ container, probe }: ProbeSite): boolean {
  const asked = resolvePort(probe.handler, container);
  const { readinessProbe } = container;
  if (asked === undefined) return false;
  if (readinessProbe !== undefined && readinessProbe.handler.kind !== 'exec') {
    const traffic = resolvePort(readinessProbe.handler, container);
    return traffic !== undefined && traffic !== asked;
  }
  const port = container.ports.find(({ containerPort }) => containerPort === asked);
  return isSide(port?.name) && container.ports.some(({ name }) => !isSide(name));
}

const isSide = (name: string | undefined): boolean => name !== undefined && SIDE_PORT_NAMES.has(name);
