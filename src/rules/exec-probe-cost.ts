import { defineRule } from '../core/rule.ts';
import { seconds, whereIs } from '../core/text.ts';
import { commandCost } from '../knowledge/command-traits.ts';

const CHEAP_PERIOD_SECONDS = 30;

export const execProbeCost = defineRule({
  id: 'exec-probe-cost',
  summary: 'A command that is heavy to start is not run every few seconds.',
  remedy: 'Ask over HTTP, TCP or gRPC instead, or lengthen periodSeconds to 30 or more.',
  why:
    'A client that starts a JVM, an Erlang node or a Python interpreter costs more than what it asks: run every few ' +
    'seconds in every replica, it takes the CPU that the app lacks, and times out under load.',
  fields: 'containers[*].{livenessProbe,readinessProbe}.exec.command',
  allowed: 'a light command, or a period of 30 s or more',
  since: '0.1',
  severity: 'Warning',
  fixable: false,
  *check({ probes }) {
    for (const site of [...probes('livenessProbe'), ...probes('readinessProbe')]) {
      if (site.probe.periodSeconds >= CHEAP_PERIOD_SECONDS) continue;
      const cost = commandCost(site.probe.handler, site.container);
      if (cost?.heavy !== true) continue;
      yield {
        ...site,
        severity: 'Warning',
        message: `${whereIs(site)} starts ${cost.what} every ${seconds(site.probe.periodSeconds)}`,
      };
    }
  },
});
