import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../control-plane/harness/until.ts';
import { type Api, openApi } from './harness/api.ts';
import { enforce, freshNamespace, install, metricsOf, readyPods } from './harness/installation.ts';
import { kubectl } from './harness/run.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await install();
  await freshNamespace();
  await enforce(api, 'Warn');
});
afterAll(async () => {
  await install();
  api.close();
});

/** What the leader says of each door; the others say nothing. */
async function enforcing(): Promise<number[]> {
  const metrics = await Promise.all((await readyPods()).map(({ name }) => metricsOf(name)));
  return metrics.flatMap((text) => [...text.matchAll(/^probewise_enforcing\S* (\S+)$/gm)].map(([, value]) => Number(value)));
}

describe('the canary', () => {
  it.each(['mutating', 'validating'])(
    'tells within two minutes that nothing is enforced when the %s configuration is deleted',
    async (kind) => {
      await until(
        'all to be well',
        async () => (await enforcing()).length > 0 && (await enforcing()).every((value) => value === 1),
        120,
      );
      await kubectl(['delete', `${kind}webhookconfiguration`, 'admission.probewise.dev']);
      const deleted = performance.now();
      await until('the metric to be 0', async () => (await enforcing()).includes(0), 120);
      console.log(`${kind}: probewise_enforcing 0 after ${((performance.now() - deleted) / 1000).toFixed(0)} s`);
      const conditions = await until('the policy to say so', async () => {
        const text = await kubectl([
          'get',
          'clusterprobepolicy',
          'default',
          '-o',
          'jsonpath={.status.conditions[?(@.type=="Enforcing")]}',
        ]);
        return text.includes('"status":"False"') ? text : undefined;
      });
      expect(conditions).toContain('not called');

      await install();
      const installed = performance.now();
      await until('the metric to be 1 again', async () => (await enforcing()).every((value) => value === 1), 120);
      console.log(
        `${kind}: probewise_enforcing 1 again ${((performance.now() - installed) / 1000).toFixed(0)} s after helm upgrade`,
      );
    },
  );
});
