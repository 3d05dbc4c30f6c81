import { defineRule } from '../core/rule.ts';
import { whatItDoes, whereIs } from '../core/text.ts';
import { asksBeyondThePod, MEANING } from './liveness-dependency.ts';

export const startupDependency = defineRule({
  id: 'startup-dependency',
  summary: 'A startup probe asks only whether its own process has finished booting.',
  remedy: 'Let startup ask what liveness asks, and check dependencies in readiness.',
  why:
    'A failing startupProbe restarts the container as a failing liveness probe does: no replica starts while the ' +
    'dependency is away.',
  fields: 'containers[*].startupProbe',
  allowed: 'a handler whose verdict is `process`, `resource` or `unknown`',
  since: '0.1',
  severity: 'Warning',
  fixable: false,
  *check({ probes }) {
    for (const site of probes('startupProbe')) {
      const { verdict } = site;
      if (!asksBeyondThePod(verdict)) continue;
      yield {
        ...site,
        severity: verdict.confidence === 'low' ? 'Info' : 'Warning',
        message: `${whereIs(site)} ${whatItDoes(site)}: ${MEANING[verdict.asks]}`,
        evidence: verdict.evidence,
      };
    }
  },
});
