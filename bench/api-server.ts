import { findBinaries, HOW_TO_GET_BINARIES, kubernetesVersion } from '../test/control-plane/harness/binaries.ts';
import { type ApiAnswer, type ApiClient, apiClient } from '../test/control-plane/harness/api-client.ts';
import { startControlPlane } from '../test/control-plane/harness/control-plane.ts';
import { until } from '../test/control-plane/harness/until.ts';
import { webhookConfigurations } from '../src/kube/webhook-configuration.ts';
import { container } from './bodies.ts';
import { type Figure, figure, isQuiet } from './figure.ts';
import { type Server, startServer } from './servers/start.ts';
import { median, quantile, spread } from './statistics.ts';
import type { Workplace } from './workplace.ts';

export interface ApiServerOptions {
  /** Creates per variant, at 1 and at 8 at a time each. */
  readonly rounds: number;
  /** How often the webhook is started anew while the API server waits for it. */
  readonly starts: number;
}

/** A namespace is called by the webhooks that its label names. `again` is the same no-op server in another namespace: the control. */
const VARIANTS = ['none', 'no-op', 'probewise', 'again'] as const;
type Variant = (typeof VARIANTS)[number];

const LABEL = 'probewise-bench';
const CONFIGURATIONS = '/apis/admissionregistration.k8s.io/v1';

/** `create --dry-run=server` through a real API server, in turn with both calls to Probewise, to a no-op webhook, and with none. */
export async function measureApiServer(workplace: Workplace, { rounds, starts }: ApiServerOptions): Promise<Figure[]> {
  const binaries = await findBinaries();
  if (binaries === undefined) {
    console.error(`Left out, through the API server: ${HOW_TO_GET_BINARIES}.`);
    return [];
  }
  const controlPlane = await startControlPlane(binaries, await kubernetesVersion());
  const admin = apiClient(controlPlane.access.adminKubeconfig);
  const noOp = await startServer(workplace, { kind: 'no-op' });
  let probewise = await startServer(workplace, { kind: 'probewise' });
  try {
    for (const variant of VARIANTS) await prepareNamespace(admin, variant);
    await register(admin, workplace, 'no-op', ['no-op', 'again'], noOp.port);
    await register(admin, workplace, 'probewise', ['probewise'], probewise.port);
    await until('the API server to call Probewise', async () => isPatched(await create(admin, 'probewise')));
    const servers = { 'no-op': noOp, probewise };
    await inTurn(admin, Math.min(rounds, 100), 1, servers);
    const figures = [
      ...figuresOf('1 at a time', await inTurn(admin, rounds, 1, servers)),
      ...figuresOf('8 at a time', await inTurn(admin, rounds, 8, servers)),
    ];
    const { port } = probewise;
    const first: number[] = [];
    for (let count = 0; count < starts; count += 1) {
      await probewise.stop();
      const verdict = firstVerdict(admin);
      const began = performance.now();
      probewise = await startServer(workplace, { kind: 'probewise' }, port);
      first.push((await verdict) - began);
    }
    figures.push(
      figure(
        'API server: spawn to first right verdict',
        { most: 350 },
        { value: median(first), digits: 0, unit: ' ms', spread: spread(first, 0) },
      ),
    );
    return figures;
  } finally {
    await noOp.stop();
    await probewise.stop();
    admin.close();
    await controlPlane.stop();
  }
}

interface Times {
  readonly latencies: Readonly<Record<Variant, number[]>>;
  /** Milliseconds of the webhook's processor time per create. */
  readonly processor: Readonly<Record<'no-op' | 'probewise', number>>;
}

async function inTurn(
  admin: ApiClient,
  rounds: number,
  atATime: number,
  servers: Readonly<Record<'no-op' | 'probewise', Server>>,
): Promise<Times> {
  const latencies: Record<Variant, number[]> = { none: [], 'no-op': [], probewise: [], again: [] };
  const before = { 'no-op': servers['no-op'].processor(), probewise: servers.probewise.processor() };
  for (let round = 0; round < Math.ceil(rounds / atATime); round += 1) {
    // There and back, so that no variant is always the first.
    for (const variant of round % 2 === 0 ? VARIANTS : VARIANTS.toReversed()) {
      const times = await Promise.all(
        Array.from({ length: atATime }, async () => {
          const since = performance.now();
          const answer = await create(admin, variant);
          if (answer.status !== 201) throw new Error(`create answered ${answer.status}: ${JSON.stringify(answer.body)}`);
          return performance.now() - since;
        }),
      );
      latencies[variant].push(...times);
    }
  }
  const spent = (name: 'no-op' | 'probewise', creates: number): number => (servers[name].processor() - before[name]) / creates;
  return {
    latencies,
    processor: {
      'no-op': spent('no-op', latencies['no-op'].length + latencies.again.length),
      probewise: spent('probewise', latencies.probewise.length),
    },
  };
}

