import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { list, property, text, valueAt } from '../../src/core/json.ts';
import { cli, type Outcome } from '../cli/environment.ts';
import { type ApiClient, apiClient } from './harness/api-client.ts';
import { createNamespace } from './harness/cluster.ts';
import {
  ASKS_DATABASE,
  cronJob,
  daemonSet,
  deployment,
  inNamespace,
  job,
  pod,
  podSpec,
  replicaSet,
  replicationController,
  statefulSet,
} from './harness/manifests.ts';
import { until } from './harness/until.ts';

const access = inject('controlPlane');

/** With the defaults that the API server fills in: a fix that copies a handler copies them. */
const LIVE = { httpGet: { path: '/livez', port: 8080, scheme: 'HTTP' } };
const AGGREGATE = { httpGet: { path: '/actuator/health', port: 'http', scheme: 'HTTP' } };
const SPECS = {
  good: podSpec({
    livenessProbe: { ...LIVE, timeoutSeconds: 5 },
    readinessProbe: { httpGet: { path: '/readyz', port: 8080 }, timeoutSeconds: 5 },
    startupProbe: { ...LIVE, timeoutSeconds: 5, failureThreshold: 30 },
  }),
  tight: podSpec({ livenessProbe: LIVE }),
  database: podSpec({ livenessProbe: ASKS_DATABASE, readinessProbe: ASKS_DATABASE }),
  aggregate: podSpec({ livenessProbe: AGGREGATE }),
};
const MAKERS = { pod, deployment, statefulSet, daemonSet, replicaSet, replicationController, job, cronJob };

/** Every kind with every spec: 32 workloads. */
const manifests = (namespace: string): unknown[] =>
  Object.entries(MAKERS).flatMap(([maker, make]) =>
    Object.entries(SPECS).map(([spec, template]) => inNamespace(make(`${maker.toLowerCase()}-${spec}`, template), namespace)),
  );

/** What is the same at both doors: `line` is of a file, `observed` of a cluster. */
const judgedIn = ({ stdout }: Outcome): Map<string, unknown[]> =>
  new Map(
    list(property(JSON.parse(stdout), 'results')).map((result) => {
      const name = ['kind', 'namespace', 'name'].map((field) => text(property(result, field))).join('/');
      const findings = list(property(result, 'findings')).map((finding) =>
        Object.fromEntries(Object.entries(finding ?? {}).filter(([key]) => key !== 'line' && key !== 'observed')),
      );
      return [name, findings];
    }),
  );

