import { PROBE_FIELDS } from '../core/probe.ts';
import { defineRule } from '../core/rule.ts';
import { whereIs } from '../core/text.ts';
import { alwaysPasses } from '../knowledge/command-traits.ts';

export const probeAlwaysPasses = defineRule({
  id: 'probe-always-passes',
  summary: 'A probe can fail.',
  remedy: 'Let the command end with the result of its check, or remove the probe.',
  why: 'A probe that cannot fail looks like a check and is none: whoever reads it believes that the app is watched.',
  fields: 'containers[*].{livenessProbe,readinessProbe,startupProbe}.exec.command',
  allowed: 'a command whose exit code depends on what it checks',
  since: '0.1',
  severity: 'Warning',
  fixable: false,
  *check({ probes }) {
    for (const field of PROBE_FIELDS) {
      for (const site of probes(field)) {
        const reason = alwaysPasses(site.probe.handler, site.container);
        if (reason === undefined) continue;
        yield { ...site, severity: 'Warning', message: `${whereIs(site)} cannot fail: ${reason}` };
      }
    }
  },
});
