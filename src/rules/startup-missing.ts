import { hasStartupProbe, startupFloor } from '../core/patience.ts';
import { startupBudgetSeconds } from '../core/probe.ts';
import { defineRule } from '../core/rule.ts';
import { seconds, whereIs } from '../core/text.ts';

export const startupMissing = defineRule({
  id: 'startup-missing',
  summary: 'A container with a liveness probe has time to boot.',
  remedy: 'Add a startupProbe on the liveness endpoint with periodSeconds × failureThreshold above the slowest boot.',
  why:
    'Without a startupProbe, liveness restarts a container that boots slowly, and every restart makes it boot again: ' +
    'on the day when everything starts at once, it never comes up.',
  fields: 'containers[*].{livenessProbe,startupProbe}',
  allowed: 'a startupProbe, or a liveness probe that itself leaves time to boot (`thresholds.startupBudgetSeconds`)',
  since: '0.1',
  severity: 'Warning',
  fixable: true,
  *check({ probes, workload, thresholds, patience }) {
    const floor = startupFloor(workload, thresholds);
    for (const site of probes('livenessProbe')) {
      const budget = startupBudgetSeconds(site.probe);
      if (hasStartupProbe(site.container) || budget >= floor) continue;
      yield {
        ...site,
        severity: 'Warning',
        message: `${whereIs(site)} restarts the container if it is not up after ${seconds(budget)}, and no startupProbe holds it back (floor ${seconds(floor)})`,
        edits: patience(site.container).get('startup-missing') ?? [],
      };
    }
  },
});