describe.skipIf(access === null)('probewise audit, on a real API server', () => {
  let admin: ApiClient;
  let folder = '';
  let namespace = '';
  let kubeconfig = '';

  beforeAll(async () => {
    if (access === null) return;
    kubeconfig = access.adminKubeconfig;
    admin = apiClient(kubeconfig);
    folder = await mkdtemp(join(tmpdir(), 'audit-'));
    namespace = await createNamespace(admin);
    for (const manifest of manifests(namespace)) await admin.create(manifest);
    // The controllers have made theirs: what they made must not be judged a second time.
    await until('the ReplicaSets and Pods', async () => {
      const made = list(property(await admin.read(`/api/v1/namespaces/${namespace}/pods`), 'items'));
      const sets = list(property(await admin.read(`/apis/apps/v1/namespaces/${namespace}/replicasets`), 'items'));
      return sets.length >= 8 && made.length >= 16;
    });
  });

  afterAll(async () => {
    admin?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const audit = (...args: string[]): Promise<Outcome> => cli(['audit', '--kubeconfig', kubeconfig, ...args], { env: {} });

  it('finds what lint finds in the manifests, each workload once', async () => {
    const file = join(folder, 'manifests.yaml');
    await writeFile(
      file,
      manifests(namespace)
        .map((manifest) => stringify(manifest))
        .join('---\n'),
    );
    const audited = await audit('-n', namespace, '-o', 'json');
    const linted = await cli(['lint', '-o', 'json', file]);
    expect(audited.stderr).toBe('');
    expect(audited.code).toBe(1);
    const found = judgedIn(audited);
    expect(found.size).toBe(32);
    expect(found).toEqual(judgedIn(linted));
  });

  it('puts the worst first, grouped by what to do', async () => {
    const { stdout } = await audit('-n', namespace);
    expect(stdout).toMatch(/^error\[liveness-dependency\] {2}Point liveness at/);
    expect(stdout).toContain(`Deployment ${namespace}/deployment-database`);
    expect(stdout).toMatch(/If they were created now under Enforce: 16 denied, \d+ patched/);
  });

  it('judges only what has the labels, and what it made not at all', async () => {
    const { stdout } = await audit('-n', namespace, '-l', 'app=deployment-database', '-o', 'json');
    // A Deployment of these manifests has no labels of its own; its ReplicaSet and Pods do, and belong to it.
    expect(judgedIn({ code: 0, stdout, stderr: '' }).size).toBe(0);
    await admin.request(
      'PATCH',
      `/apis/apps/v1/namespaces/${namespace}/deployments/deployment-database`,
      { metadata: { labels: { team: 'shop' } } },
      'application/merge-patch+json',
    );
    const selected = await audit('-n', namespace, '-l', 'team=shop', '-o', 'json');
    expect([...judgedIn(selected).keys()]).toEqual([`Deployment/${namespace}/deployment-database`]);
  });

  it('tries a policy before it exists', async () => {
    const policy = join(folder, 'policy.yaml');
    await writeFile(
      policy,
      stringify({
        apiVersion: 'probewise.dev/v1alpha1',
        kind: 'ClusterProbePolicy',
        metadata: { name: 'trial' },
        spec: { mode: 'Enforce', patch: 'Auto', rules: [{ name: 'liveness-dependency', severity: 'Off' }] },
      }),
    );
    const { stdout, code } = await audit('-n', namespace, '--policy', policy, '-o', 'json');
    const report: unknown = JSON.parse(stdout);
    expect(property(report, 'policies')).toEqual(['trial']);
    expect(valueAt(report, ['summary', 'ifEnforced', 'denied'])).toBe(0);
    expect(code).toBe(0);
  });

  it('prints exemptions that would let today pass', async () => {
    const exemptions = await audit('-n', namespace, '-o', 'exemptions');
    const policy = join(folder, 'exempted.yaml');
    await writeFile(
      policy,
      `apiVersion: probewise.dev/v1alpha1\nkind: ClusterProbePolicy\nmetadata: { name: exempted }\nspec:\n  mode: Enforce\n${exemptions.stdout.replaceAll(/^/gm, '  ')}`,
    );
    const { stdout, stderr } = await audit('-n', namespace, '--policy', policy, '-o', 'json');
    expect(stderr).toBe('');
    expect(valueAt(JSON.parse(stdout), ['summary', 'errors'])).toBe(0);
    expect(valueAt(JSON.parse(stdout), ['summary', 'ifEnforced', 'denied'])).toBe(0);
  });

  it.each(['sarif', 'junit', 'github'])('writes %s', async (format) => {
    const { stdout, code } = await audit('-n', namespace, '-o', format);
    expect(code).toBe(1);
    expect(stdout).toContain(`cluster/${namespace}/Deployment/deployment-database`);
  });

  it('judges the rest where a kind may not be read, and says so', async () => {
    const reader = await kubeconfigFor('reader', [
      { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs: ['list'] },
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list'] },
    ]);
    const { stdout, stderr, code } = await cli(['audit', '--kubeconfig', reader, '-n', namespace, '-o', 'json']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^note: statefulsets in test-\S+ could not be read, and were not judged: .*forbidden/m);
    expect(stderr).toMatch(/^note: pods in /m);
    const skipped = list(property(JSON.parse(stdout), 'skipped')).map((part) => property(part, 'what'));
    expect(skipped).toEqual(expect.arrayContaining(['statefulsets', 'daemonsets', 'jobs', 'pods', 'events']));
    expect(judgedIn({ code, stdout, stderr }).has(`Deployment/${namespace}/deployment-database`)).toBe(true);
  });

  it('reads namespace by namespace where the whole cluster may not be read', async () => {
    const reader = await kubeconfigFor('tenant', [{ apiGroups: [''], resources: ['namespaces'], verbs: ['list'] }]);
    await admin.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'tenant', namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'tenant', namespace }],
    });
    const result = await cli(['audit', '--kubeconfig', reader, '-o', 'json']);
    const found = judgedIn(result);
    expect(found.size).toBe(32);
    expect(result.stderr).toMatch(/^note: deployments in .* could not be read/m);
  });

  it('says in one sentence that nothing may be read', async () => {
    const nobody = await kubeconfigFor('nobody', []);
    const { stderr, code } = await cli(['audit', '--kubeconfig', nobody]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/error: no workload could be read/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    [
      'a context that is not there',
      async () => ['--context', 'prod'],
      /^error: The kubeconfig .* has no context "prod": it has "probewise"\.\n$/,
    ],
    [
      'an expired token',
      () => withToken('expired'),
      /^error: The API server at \S+ does not accept the credentials of context "probewise": .*\n$/,
    ],
    [
      'an API server that is down',
      () => withServer('https://127.0.0.1:9'),
      /^error: The API server at https:\/\/127\.0\.0\.1:9 .* cannot be reached: nothing listens there\.\n$/,
    ],
    ['no kubeconfig', async () => ['--kubeconfig', join(folder, 'absent')], /^error: The kubeconfig \S+ cannot be read: .*\n$/],
    ['a namespace that is not there', async () => ['-n', 'shpo'], /^error: There is no namespace "shpo"\.\n$/],
    ['a selector that cannot be read', async () => ['-l', 'a in b'], /^error: .*selector.*\n$/],
  ])('ends with 2 and one sentence for %s', async (_what, args, sentence) => {
    const { code, stdout, stderr } = await audit(...(await args()));
    expect(stderr).toMatch(sentence);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  /** A kubeconfig for an account that may do so much across the cluster. */
  async function kubeconfigFor(name: string, rules: readonly unknown[]): Promise<string> {
    await admin.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
    await admin.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `${namespace}-${name}` },
      rules,
    });
    await admin.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `${namespace}-${name}` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `${namespace}-${name}` },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    });
    const { body } = await admin.request('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    return rewritten(name, (config) =>
      config.replace(
        /client-certificate-data: \S+\n\s+client-key-data: \S+/,
        `token: ${text(valueAt(body, ['status', 'token']))}`,
      ),
    );
  }

  const withToken = async (token: string): Promise<string[]> => [
    '--kubeconfig',
    await rewritten('token', (config) =>
      config.replace(/client-certificate-data: \S+\n\s+client-key-data: \S+/, `token: ${token}`),
    ),
  ];

  const withServer = async (server: string): Promise<string[]> => [
    '--kubeconfig',
    await rewritten('server', (config) => config.replace(/server: \S+/, `server: ${server}`)),
  ];

  async function rewritten(name: string, change: (config: string) => string): Promise<string> {
    const file = join(folder, `${name}.kubeconfig`);
    await writeFile(file, change(await readFile(kubeconfig, 'utf8')));
    return file;
  }
});
