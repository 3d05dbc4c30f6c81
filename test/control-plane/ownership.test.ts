import { expect, it } from 'vitest';
import { list, property, text, valueAt } from '../../src/core/json.ts';
import { describeOnCluster, ENFORCE } from './harness/cluster.ts';
import { deployment, inNamespace, LIVE, podSpec } from './harness/manifests.ts';
import { annotation, probesIn, templateSpec } from './harness/probes.ts';
import { until } from './harness/until.ts';

const UNTOUCHED = [{ livenessProbe: expect.objectContaining({ timeoutSeconds: 1, failureThreshold: 3 }) }];

describeOnCluster('Workloads that somebody else looks after', ENFORCE, (cluster) => {
  const read = (namespace: string): Promise<unknown> =>
    cluster().admin.read(`/apis/apps/v1/namespaces/${namespace}/deployments/app`);

  const podOf = (namespace: string): Promise<unknown> =>
    until('a Pod of the Deployment', async () => {
      const [pod] = list(property(await cluster().admin.read(`/api/v1/namespaces/${namespace}/pods`), 'items'));
      return pod;
    });

  async function expectOnlyPodsPatched(namespace: string): Promise<void> {
    const untouched = await read(namespace);
    expect(probesIn(templateSpec(untouched))).toEqual(UNTOUCHED);
    expect(annotation(untouched, 'probewise.dev/patched')).toBeUndefined();
    const made = await podOf(namespace);
    const [probes] = probesIn(property(made, 'spec'));
    expect(property(probes, 'livenessProbe')).toMatchObject({ timeoutSeconds: 5 });
    expect(property(probes, 'startupProbe')).toMatchObject({ periodSeconds: 2, httpGet: { path: '/livez' } });
    expect(annotation(made, 'probewise.dev/patched')).toContain('startupProbe');
  }

  it('leaves a Deployment with a controller as it is, and patches its Pods', async () => {
    const namespace = await cluster().namespace();
    // Any object will do as the controller: what counts is that it is there, or the garbage collector takes the Deployment.
    const owner = await cluster().admin.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'operator', namespace },
    });
    const reference = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'operator',
      uid: text(valueAt(owner, ['metadata', 'uid'])) ?? '',
    };
    const metadata = { ownerReferences: [{ ...reference, controller: true }] };
    await cluster().developer.create(inNamespace(deployment('app', podSpec({ livenessProbe: LIVE }), metadata), namespace));
    await expectOnlyPodsPatched(namespace);
  });

  it("leaves a Deployment with Argo CD's tracking annotation as it is, and patches its Pods", async () => {
    const namespace = await cluster().namespace();
    const metadata = { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/app' } };
    await cluster().developer.create(inNamespace(deployment('app', podSpec({ livenessProbe: LIVE }), metadata), namespace));
    await expectOnlyPodsPatched(namespace);
  });

  it('patches any other Deployment itself, and its Pods need nothing more', async () => {
    const namespace = await cluster().namespace();
    await cluster().developer.create(inNamespace(deployment('app', podSpec({ livenessProbe: LIVE })), namespace));
    const patched = await read(namespace);
    expect(annotation(patched, 'probewise.dev/patched')).toContain('startupProbe');
    const made = await podOf(namespace);
    expect(probesIn(property(made, 'spec'))).toEqual(probesIn(templateSpec(patched)));
    expect(annotation(made, 'probewise.dev/patched')).toBeUndefined();
  });
});
