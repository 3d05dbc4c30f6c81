import { defineRule, type Severity } from '../core/rule.ts';
import { whatItDoes, whereIs } from '../core/text.ts';
import type { Asks, Confidence, Verdict } from '../core/verdict.ts';

export const livenessDependency = defineRule({
  id: 'liveness-dependency',
  summary: 'A liveness probe asks only about its own process.',
  remedy: 'Point liveness at an endpoint that checks nothing else, or move this check to readiness.',
  why:
    'A liveness probe that asks about a database restarts every replica when the database is down, and again until it ' +
    'is back.',
  fields: 'containers[*].livenessProbe',
  allowed: 'a handler whose verdict is `process`',
  since: '0.1',
  severity: 'Error',
  fixable: false,
  *check({ probes }) {
    for (const site of probes('livenessProbe')) {
      const { verdict } = site;
      if (!asksBeyondThePod(verdict)) continue;
      yield {
        ...site,
        severity: SEVERITY[verdict.confidence],
        message: `${whereIs(site)} ${whatItDoes(site)}: ${MEANING[verdict.asks]}`,
        evidence: verdict.evidence,
        ...(verdict.safeAlternative !== undefined && {
          remedy: `Point liveness at ${verdict.safeAlternative}, or move this check to readiness.`,
        }),
      };
    }
  },
});

export const asksBeyondThePod = ({ asks }: Verdict): boolean =>
  asks === 'dependency' || asks === 'readiness' || asks === 'aggregate';

/** Only what is certain may deny. */
const SEVERITY: Record<Confidence, Severity> = { high: 'Error', medium: 'Warning', low: 'Info' };

/** What a verdict means for whoever is restarted by it. */
export const MEANING: Record<Asks, string> = {
  process: 'it asks its own process',
  resource: 'it depends on disk or memory, which a restart does not give back',
  dependency: 'it depends on another system, which a restart does not mend',
  readiness: 'it says whether traffic can be taken, not whether the process is stuck',
  aggregate: 'it fails with any registered check, dependencies among them',
  unknown: 'it cannot be told what it asks',
};
