import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../control-plane/harness/until.ts';
import { type Api, openApi } from './harness/api.ts';
import { ask, load, summary } from './harness/asking.ts';
import { faults, HOW_TO_GET_FAULTS } from './harness/faults.ts';
import { enforce, freshNamespace, install, readyPods, untilAsked } from './harness/installation.ts';
import { kubectl, tryKubectl } from './harness/run.ts';
import { PROBEWISE } from './harness/workloads.ts';

const WEBHOOK = 'app.kubernetes.io/component=webhook';
const NAMES_AND_RESTARTS = '{range .items[*]}{.metadata.name} {.status.containerStatuses[0].restartCount}{"\\n"}{end}';

if (faults === undefined) console.warn(HOW_TO_GET_FAULTS);

describe.skipIf(faults === undefined)('what clusters do', () => {
  const harm = faults ?? (async () => undefined);
  let api: Api;
  beforeAll(async () => {
    api = await openApi();
    await install();
    await freshNamespace();
    await enforce(api, 'Enforce');
  });
  afterAll(() => api.close());

  /** Both replicas on their own nodes, all nodes there. */
  afterEach(async () => {
    await until(
      'two replicas on two nodes',
      async () => {
        const ready = await readyPods();
        if (ready.length === 2 && new Set(ready.map(({ node }) => node)).size === 2) return true;
        if (ready.length === 2) await kubectl(['-n', PROBEWISE, 'delete', 'pod', ready[0]?.name ?? '']);
        return false;
      },
      180,
    );
    await untilAsked(api, 'denied', 60);
  });

  const restarts = (): Promise<string> =>
    kubectl(['-n', PROBEWISE, 'get', 'pods', '-l', WEBHOOK, '-o', `jsonpath=${NAMES_AND_RESTARTS}`]);

  const numberOf = (node: string): string => node.replace(/^node/, '');

  it('a node goes silent: of eight at a time a few wait, two seconds for each webhook at most, none fails, and then none waits', async () => {
    for (const { node } of await readyPods()) {
      await harm('cut-node', numberOf(node));
      try {
        const running = load(api, { atATime: 8, pauseMilliseconds: 0, limit: 400 });
        await until('all to be answered', async () => running.asked.length >= 400, 60);
        const asked = await running.stop();
        const waited = asked.filter(({ milliseconds }) => milliseconds > 1000);
        console.log(
          `cut ${node}: waited ${waited.map(({ milliseconds }) => Math.round(milliseconds)).join(', ') || 'none'}`,
          summary(asked),
        );
        expect(summary(asked).failed).toBe(0);
        // What was on its way to the silent replica, and once more: until its endpoint goes, a connection that the API server opens
        // in place of a dead one may lead there again.
        expect(waited.length).toBeLessThanOrEqual(16);
        // The answer of the mutating webhook and that of the validating one may both be waited for.
        for (const { milliseconds } of waited) expect(milliseconds).toBeLessThan(4500);
        const later = await until('nobody to wait any more', async () => {
          const after = load(api, { atATime: 8, pauseMilliseconds: 0, limit: 200 });
          await until('all to be answered', async () => after.asked.length >= 200, 60);
          const seen = summary(await after.stop());
          return seen.slowest < 1000 ? seen : undefined;
        });
        expect(later).toMatchObject({ denied: 200 });
      } finally {
        await harm('join-node', numberOf(node));
      }
      await until('the node to be back', async () => (await readyPods()).length === 2, 120);
      await untilAsked(api, 'denied', 60);
    }
  });

  it('a node dies: it comes back alone', async () => {
    const [{ node } = { node: '' }] = await readyPods();
    const before = await restarts();
    await harm('kill-node', numberOf(node));
    try {
      const seen = summary(await Promise.all(Array.from({ length: 8 }, () => ask(api))));
      expect(seen.failed).toBe(0);
      await untilAsked(api, 'denied', 30);
    } finally {
      await harm('start-node', numberOf(node));
    }
    await until(
      'the node to be back',
      async () => (await tryKubectl(['wait', '--for=condition=Ready', `node/${node}`, '--timeout=2s'])).code === 0,
      120,
    );
    // What its kubelet says until then is of the time before.
    await until('its pods to have been started anew', async () => (await restarts()) !== before, 60);
  });

  it.each(['apiserver', 'etcd'])('%s restarts: it comes back alone, and stays ready', async (component) => {
    const before = await restarts();
    await harm('restart', component);
    await untilAsked(api, 'denied', 60);
    // The same pods, and none was restarted: what happens to the API server must not happen to them.
    expect(await restarts()).toBe(before);
    await kubectl(['patch', 'clusterprobepolicy', 'default', '--type=merge', '-p', '{"spec":{"mode":"Warn"}}']);
    await untilAsked(api, 'warned', 60);
    await enforce(api, 'Enforce');
  });
});
