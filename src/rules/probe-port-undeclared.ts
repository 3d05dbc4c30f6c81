import { resolvePort } from '../core/container.ts';
import { PROBE_FIELDS, type ProbeField } from '../core/probe.ts';
import { defineRule } from '../core/rule.ts';
import { whereIs } from '../core/text.ts';

export const probePortUndeclared = defineRule({
  id: 'probe-port-undeclared',
  summary: 'A named port of a probe is one that its container declares.',
  remedy: "Declare the port under this container's `ports`, or write its number in the probe.",
  why:
    'The kubelet throws the error of a port name that it cannot resolve away, and the API server does not look ' +
    '(measured: kubelet 1.35; the app sees no request at all).',
  fields: 'containers[*].{livenessProbe,readinessProbe,startupProbe}.{httpGet,tcpSocket}.port',
  allowed: "a number, or the name of one of the container's own ports",
  since: '0.1',
  severity: 'Error',
  fixable: false,
  *check({ probes }) {
    for (const field of PROBE_FIELDS) {
      for (const site of probes(field)) {
        const { handler } = site.probe;
        if (handler.kind === 'exec' || resolvePort(handler, site.container) !== undefined) continue;
        yield {
          ...site,
          at: [...site.at, handler.kind, 'port'],
          severity: field === 'livenessProbe' ? 'Warning' : 'Error',
          message: `${whereIs(site)} names port "${handler.port}", which the container does not declare: ${CONSEQUENCE[field]}`,
        };
      }
    }
  },
});

const CONSEQUENCE: Record<ProbeField, string> = {
  livenessProbe: 'it never restarts anything',
  readinessProbe: 'the pod never becomes Ready',
  startupProbe: 'the container never counts as started, and is never restarted',
};
