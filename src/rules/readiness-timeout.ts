import { readinessTimeoutFloor } from '../core/patience.ts';
import { defineRule, effectiveTimeoutSeconds } from '../core/rule.ts';
import { seconds, whereIs } from '../core/text.ts';

export const readinessTimeout = defineRule({
  id: 'readiness-timeout',
  summary: 'A readiness probe that asks others waits longer than the slowest of them takes.',
  remedy: 'Raise timeoutSeconds above the worst response time of what the endpoint asks.',
  why:
    "When a shared dependency slows down, every replica's readiness times out at once and the Service has no endpoint " +
    'left: an outage made of a slowdown.',
  fields: 'containers[*].readinessProbe.timeoutSeconds',
  allowed: 'at least `thresholds.readinessTimeoutSeconds`, and above the worst response time that the policy gives a dependency',
  since: '0.1',
  severity: 'Warning',
  fixable: true,
  *check({ probes, thresholds, patience }) {
    for (const site of probes('readinessProbe')) {
      const floor = readinessTimeoutFloor(thresholds, site.verdict);
      const waits = effectiveTimeoutSeconds(site);
      if (waits >= floor) continue;
      yield {
        ...site,
        at: [...site.at, 'timeoutSeconds'],
        severity: 'Warning',
        message: `${whereIs(site)} waits ${seconds(waits)} for an answer, under the floor of ${seconds(floor)}`,
        evidence: site.verdict.evidence,
        edits: patience(site.container).get('readiness-timeout') ?? [],
      };
    }
  },
});
