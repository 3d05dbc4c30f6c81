import { defineRule, effectiveTimeoutSeconds } from '../core/rule.ts';
import { seconds, whereIs } from '../core/text.ts';

export const livenessTimeout = defineRule({
  id: 'liveness-timeout',
  summary: 'A liveness probe waits about as long for an answer as a client would.',
  remedy: 'Raise timeoutSeconds to what a client would wait.',
  why:
    'Under load every answer takes longer than a second: all replicas are restarted at the moment when they are ' +
    'needed most. A liveness timeout is of the order of what clients wait.',
  fields: 'containers[*].livenessProbe.timeoutSeconds',
  allowed: 'at least `thresholds.livenessTimeoutSeconds`',
  since: '0.1',
  severity: 'Warning',
  fixable: true,
  *check({ probes, thresholds, patience }) {
    const floor = thresholds.livenessTimeoutSeconds;
    for (const site of probes('livenessProbe')) {
      const waits = effectiveTimeoutSeconds(site);
      if (waits >= floor) continue;
      yield {
        ...site,
        at: [...site.at, 'timeoutSeconds'],
        severity: 'Warning',
        message: `${whereIs(site)} waits ${seconds(waits)} for an answer, under the floor of ${seconds(floor)}`,
        edits: patience(site.container).get('liveness-timeout') ?? [],
      };
    }
  },
});
