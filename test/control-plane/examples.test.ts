import { expect, it } from 'vitest';
import { PATCHED_ANNOTATION } from '../../src/admission/marker.ts';
import { valueAt } from '../../src/core/json.ts';
import { type Cluster, describeOnCluster, ENFORCE, example, examplePath, WARN } from './harness/cluster.ts';
import { annotation, generationOf, probesIn, templateSpec } from './harness/probes.ts';
import { until } from './harness/until.ts';

/** As the API server fills them in. */
const DEFAULTS = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

const get = (path: string, port: number) => ({ httpGet: { path, port, scheme: 'HTTP' }, ...DEFAULTS });

interface Expected {
  readonly kind: 'deployments' | 'statefulsets';
  readonly probes: object;
}

/** What is stored, to the last field. */
const ACCEPTED: Readonly<Record<string, Expected>> = {
  'cache-server': {
    kind: 'deployments',
    probes: {
      readinessProbe: { ...get('/readiness', 8888), initialDelaySeconds: 300, periodSeconds: 30, timeoutSeconds: 5 },
    },
  },
  storefront: { kind: 'deployments', probes: { readinessProbe: { ...get('/readiness', 8080), timeoutSeconds: 5 } } },
  'orders-fixed': {
    kind: 'deployments',
    probes: {
      livenessProbe: { ...get('/actuator/health/liveness', 8080), timeoutSeconds: 5 },
      readinessProbe: { ...get('/actuator/health/readiness', 8080), timeoutSeconds: 5 },
      startupProbe: { ...get('/actuator/health/liveness', 8080), timeoutSeconds: 5, periodSeconds: 2, failureThreshold: 146 },
    },
  },
  postgres: {
    kind: 'statefulsets',
    probes: {
      livenessProbe: {
        exec: { command: ['pg_isready', '-U', 'postgres'] },
        ...DEFAULTS,
        timeoutSeconds: 5,
        initialDelaySeconds: 270,
      },
    },
  },
};

const stored = (cluster: Cluster, namespace: string, name: string, { kind }: Pick<Expected, 'kind'>): Promise<unknown> =>
  cluster.admin.read(`/apis/apps/v1/namespaces/${namespace}/${kind}/${name}`);

