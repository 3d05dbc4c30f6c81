import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../control-plane/harness/until.ts';
import { type Api, openApi } from './harness/api.ts';
import { load, summary } from './harness/asking.ts';
import { enforce, freshNamespace, install, readyPods } from './harness/installation.ts';
import { kubectl, run } from './harness/run.ts';
import { PROBEWISE } from './harness/workloads.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await install();
  await freshNamespace();
  await enforce(api, 'Enforce');
});
afterAll(async () => {
  await install();
  api.close();
});

/** What a load sees while something happens, and for some seconds after. */
async function under(what: string, happens: () => Promise<unknown>) {
  const running = load(api, { atATime: 4, pauseMilliseconds: 20 });
  await until('the load to be under way', async () => running.asked.length > 50);
  await happens();
  const more = running.asked.length + 200;
  await until('requests after it', async () => running.asked.length > more, 60);
  const seen = summary(await running.stop());
  console.log(`${what}:`, seen);
  return seen;
}

describe('under load, no request is lost and none gets in unchecked', () => {
  it('while the Deployment restarts', async () => {
    const seen = await under('rolling restart', async () => {
      await kubectl(['-n', PROBEWISE, 'rollout', 'restart', 'deployment/probewise']);
      await kubectl(['-n', PROBEWISE, 'rollout', 'status', 'deployment/probewise', '--timeout=180s']);
      await until('the old pods to be gone', async () => (await pods()).length === 2, 60);
    });
    expect(seen).toMatchObject({ denied: seen.sent, unchecked: 0, failed: 0 });
  });

  it('while the chart is upgraded', async () => {
    const seen = await under('upgrade', async () => {
      await install('--set-string=podAnnotations.upgraded=yes');
      await until('the old pods to be gone', async () => (await pods()).length === 2, 60);
    });
    expect(seen).toMatchObject({ denied: seen.sent, unchecked: 0, failed: 0 });
  });

  it('while a node is drained', async () => {
    const [{ node } = { node: '' }] = await readyPods();
    const seen = await under(`drain of ${node}`, async () => {
      const drained = await run('kubectl', ['drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=120s']);
      await kubectl(['uncordon', node]);
      expect(drained.code, drained.stderr).toBe(0);
      await until('two replicas to be ready again', async () => (await readyPods()).length === 2, 120);
    });
    expect(seen).toMatchObject({ denied: seen.sent, unchecked: 0, failed: 0 });
  });

  it('while one replica dies without a word, all that waits is what it was asked at that moment', async () => {
    const [{ name } = { name: '' }] = await readyPods();
    const seen = await under('death of one replica', async () => {
      await kubectl(['-n', PROBEWISE, 'delete', 'pod', name, '--grace-period=0', '--force']);
      await until('two replicas to be ready again', async () => (await readyPods()).length === 2, 120);
    });
    expect(seen.failed).toBe(0);
    // What was in flight to it, and what was sent before its endpoint was gone: admitted, as failurePolicy says.
    expect(seen.unchecked).toBeLessThanOrEqual(8);
    expect(seen.denied + seen.unchecked).toBe(seen.sent);
  });
});

const pods = async (): Promise<string[]> =>
  (await kubectl(['-n', PROBEWISE, 'get', 'pods', '-l', 'app.kubernetes.io/component=webhook', '-o', 'name'])).trim().split('\n');
