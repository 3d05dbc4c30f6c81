import { request } from 'node:https';
import { json } from 'node:stream/consumers';
import { text, valueAt } from '../src/core/json.ts';
import { createLoadClient } from './load-client.ts';
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
type Webhook = 'no-op' | 'probewise';

const LABEL = 'probewise-bench';
const CONFIGURATIONS = '/apis/admissionregistration.k8s.io/v1';
/** Of each door, so that the compiler has done its work. */
const WARM_UP_ANSWERS = 5000;

/**
 * `create --dry-run=server` through a real API server, in turn with both calls to Probewise, to a no-op webhook, and with none: of a Pod
 * that is in order, and of one that Probewise patches. A patch costs the API server more than both calls: the no-op webhook answers the
 * same one there.
 */
export async function measureApiServer(workplace: Workplace, options: ApiServerOptions): Promise<Figure[]> {
  const binaries = await findBinaries();
  if (binaries === undefined) {
    console.error(`Left out, through the API server: ${HOW_TO_GET_BINARIES}.`);
    return [];
  }
  const controlPlane = await startControlPlane(binaries, await kubernetesVersion());
  const admin = apiClient(controlPlane.access.adminKubeconfig);
  try {
    for (const variant of VARIANTS) await prepareNamespace(admin, variant);
    return await measureWith(admin, workplace, options);
  } finally {
    admin.close();
    await controlPlane.stop();
  }
}

async function measureWith(admin: ApiClient, workplace: Workplace, { rounds, starts }: ApiServerOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  let probewise = await startServer(workplace, { kind: 'probewise' });
  try {
    await register(admin, workplace, 'probewise', ['probewise'], probewise.port);
    await until('the API server to call Probewise', async () => isPatched(await create(admin, 'probewise', PATCHED)));
    await warmUp(probewise);
    for (const pod of [IN_ORDER, PATCHED]) {
      const patch = await patchOf(probewise, pod);
      const noOp = await startServer(workplace, { kind: 'no-op', ...(patch !== undefined && { patch }) });
      try {
        await register(admin, workplace, 'no-op', ['no-op', 'again'], noOp.port);
        await warmUp(noOp);
        const servers = { 'no-op': noOp, probewise };
        await inTurn(admin, pod, Math.min(rounds, 100), 1, servers);
        figures.push(...figuresOf(`${pod.name}, 1 at a time`, await inTurn(admin, pod, rounds, 1, servers)));
        figures.push(...figuresOf(`${pod.name}, 8 at a time`, await inTurn(admin, pod, rounds, 8, servers)));
      } finally {
        await noOp.stop();
      }
    }
    const { port } = probewise;
    const first: number[] = [];
    for (let count = 0; count < starts; count += 1) {
      await probewise.stop();
      const verdict = firstVerdict(admin);
      const began = performance.now();
      probewise = await startServer(workplace, { kind: 'probewise' }, port);
      first.push((await verdict) - began);
    }
    const name = 'API server: spawn to first right verdict';
    figures.push(figure(name, { most: 350 }, { value: median(first), digits: 0, unit: ' ms', spread: spread(first, 0) }));
    return figures;
  } finally {
    await probewise.stop();
  }
}

/** What Probewise answers to a review of this Pod. */
async function patchOf({ port }: Server, pod: TestPod): Promise<string | undefined> {
  const answer = await post(port, '/mutate', reviewOf(pod));
  return text(valueAt(answer, ['response', 'patch']));
}

async function warmUp({ port }: Server): Promise<void> {
  for (const pod of [IN_ORDER, PATCHED]) {
    for (const path of ['/mutate', '/validate']) {
      const client = await createLoadClient({ port, path, json: reviewOf(pod) }, 4);
      await client.run({ answers: WARM_UP_ANSWERS });
      client.close();
    }
  }
}

interface Times {
  readonly latencies: Readonly<Record<Variant, number[]>>;
  /** Milliseconds of the webhook's processor time per create. */
  readonly processor: Readonly<Record<Webhook, number>>;
}

async function inTurn(
  admin: ApiClient,
  pod: TestPod,
  rounds: number,
  atATime: number,
  servers: Readonly<Record<Webhook, Server>>,
): Promise<Times> {
  const latencies: Record<Variant, number[]> = { none: [], 'no-op': [], probewise: [], again: [] };
  const before = { 'no-op': servers['no-op'].processor(), probewise: servers.probewise.processor() };
  for (let round = 0; round < Math.ceil(rounds / atATime); round += 1) {
    // There and back, so that no variant is always the first.
    for (const variant of round % 2 === 0 ? VARIANTS : VARIANTS.toReversed()) {
      const times = await Promise.all(
        Array.from({ length: atATime }, async () => {
          const since = performance.now();
          const answer = await create(admin, variant, pod);
          if (answer.status !== 201) throw new Error(`create answered ${answer.status}: ${JSON.stringify(answer.body)}`);
          return performance.now() - since;
        }),
      );
      latencies[variant].push(...times);
    }
  }
  const spent = (name: Webhook, creates: number): number => (servers[name].processor() - before[name]) / creates;
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
    if (isPatched(await create(admin, 'probewise', PATCHED))) return performance.now();
  }
  throw new Error('no patched Pod for 30 s');
}

const isPatched = ({ body }: ApiAnswer): boolean => JSON.stringify(body).includes('probewise.dev/patched');

interface TestPod {
  readonly name: string;
  readonly object: object;
}

const testPod = (name: string, more: object): TestPod => ({
  name,
  object: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'shop' },
    spec: {
      containers: ['web', 'worker'].map((containerName) => {
        const { volumeMounts: _mounts, ...rest } = container(containerName, { variables: 12 });
        return { ...rest, ...more };
      }),
    },
  },
});

const patient = (path: string) => ({
  httpGet: { path, port: 'http' },
  timeoutSeconds: 5,
  periodSeconds: 10,
  failureThreshold: 8,
});

const PATCHED = testPod('a Pod that is patched', {});
const IN_ORDER = testPod('a Pod in order', {
  livenessProbe: patient('/livez'),
  readinessProbe: patient('/readyz'),
  startupProbe: { ...patient('/livez'), periodSeconds: 2, failureThreshold: 150 },
});

const create = (admin: ApiClient, variant: Variant, { object }: TestPod): Promise<ApiAnswer> =>
  admin.request('POST', `/api/v1/namespaces/bench-${variant}/pods?dryRun=All`, object);

const reviewOf = ({ object }: TestPod): string =>
  JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      operation: 'CREATE',
      namespace: 'bench-probewise',
      userInfo: { username: 'admin' },
      object,
    },
  });

function post(port: number, path: string, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // The certificate is made for this run, and nothing secret is sent.
    const options = { host: '127.0.0.1', port, path, method: 'POST', rejectUnauthorized: false, agent: false };
    const call = request({ ...options, headers: { 'content-type': 'application/json' } }, (response) => {
      json(response).then(resolve, reject);
    });
    call.once('error', reject);
    call.end(body);
  });
}

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
    const full = `${name}.${metadata.name}`;
    await admin.request('DELETE', `${collection}/${full}`);
    const answer = await admin.request('POST', collection, {
      ...configuration,
      metadata: { ...metadata, name: full },
      webhooks: webhooks.map((webhook) => ({ ...webhook, namespaceSelector: selector })),
    });
    if (answer.status !== 201) throw new Error(`${configuration.kind} was refused: ${JSON.stringify(answer.body)}`);
  }
}
