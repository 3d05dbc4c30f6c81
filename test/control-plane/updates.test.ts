import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { property, valueAt } from '../../src/core/json.ts';
import { type Cluster, describeOnCluster, ENFORCE } from './harness/cluster.ts';
import { ASKS_DATABASE, container, deployment, LIVE, podSpec } from './harness/manifests.ts';
import { annotation, generationOf, probesIn, templateSpec } from './harness/probes.ts';

type Kubectl = ReturnType<Cluster['kubectl']>;
type Manifest = ReturnType<typeof deployment>;

const MOVED = { httpGet: { path: '/alive', port: 9090 } };

const withLiveness = (liveness: object | null): Manifest =>
  deployment('app', podSpec(liveness === null ? {} : { livenessProbe: JSON.parse(JSON.stringify(liveness)) }));

const apply = (kubectl: Kubectl, manifest: unknown, flags: readonly string[] = []): ReturnType<Kubectl> =>
  kubectl(['apply', ...flags, '-f', '-'], { input: JSON.stringify(manifest) });

const edit = (kubectl: Kubectl, liveness: object | null): ReturnType<Kubectl> =>
  kubectl(['edit', 'deployment', 'app'], {
    env: {
      KUBE_EDITOR: `'${process.execPath}' '${fileURLToPath(new URL('./harness/edit-liveness.ts', import.meta.url))}'`,
      PROBEWISE_TEST_LIVENESS: JSON.stringify(liveness),
    },
  });

/** The ways in which a person changes what is there. */
const WAYS: readonly (readonly [string, (kubectl: Kubectl, liveness: object | null) => ReturnType<Kubectl>])[] = [
  ['client-side apply', (kubectl, liveness) => apply(kubectl, withLiveness(liveness))],
  ['server-side apply', (kubectl, liveness) => apply(kubectl, withLiveness(liveness), ['--server-side'])],
  ['kubectl edit', edit],
];

describeOnCluster('Updates, under Enforce', ENFORCE, (cluster) => {
  const read = (namespace: string, name = 'app'): Promise<unknown> =>
    cluster().admin.read(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);

  /** A Deployment that was there before Probewise, with a probe that would be denied. */
  async function oldDeployment(): Promise<{ namespace: string; kubectl: Kubectl; before: unknown }> {
    const namespace = await cluster().namespace();
    const manifest = deployment('app', podSpec({ livenessProbe: ASKS_DATABASE }));
    const before = await cluster().withoutProbewise(async () => {
      await apply(cluster().kubectl(namespace), manifest);
      return read(namespace);
    });
    return { namespace, kubectl: cluster().kubectl(namespace), before };
  }

  it('neither denies nor rolls out a label edit of a Deployment that was there before', async () => {
    const { namespace, kubectl, before } = await oldDeployment();
    const { code, stderr } = await kubectl(['label', 'deployment', 'app', 'team=shop']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const after = await read(namespace);
    expect(generationOf(after)).toBe(generationOf(before));
    expect(templateSpec(after)).toEqual(templateSpec(before));
    expect(annotation(after, 'probewise.dev/patched')).toBeUndefined();
  });

  it('does not deny a new image for it: the probe is as bad as it was, and is warned about', async () => {
    const { kubectl } = await oldDeployment();
    const { code, stderr } = await kubectl(['set', 'image', 'deployment/app', 'app=example/app:2']);
    expect(code).toBe(0);
    expect(stderr).toContain('Warning: probewise liveness-dependency');
  });

  it('denies an update that adds a bad probe, and leaves what is there', async () => {
    const { namespace, kubectl } = await oldDeployment();
    const second = container({ livenessProbe: ASKS_DATABASE }, 'second');
    const before = await read(namespace);
    const { code, stderr } = await kubectl([
      'patch',
      'deployment',
      'app',
      '-p',
      JSON.stringify({ spec: { template: { spec: { containers: [second] } } } }),
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('container "second"');
    expect(stderr.slice(stderr.indexOf('denied the request'))).not.toContain('container "app"');
    expect(stderr).toContain('Warning: probewise liveness-dependency: container "app"');
    expect(generationOf(await read(namespace))).toBe(generationOf(before));
  });

  it('denies an update that points a good probe at a database', async () => {
    const namespace = await cluster().namespace();
    const kubectl = cluster().kubectl(namespace);
    await apply(kubectl, withLiveness(LIVE));
    const { code, stderr } = await apply(kubectl, withLiveness(ASKS_DATABASE));
    expect(code).toBe(1);
    expect(stderr).toContain('liveness-dependency');
  });

  it.each(WAYS)(
    'the user moves the liveness probe and then removes it, by %s: our startupProbe follows, and goes',
    async (way, change) => {
      const namespace = await cluster().namespace();
      const kubectl = cluster().kubectl(namespace);
      await apply(kubectl, withLiveness(LIVE), way === 'server-side apply' ? ['--server-side'] : []);
      const startup = async (): Promise<unknown> => property(probesIn(templateSpec(await read(namespace)))[0], 'startupProbe');
      expect(await startup()).toMatchObject({ httpGet: { path: '/livez', port: 8080 }, periodSeconds: 2, failureThreshold: 146 });

      const moved = await change(kubectl, MOVED);
      expect(moved.code, moved.stderr).toBe(0);
      const [probes] = probesIn(templateSpec(await read(namespace)));
      expect(valueAt(probes, ['livenessProbe', 'httpGet'])).toMatchObject({ path: '/alive', port: 9090 });
      expect(valueAt(probes, ['startupProbe', 'httpGet'])).toMatchObject({ path: '/alive', port: 9090 });
      expect(valueAt(probes, ['startupProbe', 'failureThreshold'])).toBe(146);

      const removed = await change(kubectl, null);
      expect(removed.code, removed.stderr).toBe(0);
      const rest = await read(namespace);
      expect(probesIn(templateSpec(rest))).toEqual([{}]);
      expect(annotation(rest, 'probewise.dev/patched')).toBeUndefined();
    },
  );

  it('leaves a startupProbe alone that the user has made their own', async () => {
    const namespace = await cluster().namespace();
    const kubectl = cluster().kubectl(namespace);
    await apply(kubectl, withLiveness(LIVE));
    const own = { httpGet: { path: '/started', port: 8080 }, periodSeconds: 5, failureThreshold: 100 };
    await apply(kubectl, deployment('app', podSpec({ livenessProbe: LIVE, startupProbe: own })));
    await apply(kubectl, deployment('app', podSpec({ livenessProbe: MOVED, startupProbe: own })));
    const [probes] = probesIn(templateSpec(await read(namespace)));
    expect(property(probes, 'startupProbe')).toMatchObject(own);
  });

  it('is never asked about scale, status and finalizers', async () => {
    const { namespace, kubectl, before } = await oldDeployment();
    expect((await kubectl(['scale', 'deployment', 'app', '--replicas=0'])).stderr).toBe('');
    expect(
      (await kubectl(['patch', 'deployment', 'app', '--type=merge', '-p', '{"metadata":{"finalizers":["example.com/wait"]}}']))
        .stderr,
    ).toBe('');
    expect((await kubectl(['patch', 'deployment', 'app', '--type=merge', '-p', '{"metadata":{"finalizers":null}}'])).stderr).toBe(
      '',
    );
    expect(templateSpec(await read(namespace))).toEqual(templateSpec(before));
  });
});
