import { defineRule } from '../core/rule.ts';
import { seconds, whereIs } from '../core/text.ts';

const LONG_DELAY_SECONDS = 60;

export const readinessDelay = defineRule({
  id: 'readiness-delay',
  summary: 'Traffic comes as soon as it can be served, not after a fixed delay.',
  remedy: 'Replace the delay by a startupProbe on the same endpoint with a short period.',
  why:
    'A fixed delay is waited out after every start, also where the app is up at once: rollouts, scale-ups and ' +
    'recoveries all take as long as the slowest boot ever did.',
  fields: 'containers[*].readinessProbe.initialDelaySeconds',
  allowed: 'under 60 s',
  since: '0.1',
  severity: 'Info',
  fixable: false,
  *check({ probes }) {
    for (const site of probes('readinessProbe')) {
      const delay = site.probe.initialDelaySeconds;
      if (delay < LONG_DELAY_SECONDS) continue;
      yield {
        ...site,
        at: [...site.at, 'initialDelaySeconds'],
        severity: 'Info',
        message: `${whereIs(site)} waits ${seconds(delay)} after every start, whatever happens`,
      };
    }
  },
});
