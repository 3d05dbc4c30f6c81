import { describe, expect, it } from 'vitest';
import { BUILT_IN_POLICY } from '../../src/core/policy.ts';
import { type NamespaceFacts, resolve } from '../../src/core/resolve.ts';
import { readWorkload, type Workload } from '../../src/core/workload.ts';
import { WORKLOAD_KINDS } from '../../src/core/workload-kinds.ts';
import { beforeDenial } from '../../src/kube/before-denial.ts';
import { KubeError } from '../../src/kube/error.ts';
import { FakeApi } from './support/fake-api.ts';

const resolveFacts = (facts: NamespaceFacts) => resolve([BUILT_IN_POLICY], facts, 0);
const SETS = '/apis/apps/v1/namespaces/shop/replicasets';
const REVISIONS = '/apis/apps/v1/namespaces/shop/controllerrevisions';

const template = (path: string, labels: Record<string, string> = {}) => ({
  metadata: { creationTimestamp: null, labels: { app: 'web', ...labels } },
  spec: { containers: [{ name: 'web', livenessProbe: { httpGet: { path, port: 80 } }, resources: {} }] },
});

function workload(kind: string, path: string, uid: string | undefined = 'u1'): Workload {
  const read = readWorkload(
    {
      apiVersion: 'apps/v1',
      kind,
      metadata: { name: 'web', namespace: 'shop', ...(uid !== undefined && { uid }) },
      spec: { selector: { matchLabels: { app: 'web' } }, template: template(path) },
    },
    WORKLOAD_KINDS,
  );
  if (read === undefined) throw new Error('no workload');
  return read;
}

const owned = (uid: string) => ({ ownerReferences: [{ uid, controller: true }] });

function withSets(api = new FakeApi()): FakeApi {
  api.put(`${SETS}/web-1`, {
    metadata: { name: 'web-1', ...owned('u1') },
    spec: { template: template('/old', { 'pod-template-hash': 'abc' }) },
  });
  api.put(`${SETS}/other-1`, {
    metadata: { name: 'other-1', ...owned('u2') },
    spec: { template: template('/other', { 'pod-template-hash': 'abc' }) },
  });
  return api;
}

function withRevisions(): FakeApi {
  const api = new FakeApi();
  const data = { spec: { template: { ...template('/old'), $patch: 'replace' } } };
  api.put(`${REVISIONS}/web-1`, { metadata: { name: 'web-1', ...owned('u1') }, data });
  return api;
}

describe('ranBefore', () => {
  it('knows a template of a Deployment again by its ReplicaSet, without the label that was added to it', async () => {
    const api = withSets();
    expect(await beforeDenial({ api, resolveFacts }).ranBefore(workload('Deployment', '/old'))).toBe(true);
    expect(api.calls).toEqual([{ verb: 'list', path: SETS, query: { labelSelector: 'app=web', limit: 200 } }]);
  });

  it('takes another template, and one of another owner, for new', async () => {
    const past = beforeDenial({ api: withSets(), resolveFacts });
    expect(await past.ranBefore(workload('Deployment', '/new'))).toBe(false);
    expect(await past.ranBefore(workload('Deployment', '/other'))).toBe(false);
  });

  it.each(['StatefulSet', 'DaemonSet'])('knows a template of a %s again by its ControllerRevision', async (kind) => {
    const past = beforeDenial({ api: withRevisions(), resolveFacts });
    expect(await past.ranBefore(workload(kind, '/old'))).toBe(true);
    expect(await past.ranBefore(workload(kind, '/new'))).toBe(false);
  });

  it('knows a template again under what a patch of ours left in it: numbers, and a startupProbe that asks what liveness asks', async () => {
    const handler = { httpGet: { path: '/old', port: 80 } };
    const spec = {
      containers: [
        {
          name: 'web',
          livenessProbe: { ...handler, timeoutSeconds: 5, initialDelaySeconds: 140 },
          startupProbe: { ...handler, failureThreshold: 146, periodSeconds: 2 },
        },
      ],
    };
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', uid: 'u1' },
      spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec } },
    };
    const past = beforeDenial({ api: withSets(), resolveFacts });
    const patched = readWorkload(object, WORKLOAD_KINDS);
    expect(patched === undefined ? undefined : await past.ranBefore(patched)).toBe(true);
  });

  it('asks nothing of what is being created, nor of kinds without a past', async () => {
    const api = withSets();
    const past = beforeDenial({ api, resolveFacts });
    expect(await past.ranBefore(workload('Deployment', '/old', ''))).toBe(false);
    expect(await past.ranBefore(workload('ReplicaSet', '/old'))).toBe(false);
    expect(api.calls).toEqual([]);
  });

  it('rejects where the API server does not answer: then nothing is denied', async () => {
    const api = withSets();
    api.intercept = () => {
      throw new KubeError('unreachable', 'The API server gave no answer in time.');
    };
    await expect(beforeDenial({ api, resolveFacts }).ranBefore(workload('Deployment', '/old'))).rejects.toThrow('no answer');
  });
});

describe('readNamespace', () => {
  it('reads the namespace as it is now', async () => {
    const api = new FakeApi();
    api.put('/api/v1/namespaces/shop', { metadata: { name: 'shop', annotations: { 'probewise.dev/mode': 'Audit' } } });
    const { policy } = await beforeDenial({ api, resolveFacts }).readNamespace('shop');
    expect(policy.mode).toBe('Audit');
  });
});
