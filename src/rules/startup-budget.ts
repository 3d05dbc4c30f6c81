import { progressDeadline, startupFailureThreshold, startupFloor } from '../core/patience.ts';
import { startupBudgetSeconds } from '../core/probe.ts';
import { defineRule } from '../core/rule.ts';
import { seconds, whereIs } from '../core/text.ts';

export const startupBudget = defineRule({
  id: 'startup-budget',
  summary: 'A startup probe gives the container time to boot.',
  remedy: 'Raise failureThreshold until (failureThreshold − 1) × periodSeconds is above the slowest boot.',
  why: 'A startupProbe that runs out restarts the container in the middle of its boot, for ever.',
  fields: 'containers[*].startupProbe.{initialDelaySeconds,periodSeconds,failureThreshold}',
  allowed: 'initialDelaySeconds + (failureThreshold − 1) × periodSeconds ≥ `thresholds.startupBudgetSeconds`',
  since: '0.1',
  severity: 'Warning',
  fixable: true,
  *check({ probes, workload, thresholds, patience }) {
    const floor = startupFloor(workload, thresholds);
    for (const site of probes('startupProbe')) {
      const { probe } = site;
      if (startupFailureThreshold(probe, floor, progressDeadline(workload)) === probe.failureThreshold) continue;
      yield {
        ...site,
        at: [...site.at, 'failureThreshold'],
        severity: 'Warning',
        message: `${whereIs(site)} guarantees ${seconds(startupBudgetSeconds(probe))} to boot, under the floor of ${seconds(floor)}`,
        edits: patience(site.container).get('startup-budget') ?? [],
      };
    }
  },
});
