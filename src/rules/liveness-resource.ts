import { defineRule } from '../core/rule.ts';
import { whatItDoes, whereIs } from '../core/text.ts';
import { MEANING } from './liveness-dependency.ts';

export const livenessResource = defineRule({
  id: 'liveness-resource',
  summary: 'A liveness probe does not ask about disk or memory that a restart does not give back.',
  remedy: 'Alert on the resource, or check it in readiness, and let liveness ask only whether the process is stuck.',
  why: 'A full disk is as full after a restart: the container is restarted for ever, and its data gets no better.',
  fields: 'containers[*].livenessProbe',
  allowed: 'a handler whose verdict is not `resource`',
  since: '0.1',
  severity: 'Warning',
  fixable: false,
  *check({ probes }) {
    for (const site of probes('livenessProbe')) {
      if (site.verdict.asks !== 'resource') continue;
      yield {
        ...site,
        severity: site.verdict.confidence === 'low' ? 'Info' : 'Warning',
        message: `${whereIs(site)} ${whatItDoes(site)}: ${MEANING.resource}`,
        evidence: site.verdict.evidence,
      };
    }
  },
});