describeOnCluster('The examples, under Enforce', ENFORCE, (cluster) => {
  it.each(Object.entries(ACCEPTED))('stores %s with exactly the patch that is promised', async (name, expected) => {
    const namespace = await cluster().namespace();
    const { code, stdout } = await cluster().kubectl(namespace)(['apply', '-f', examplePath(`${name}.yaml`)]);
    expect(stdout).toMatch(/ created$/m);
    expect(code).toBe(0);
    const object = await stored(cluster(), namespace, name, expected);
    expect(probesIn(templateSpec(object))).toEqual([expected.probes]);
  });

  it('tells whoever applies orders-fixed what was patched, in one line', async () => {
    const namespace = await cluster().namespace();
    const { stderr } = await cluster().kubectl(namespace)(['apply', '-f', examplePath('orders-fixed.yaml')]);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^Warning: probewise patched Deployment orders-fixed: container "orders": /);
    expect(lines[0]).toContain('livenessProbe.timeoutSeconds 1 → 5');
    expect(lines[0]).toContain('startupProbe added');
  });

  it.each([
    ['orders', '/actuator/health'],
    ['billing', 'pg_isready -h billing-db'],
  ])('denies %s, and says rule, container, field, evidence and remedy, with nothing cut', async (name, question) => {
    const namespace = await cluster().namespace();
    const { code, stdout, stderr } = await cluster().kubectl(namespace)(['apply', '-f', examplePath(`${name}.yaml`)]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('admission webhook "validate.probewise.dev" denied the request: ');
    expect(stderr).toContain('liveness-dependency');
    expect(stderr).toContain(`container "${name}"`);
    expect(stderr).toContain('spec.template.spec.containers[0].livenessProbe');
    expect(stderr).toContain(question);
    expect(stderr).toMatch(/^ +evidence +\S.*\.$/m);
    expect(stderr).toMatch(/^ +remedy +\S.*\.$/m);
    expect(stderr).toContain('probewise explain liveness-dependency');
    expect(stderr).not.toContain('patched');
    expect(stderr).not.toMatch(/…|\.\.\.$/m);
    const { status } = await cluster().admin.request('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
    expect(status).toBe(404);
  });

  /** Once the Deployment's controller has numbered the revision: that annotation of its own raises the generation, too. */
  const settled = (namespace: string, name: string, expected: Expected): Promise<unknown> =>
    until(`${name} to settle`, async () => {
      const object = await stored(cluster(), namespace, name, expected);
      const numbered = expected.kind !== 'deployments' || annotation(object, 'deployment.kubernetes.io/revision') !== undefined;
      return numbered && valueAt(object, ['status', 'observedGeneration']) === generationOf(object) && object;
    });

  it.each(
    Object.entries(ACCEPTED).flatMap(([name, expected]) => [
      { name, expected, way: 'client-side', flags: [] },
      { name, expected, way: 'server-side', flags: ['--server-side'] },
    ]),
  )('a second apply of $name, $way, changes neither generation nor template', async ({ name, expected, flags }) => {
    const namespace = await cluster().namespace();
    const kubectl = cluster().kubectl(namespace);
    await kubectl(['apply', ...flags, '-f', examplePath(`${name}.yaml`)]);
    const first = await settled(namespace, name, expected);
    const { code } = await kubectl(['apply', ...flags, '-f', examplePath(`${name}.yaml`)]);
    expect(code).toBe(0);
    const again = await settled(namespace, name, expected);
    expect(generationOf(again)).toBe(generationOf(first));
    expect(templateSpec(again)).toEqual(templateSpec(first));
  });

  it.each(Object.entries(ACCEPTED))('a change to server-side apply leaves the template of %s', async (name, expected) => {
    const namespace = await cluster().namespace();
    const kubectl = cluster().kubectl(namespace);
    await kubectl(['apply', '-f', examplePath(`${name}.yaml`)]);
    const first = await settled(namespace, name, expected);
    const { code, stderr } = await kubectl(['apply', '--server-side', '-f', examplePath(`${name}.yaml`)]);
    expect(code, stderr).toBe(0);
    const second = await settled(namespace, name, expected);
    expect(templateSpec(second)).toEqual(templateSpec(first));
    expect(annotation(second, PATCHED_ANNOTATION)).toBe(annotation(first, PATCHED_ANNOTATION));
  });

  it('applies server-side from the start with the same patch', async () => {
    const namespace = await cluster().namespace();
    const expected = ACCEPTED['orders-fixed'] ?? expect.fail();
    const { code } = await cluster().kubectl(namespace)(['apply', '--server-side', '-f', examplePath('orders-fixed.yaml')]);
    expect(code).toBe(0);
    const object = await stored(cluster(), namespace, 'orders-fixed', expected);
    expect(probesIn(templateSpec(object))).toEqual([expected.probes]);
  });

  it('shows the patch in kubectl diff, and says in a dry run what it would say', async () => {
    const namespace = await cluster().namespace();
    const kubectl = cluster().kubectl(namespace);
    const diff = await kubectl(['diff', '-f', examplePath('orders-fixed.yaml')]);
    expect(diff.code).toBe(1);
    expect(diff.stdout).toContain('startupProbe:');
    expect(diff.stdout).toMatch(/^\+ +failureThreshold: 146$/m);
    const dry = await kubectl(['apply', '--dry-run=server', '-f', examplePath('orders-fixed.yaml')]);
    expect(dry.stdout).toContain('created (server dry run)');
    expect(dry.stderr).toContain('patched Deployment orders-fixed');
    const denied = await kubectl(['apply', '--dry-run=server', '-f', examplePath('billing.yaml')]);
    expect(denied.code).toBe(1);
    expect(denied.stderr).toContain('denied the request');

    await kubectl(['apply', '-f', examplePath('orders-fixed.yaml')]);
    const nothing = await kubectl(['diff', '-f', examplePath('orders-fixed.yaml')]);
    expect(nothing.stdout).not.toContain('Probe');
  });
});

describeOnCluster('The examples, under Warn', WARN, (cluster) => {
  const patched = { timeoutSeconds: 5, failureThreshold: 16, initialDelaySeconds: 140 };

  it.each([
    ['orders', { ...get('/actuator/health', 8080), ...patched }],
    ['billing', { exec: { command: ['sh', '-c', 'pg_isready -h billing-db -U app'] }, ...DEFAULTS, ...patched }],
  ])('admits %s with a warning, and makes it patient', async (name, livenessProbe) => {
    const namespace = await cluster().namespace();
    const { code, stderr } = await cluster().kubectl(namespace)(['apply', '-f', examplePath(`${name}.yaml`)]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: probewise patched Deployment /m);
    expect(stderr).toMatch(/^Warning: probewise liveness-dependency: container "/m);
    const object = await stored(cluster(), namespace, name, { kind: 'deployments' });
    expect(probesIn(templateSpec(object))).toEqual([{ livenessProbe }]);
  });
});

describeOnCluster('storefront, where the policy says what it asks', example('storefront-policy.yaml'), (cluster) => {
  it('gives its readiness probe time for the slowest dependency, and 30 s of tolerance', async () => {
    const namespace = await cluster().namespace();
    const { code } = await cluster().kubectl(namespace)(['apply', '-f', examplePath('storefront.yaml')]);
    expect(code).toBe(0);
    const object = await stored(cluster(), namespace, 'storefront', { kind: 'deployments' });
    const readinessProbe = { ...get('/readiness', 8080), timeoutSeconds: 9, failureThreshold: 4 };
    expect(probesIn(templateSpec(object))).toEqual([{ readinessProbe }]);
  });

  it('leaves cache-server, which looks the same, as without that policy', async () => {
    const namespace = await cluster().namespace();
    await cluster().kubectl(namespace)(['apply', '-f', examplePath('cache-server.yaml')]);
    const object = await stored(cluster(), namespace, 'cache-server', { kind: 'deployments' });
    expect(probesIn(templateSpec(object))).toEqual([ACCEPTED['cache-server']?.probes]);
  });
});
