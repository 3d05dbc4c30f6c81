import { documentedToleranceSeconds, toleranceSeconds } from '../core/probe.ts';
import { defineRule } from '../core/rule.ts';
import { seconds, whereIs } from '../core/text.ts';
import { livenessToleranceFloor } from '../core/thresholds.ts';

export const livenessTolerance = defineRule({
  id: 'liveness-tolerance',
  summary: 'A liveness probe outlasts the failures that pass by themselves.',
  remedy: 'Raise failureThreshold until (failureThreshold − 1) × periodSeconds reaches the floor.',
  why:
    'What does not last longer than this is no reason for a restart. One period less than periodSeconds × ' +
    'failureThreshold is all that is guaranteed (measured: kubelet 1.35). What asks others must outlast their ' +
    'failover.',
  fields: 'containers[*].livenessProbe.{periodSeconds,failureThreshold}',
  allowed: '(failureThreshold − 1) × periodSeconds at least the floor for what the probe asks',
  since: '0.1',
  severity: 'Warning',
  fixable: true,
  *check({ probes, thresholds, patience }) {
    for (const site of probes('livenessProbe')) {
      const floor = livenessToleranceFloor(thresholds, site.verdict.asks);
      const tolerance = toleranceSeconds(site.probe);
      if (tolerance >= floor) continue;
      yield {
        ...site,
        at: [...site.at, 'failureThreshold'],
        severity: 'Warning',
        message:
          `${whereIs(site)} tolerates ${seconds(tolerance)} for certain (${seconds(documentedToleranceSeconds(site.probe))} at most), ` +
          `under the floor of ${seconds(floor)}`,
        evidence: site.verdict.evidence,
        edits: patience(site.container).get('liveness-tolerance') ?? [],
      };
    }
  },
});
