import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../control-plane/harness/until.ts';
import { type Api, openApi } from './harness/api.ts';
import { load, summary } from './harness/asking.ts';
import { enforce, freshNamespace, install, untilAsked } from './harness/installation.ts';
import { kubectl } from './harness/run.ts';
import { PROBEWISE } from './harness/workloads.ts';

const SECRET = 'probewise-tls';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  // Trust is given time to spread; here, seconds are enough.
  await install('--set=extraArgs[0]=--certificate-overlap=10');
  await freshNamespace();
  await enforce(api, 'Enforce');
});
afterAll(async () => {
  await install();
  api.close();
});

const inSecret = (key: string): Promise<string> =>
  kubectl(['-n', PROBEWISE, 'get', 'secret', SECRET, '-o', `jsonpath={.data.${key.replaceAll('.', String.raw`\.`)}}`]);

const bundle = (kind: 'mutating' | 'validating'): Promise<string> =>
  kubectl([
    'get',
    `${kind}webhookconfiguration`,
    'admission.probewise.dev',
    '-o',
    'jsonpath={.webhooks[0].clientConfig.caBundle}',
  ]);

describe('certificates that take care of themselves', () => {
  it.each([
    ['serving', 'tls.crt'],
    ['authority', 'ca.crt'],
  ])('a rotation of the %s under load fails no request, and lets none in unchecked', async (what, key) => {
    const [before, servingBefore] = await Promise.all([inSecret(key), inSecret('tls.crt')]);
    const running = load(api, { atATime: 4, pauseMilliseconds: 20 });
    await kubectl(['-n', PROBEWISE, 'annotate', 'secret', SECRET, '--overwrite', `probewise.dev/rotate=${what}`]);
    await until(
      `a new ${key}`,
      async () => (await inSecret(key)) !== before && (await inSecret('tls.crt')) !== servingBefore,
      120,
    );
    // Every replica serves with it, and new connections are opened meanwhile.
    await until('some more requests', async () => running.asked.length > 200, 60);
    const more = running.asked.length + 300;
    await until('requests after it', async () => running.asked.length > more, 60);
    const seen = summary(await running.stop());
    console.log(`rotation of the ${what}:`, seen);
    expect(seen).toMatchObject({ denied: seen.sent, unchecked: 0, failed: 0 });
  });

  it('puts a caBundle back that somebody took away', async () => {
    const before = await bundle('validating');
    for (const kind of ['validating', 'mutating'] as const) {
      const remove = '[{"op":"remove","path":"/webhooks/0/clientConfig/caBundle"}]';
      await kubectl(['patch', `${kind}webhookconfiguration`, 'admission.probewise.dev', '--type=json', '-p', remove]);
    }
    await until(
      'both to be back',
      async () => (await bundle('validating')) === before && (await bundle('mutating')) === before,
      30,
    );
    await untilAsked(api, 'denied', 10);
  });

  it('makes new ones where the Secret is deleted', async () => {
    await kubectl(['-n', PROBEWISE, 'delete', 'secret', SECRET]);
    await until('a new Secret', async () => (await inSecret('tls.crt')) !== '', 60);
    await untilAsked(api, 'denied', 60);
  });
});
