import { defineRule } from '../core/rule.ts';
import { seconds, whereIs } from '../core/text.ts';

export const timeoutExceedsPeriod = defineRule({
  id: 'timeout-exceeds-period',
  summary: 'A probe is over before the next one is due.',
  remedy: 'Lengthen periodSeconds to at least timeoutSeconds.',
  why:
    'The kubelet runs a probe to its end before the next: when answers are slow, they then run back to back, and a ' +
    'failure is noticed later than the period suggests (measured: kubelet 1.35). Harmless, but rarely meant.',
  fields: 'containers[*].{livenessProbe,readinessProbe}.{timeoutSeconds,periodSeconds}',
  allowed: 'timeoutSeconds ≤ periodSeconds',
  since: '0.1',
  severity: 'Info',
  fixable: false,
  *check({ probes }) {
    for (const site of [...probes('livenessProbe'), ...probes('readinessProbe')]) {
      const { timeoutSeconds, periodSeconds } = site.probe;
      if (timeoutSeconds <= periodSeconds) continue;
      yield {
        ...site,
        at: [...site.at, 'timeoutSeconds'],
        severity: 'Info',
        message: `${whereIs(site)} may take ${seconds(timeoutSeconds)} but is due every ${seconds(periodSeconds)}: slow probes run back to back`,
      };
    }
  },
});