function figuresOf(load: string, { latencies, processor }: Times): Figure[] {
  const p50 = (variant: Variant): number => median(latencies[variant]);
  const p99 = (variant: Variant): number => quantile(latencies[variant], 0.99);
  const control = p50('again') / p50('no-op');
  const trusted = isQuiet(control);
  const milliseconds = (name: string, value: number): Figure => figure(name, undefined, { value, unit: ' ms' });
  const title = `API server, ${load}`;
  return [
    figure(
      `${title}: p50 / no-op webhook`,
      { most: 1.05 },
      { value: p50('probewise') / ((p50('no-op') + p50('again')) / 2), trusted },
    ),
    figure(`${title}: p50 / no webhook`, undefined, { value: p50('probewise') / p50('none') }),
    figure(`${title}: control, p50`, undefined, { value: control }),
    figure(
      `${title}: processor time of the webhook / no-op`,
      { most: 1.5 },
      { value: processor.probewise / processor['no-op'], trusted },
    ),
    milliseconds(`${title}: p50, none`, p50('none')),
    milliseconds(`${title}: p50, no-op`, p50('no-op')),
    milliseconds(`${title}: p50, Probewise`, p50('probewise')),
    milliseconds(`${title}: p99, none`, p99('none')),
    milliseconds(`${title}: p99, no-op`, p99('no-op')),
    milliseconds(`${title}: p99, Probewise`, p99('probewise')),
  ];
}

/** Asks until a Pod comes back patched; resolves to the time of that, as `performance.now()` tells it. */
async function firstVerdict(admin: ApiClient): Promise<number> {
  const end = performance.now() + 30_000;
  while (performance.now() < end) {
    if (isPatched(await create(admin, 'probewise'))) return performance.now();
  }
  throw new Error('no patched Pod for 30 s');
}

const isPatched = ({ body }: ApiAnswer): boolean => JSON.stringify(body).includes('probewise.dev/patched');

const create = (admin: ApiClient, variant: Variant): Promise<ApiAnswer> =>
  admin.request('POST', `/api/v1/namespaces/bench-${variant}/pods?dryRun=All`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'shop' },
    spec: {
      containers: ['web', 'worker'].map((name) => {
        const { volumeMounts: _mounts, ...rest } = container(name, { variables: 12 });
        return rest;
      }),
    },
  });

async function prepareNamespace(admin: ApiClient, variant: Variant): Promise<void> {
  const name = `bench-${variant}`;
  await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [LABEL]: variant } } });
  await until(`the default account of ${name}`, async () => {
    const { status } = await admin.request('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`);
    return status === 200;
  });
}

/** Both configurations as the chart makes them, for the namespaces of some variants only. */
async function register(
  admin: ApiClient,
  { authority }: Workplace,
  name: string,
  variants: readonly Variant[],
  port: number,
): Promise<void> {
  const client = { url: `https://localhost:${port}`, caBundle: Buffer.from(authority).toString('base64') };
  for (const { metadata, webhooks, ...configuration } of webhookConfigurations({ client })) {
    const collection = `${CONFIGURATIONS}/${configuration.kind.toLowerCase()}s`;
    const selector = { matchExpressions: [{ key: LABEL, operator: 'In', values: variants }] };
    const answer = await admin.request('POST', collection, {
      ...configuration,
      metadata: { ...metadata, name: `${name}.${metadata.name}` },
      webhooks: webhooks.map((webhook) => ({ ...webhook, namespaceSelector: selector })),
    });
    if (answer.status !== 201) throw new Error(`${configuration.kind} was refused: ${JSON.stringify(answer.body)}`);
  }
}
