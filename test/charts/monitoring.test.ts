import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { list, property, text, valueAt } from '../../src/core/json.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { helm, render } from './support/helm.ts';

const RUNBOOKS = new URL('../../docs/runbooks.md', import.meta.url);

describe.skipIf(helm === undefined)('the alerts of the chart', () => {
  const runbookUrl = 'https://docs.example.com/runbooks';
  const alerts = (): unknown[] => {
    const rule = render({ scan: { enabled: true }, metrics: { prometheusRule: { enabled: true, runbookUrl } } }).find(({ kind }) => kind === 'PrometheusRule');
    return [...list(valueAt(rule, ['spec', 'groups', 0, 'rules']))];
  };

  it('ask about metrics that there are', async () => {
    const metrics = await createMetrics().text();
    const known = new Set([...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const asked = alerts().flatMap((alert) => (text(property(alert, 'expr')) ?? '').match(/probewise_\w+/g) ?? []);
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.filter((name) => !known.has(name.replace(/_bucket$/, '')))).toEqual([]);
  });

  it('each have a runbook under their name', async () => {
    const headings = [...(await readFile(RUNBOOKS, 'utf8')).matchAll(/^## (\S+)$/gm)].map(([, heading = '']) => heading);
    for (const alert of alerts()) {
      const name = text(property(alert, 'alert')) ?? '';
      expect(headings).toContain(name);
      expect(valueAt(alert, ['annotations', 'runbook_url'])).toBe(`${runbookUrl}#${name.toLowerCase()}`);
    }
  });
});
