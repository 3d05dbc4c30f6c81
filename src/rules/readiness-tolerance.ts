import { readinessToleranceFloor } from '../core/patience.ts';
import { documentedToleranceSeconds, toleranceSeconds } from '../core/probe.ts';
import { defineRule } from '../core/rule.ts';
import { seconds, whereIs } from '../core/text.ts';

export const readinessTolerance = defineRule({
  id: 'readiness-tolerance',
  summary: 'A readiness probe that asks a shared dependency outlasts its hiccups.',
  remedy: 'Raise failureThreshold, or call the dependency Exclusive in the policy if no two replicas share it.',
  why:
    'A dependency that all replicas share takes them all out of the Service together: better to answer slowly for a ' +
    "while than not at all. One that is each replica's own (`sharing: Exclusive` in the policy) calls for a quick " +
    'detector.',
  fields: 'containers[*].readinessProbe.{periodSeconds,failureThreshold}',
  allowed: '(failureThreshold − 1) × periodSeconds at least `thresholds.readinessToleranceSeconds`, where it asks dependencies',
  since: '0.1',
  severity: 'Warning',
  fixable: true,
  *check({ probes, thresholds, patience }) {
    for (const site of probes('readinessProbe')) {
      const floor = readinessToleranceFloor(thresholds, site.verdict);
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
        edits: patience(site.container).get('readiness-tolerance') ?? [],
      };
    }
  },
});
