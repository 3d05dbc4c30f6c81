import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { list, property, text, valueAt } from '../../src/core/json.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { recordOf } from '../http/support/start.ts';
import { CHART, helm, render } from './support/helm.ts';

const file = readFileSync(join(CHART, 'dashboards/probewise.json'), 'utf8');
const dashboard: unknown = JSON.parse(file);

/** Labels that Prometheus adds, or that a histogram has. */
const ADDED: ReadonlySet<string> = new Set(['job', 'namespace', 'service', 'le']);

/** By the name of a metric, its labels as a real scrape has them. */
async function scraped(): Promise<Map<string, Set<string>>> {
  const metrics = createMetrics();
  const place = { namespace: 'shop', workload: 'Deployment/orders', container: 'app' };
  metrics.decided(
    recordOf({
      findings: [{ rule: 'liveness-dependency', severity: 'Error', container: 'app' }],
      errors: [{ rule: 'odd', error: new Error('odd') }],
    }),
    0.001,
  );
  metrics.refused({ status: 400, sentence: 'no' });
  metrics.canary([{ door: 'mutate', answered: true }]);
  metrics.clusterFailed('lease');
  metrics.useFigures(() => ({
    policiesAgeSeconds: 1,
    namespacesAgeSeconds: 1,
    policies: { accepted: 1, partly: 0, invalid: 0 },
  }));
  metrics.scanned(
    {
      workloads: 1,
      unread: 0,
      findings: [{ namespace: 'shop', rule: 'liveness-dependency', severity: 'Error', count: 1 }],
      restarts: [{ ...place, probe: 'livenessProbe', flagged: true, count: 3 }],
      starts: [{ ...place, seconds: 10, budgetSeconds: 20 }],
    },
    1,
    0,
  );
  const found = new Map<string, Set<string>>();
  for (const [, name = '', labels = ''] of (await metrics.text()).matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const known = found.get(name) ?? new Set<string>();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    found.set(name, known);
  }
  return found;
}

/** What each metric that an expression names is asked for: the labels in its braces, and those that it is grouped by. */
function asked(expression: string): [string, string[]][] {
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/));
  return [...expression.matchAll(/(probewise_\w+)(?:\{([^}]*)\})?/g)].map(([, metric = '', matchers = '']) => [
    metric,
    [...[...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label), ...grouped],
  ]);
}

async function unknown(expressions: readonly string[]): Promise<string[]> {
  const known = await scraped();
  return expressions.flatMap(asked).flatMap(([metric, labels]) => {
    const own = known.get(metric);
    if (own === undefined) return [metric];
    return labels.filter((label) => !own.has(label) && !ADDED.has(label)).map((label) => `${metric}{${label}}`);
  });
}

const expressions = list(property(dashboard, 'panels')).flatMap((panel) =>
  list(property(panel, 'targets')).map((target) => text(property(target, 'expr')) ?? ''),
);

describe('the dashboard of the chart', () => {
  it('asks only for metrics and labels that a scrape has', async () => {
    expect(expressions.length).toBeGreaterThan(15);
    expect(await unknown(expressions)).toEqual([]);
  });

  it('would be noticed if it did not', async () => {
    expect(await unknown(['sum by (team) (probewise_findings_total{rulez="x"})', 'probewise_gone'])).toEqual([
      'probewise_findings_total{rulez}',
      'probewise_findings_total{team}',
      'probewise_gone',
    ]);
  });

  it('names in its legends only labels that it groups by', () => {
    for (const panel of list(property(dashboard, 'panels'))) {
      for (const target of list(property(panel, 'targets'))) {
        const legend = text(property(target, 'legendFormat')) ?? '';
        for (const [, label = ''] of legend.matchAll(/\{\{(\w+)\}\}/g)) expect(property(target, 'expr')).toContain(label);
      }
    }
  });
});

describe.skipIf(helm === undefined)('monitoring, as the chart renders it', () => {
  it('has the dashboard where it is asked for', () => {
    const rendered = render({ metrics: { dashboard: { enabled: true } } });
    const map = rendered.find((object) => valueAt(object, ['metadata', 'labels', 'grafana_dashboard']) === '1');
    expect(JSON.parse(text(valueAt(map, ['data', 'probewise.json'])) ?? '')).toEqual(dashboard);
  });

  it('alerts only on labels that a scrape has', async () => {
    const rule = render({ scan: { enabled: true }, metrics: { prometheusRule: { enabled: true } } }).find(
      ({ kind }) => kind === 'PrometheusRule',
    );
    const alerts = list(valueAt(rule, ['spec', 'groups', 0, 'rules']));
    expect(alerts.map((alert) => property(alert, 'alert'))).toContain('ProbewiseFlaggedProbeRestarts');
    expect(await unknown(alerts.map((alert) => text(property(alert, 'expr')) ?? ''))).toEqual([]);
  });

  it.each([[true], [false]])('lets the server read what runs only where it scans (%s)', (enabled) => {
    const rendered = render({ scan: { enabled } });
    const roles = rendered.filter((object) => object['kind'] === 'ClusterRole');
    const scans = roles.some((role) => text(valueAt(role, ['metadata', 'name'])) === 'probewise-scan');
    expect(scans).toBe(enabled);
    const server = rendered.find((object) => object['kind'] === 'Deployment');
    const args = list(valueAt(server, ['spec', 'template', 'spec', 'containers', 0, 'args']));
    expect(args.includes('--scan-interval=30')).toBe(enabled);
    expect(args.some((argument) => text(argument)?.startsWith('--scan-interval') === true)).toBe(enabled);
  });
});
