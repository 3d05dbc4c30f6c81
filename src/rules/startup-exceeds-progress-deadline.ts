import { progressDeadline } from '../core/patience.ts';
import { startupBudgetSeconds } from '../core/probe.ts';
import { defineRule } from '../core/rule.ts';
import { seconds, whereIs } from '../core/text.ts';

export const startupExceedsProgressDeadline = defineRule({
  id: 'startup-exceeds-progress-deadline',
  summary: 'A rollout waits as long as its pods may take to boot.',
  remedy: 'Raise spec.progressDeadlineSeconds above the startup budget, or lower the budget.',
  why:
    'A rollout counts as failed before a pod that may still be booting is given up: pipelines roll back what would ' +
    'have come up.',
  fields: 'containers[*].startupProbe, spec.progressDeadlineSeconds',
  allowed: 'a startup budget within the deadline (600 s where none is written)',
  since: '0.1',
  severity: 'Warning',
  fixable: false,
  *check({ probes, workload }) {
    const deadline = progressDeadline(workload);
    if (deadline === undefined) return;
    for (const site of probes('startupProbe')) {
      const budget = startupBudgetSeconds(site.probe);
      if (budget <= deadline) continue;
      yield {
        ...site,
        severity: 'Warning',
        message: `${whereIs(site)} allows ${seconds(budget)} to boot, but the rollout counts as failed after ${seconds(deadline)}`,
      };
    }
  },
});
