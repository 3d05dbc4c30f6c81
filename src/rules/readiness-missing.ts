import { defineRule } from '../core/rule.ts';
import { whereIs } from '../core/text.ts';

export const readinessMissing = defineRule({
  id: 'readiness-missing',
  summary: 'A container that serves traffic says when it can.',
  remedy: 'Add a readinessProbe that answers once requests can be served.',
  why:
    'Without a readinessProbe a container counts as Ready when it has started: traffic comes before it can be served, ' +
    'after every start and in every rollout.',
  fields: 'containers[*].{ports,readinessProbe}',
  allowed: 'a readinessProbe, a container without ports, a pod that runs to completion',
  since: '0.1',
  severity: 'Info',
  fixable: false,
  *check({ containers, workload }) {
    if (workload.type.runsToCompletion === true) return;
    for (const { container } of containers()) {
      if (container.role === 'sidecar' || container.ports.length === 0 || container.readinessProbe !== undefined) continue;
      if (container.unreadable?.includes('readinessProbe') === true) continue;
      const site = { container, field: 'readinessProbe' } as const;
      yield {
        ...site,
        at: container.at,
        severity: 'Info',
        message: `${whereIs(site)} is missing: traffic comes as soon as the process has started`,
      };
    }
  },
});
