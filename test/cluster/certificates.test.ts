import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueAuthority, issueServing } from '../../src/tls/issue.ts';
import { until } from '../control-plane/harness/until.ts';
import { type Api, openApi } from './harness/api.ts';
import { load, summary } from './harness/asking.ts';
import { enforce, freshNamespace, install, metricsOf, readyPods, RELEASE, untilAsked } from './harness/installation.ts';
import { apply, kubectl } from './harness/run.ts';
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

describe('a certificate that is brought', () => {
  it('is served, and a new one in the same Secret is loaded without a restart', async () => {
    const names = [`${RELEASE}.${PROBEWISE}.svc`];
    const authority = await issueAuthority(Date.now(), 30);
    const bring = async (days: number): Promise<void> => {
      const { cert, key } = await issueServing(authority, names, Date.now(), days);
      await apply({
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'kubernetes.io/tls',
        metadata: { name: 'brought', namespace: PROBEWISE },
        stringData: { 'tls.crt': cert, 'tls.key': key },
      });
    };
    const file = join(await mkdtemp(join(tmpdir(), 'probewise-')), 'ca.pem');
    await writeFile(file, authority.cert);
    await bring(2);
    await install(
      '--set=certificates.mode=secret',
      '--set=certificates.secret.name=brought',
      `--set-file=certificates.secret.caBundle=${file}`,
    );
    await untilAsked(api, 'denied', 60);

    const ends = async (): Promise<number[]> =>
      Promise.all(
        (await readyPods()).map(async ({ name }) =>
          Number(/^probewise_certificate_expiry_timestamp_seconds (\S+)/m.exec(await metricsOf(name))?.[1]),
        ),
      );
    const before = Math.max(...(await ends()));
    await bring(10);
    // The kubelet takes up to a minute and a half to write a changed Secret into a volume.
    await until('both to serve with the new one', async () => (await ends()).every((end) => end > before + 86_400), 150);
    await untilAsked(api, 'denied', 10);
    await rm(dirname(file), { recursive: true });
  });
});
