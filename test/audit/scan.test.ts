import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audited.ts';
import { scan, type ScanOptions } from '../../src/audit/scan.ts';
import { isObject, type JsonObject } from '../../src/core/json.ts';
import { BUILT_IN_POLICY } from '../../src/core/policy.ts';
import { resolve } from '../../src/core/resolve.ts';
import { WORKLOAD_KINDS } from '../../src/core/workload-kinds.ts';
import { evaluate } from '../../src/engine.ts';
import { KubeError } from '../../src/kube/error.ts';
import { type FakeCluster, type FakeOptions, fakeCluster } from './fake-api.ts';
import { killing, runningPod, status, TERMINATED } from './history/objects.ts';

const TEMPLATE = { spec: { containers: [{ name: 'app', livenessProbe: { exec: { command: ['pg_isready', '-h', 'db'] } } }] } };

function object(name: string, owner?: { kind: string; apiVersion: string; uid: string }, rest: JsonObject = {}): JsonObject {
  return {
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      ...(owner !== undefined && { ownerReferences: [{ ...owner, controller: true }] }),
      ...(isObject(rest['metadata']) && rest['metadata']),
    },
    spec: { template: TEMPLATE },
  };
}

const pod = (name: string, owner?: { kind: string; apiVersion: string; uid: string }, rest: JsonObject = {}): JsonObject => ({
  ...object(name, owner),
  ...TEMPLATE,
  ...rest,
});

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', uid: 'uid-orders' };
const REPLICA_SET = { apiVersion: 'apps/v1', kind: 'ReplicaSet', uid: 'uid-orders-1' };
const DEPLOYMENTS = '/apis/apps/v1/deployments';
const REPLICA_SETS = '/apis/apps/v1/replicasets';
const PODS = '/api/v1/pods';

async function scanOf(fake: FakeOptions, options: Partial<ScanOptions> = {}): Promise<Audit & FakeCluster> {
  const cluster = fakeCluster(fake);
  const { policy } = resolve([BUILT_IN_POLICY], { name: 'shop', labels: {}, annotations: {} }, 0);
  const audit = await scan({
    api: cluster.api,
    judgement: { evaluate, kinds: WORKLOAD_KINDS, policyFor: () => policy },
    namespaces: [],
    knownNamespaces: [],
    ...options,
  });
  return { ...audit, ...cluster };
}

const names = ({ workloads }: Audit): string[] => workloads.map(({ kind, name }) => `${kind} ${name}`);

describe('A scan of a cluster', () => {
  it('judges what owners made at the owners', async () => {
    const audit = await scanOf({
      collections: {
        [DEPLOYMENTS]: [object('orders')],
        [REPLICA_SETS]: [object('orders-1', DEPLOYMENT), object('orders-0', DEPLOYMENT), object('alone')],
        [PODS]: [pod('orders-1-a', REPLICA_SET), pod('orders-1-b', REPLICA_SET), pod('bare')],
        '/apis/batch/v1/cronjobs': [{ ...object('nightly'), spec: { jobTemplate: { spec: { template: TEMPLATE } } } }],
        '/apis/batch/v1/jobs': [object('nightly-1', { apiVersion: 'batch/v1', kind: 'CronJob', uid: 'uid-nightly' })],
      },
    });
    expect(names(audit)).toEqual(['Deployment orders', 'CronJob nightly', 'ReplicaSet alone', 'Pod bare']);
    expect(audit.objects).toBe(9);
  });

  it('judges a Pod whose controller is of a kind that nobody knows, and a static one', async () => {
    const audit = await scanOf({
      collections: {
        [PODS]: [
          pod('made', { apiVersion: 'example.com/v1', kind: 'Database', uid: 'uid-database' }),
          pod('static', { apiVersion: 'v1', kind: 'Node', uid: 'uid-node' }),
        ],
      },
    });
    expect(names(audit)).toEqual(['Pod made', 'Pod static']);
  });

  it('does not take a Pod for an orphan because its owner came while the scan went on', async () => {
    expect(names(await scanOf({ collections: { [PODS]: [pod('new', REPLICA_SET)] } }))).toEqual([]);
  });

  it('judges Pods where what made them may not be read, and says what is missing', async () => {
    const audit = await scanOf({
      collections: { [DEPLOYMENTS]: [object('orders')], [PODS]: [pod('orders-1-a', REPLICA_SET)] },
      before(call) {
        if (call.includes('replicasets')) throw new KubeError('forbidden', 'Not permitted: replicasets.');
      },
    });
    expect(names(audit)).toEqual(['Deployment orders', 'Pod orders-1-a']);
    expect(audit.skipped).toEqual([
      { what: 'replicasets', namespaces: [], reason: 'Not permitted: replicasets.', workloads: true },
    ]);
  });

  it('leaves out what is being deleted and Pods that have ended', async () => {
    const audit = await scanOf({
      collections: {
        [DEPLOYMENTS]: [object('gone', undefined, { metadata: { deletionTimestamp: '2026-07-01T00:00:00Z' } })],
        [PODS]: [
          pod('done', undefined, { status: { phase: 'Succeeded' } }),
          pod('evicted', undefined, { status: { phase: 'Failed' } }),
        ],
      },
    });
    expect(names(audit)).toEqual([]);
  });

  it('looks for custom kinds where their group is served, in the version that the cluster prefers', async () => {
    const audit = await scanOf({
      objects: {
        '/apis': { groups: [{ name: 'argoproj.io', preferredVersion: { version: 'v1alpha1' } }, { name: 'example.com' }] },
        '/apis/argoproj.io/v1alpha1': {
          resources: [
            { name: 'rollouts', kind: 'Rollout' },
            { name: 'rollouts/status', kind: 'Rollout' },
          ],
        },
      },
      collections: { '/apis/argoproj.io/v1alpha1/rollouts': [object('canary')] },
    });
    expect(names(audit)).toEqual(['Rollout canary']);
    expect(audit.workloads[0]).toMatchObject({ apiVersion: 'argoproj.io/v1alpha1' });
  });

  it('makes no call for a single object', async () => {
    const many = (count: number): JsonObject[] => Array.from({ length: count }, (_item, index) => object(`app-${index}`));
    const few = await scanOf({ collections: { [DEPLOYMENTS]: many(1) }, pageSize: 1000 });
    const full = await scanOf({ collections: { [DEPLOYMENTS]: many(900) }, pageSize: 1000 });
    expect(full.workloads).toHaveLength(900);
    expect(full.calls).toEqual(few.calls);
  });

  it('starts a list again that took too long, and judges nothing twice', async () => {
    let expired = false;
    const audit = await scanOf({
      collections: { [DEPLOYMENTS]: ['a', 'b', 'c', 'd', 'e'].map((name) => object(name)) },
      before(_call, query) {
        if (query.continue !== '4' || expired) return;
        expired = true;
        throw new KubeError('expired', 'Too old.');
      },
    });
    expect(names(audit)).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `Deployment ${name}`));
  });

  it('asks each namespace where the whole cluster may not be read', async () => {
    const audit = await scanOf(
      {
        collections: { '/apis/apps/v1/namespaces/shop/deployments': [object('orders')] },
        before(call) {
          if (!call.includes('/namespaces/shop/') && !call.startsWith('get'))
            throw new KubeError('forbidden', `Not permitted: ${call}.`);
        },
      },
      { knownNamespaces: ['shop', 'bank', 'tools'] },
    );
    expect(names(audit)).toEqual(['Deployment orders']);
    expect(audit.skipped.find(({ what }) => what === 'deployments')).toMatchObject({ namespaces: ['bank', 'tools'] });
  });

  it('does not go on where the API server is away', async () => {
    const before = (): void => {
      throw new KubeError('unreachable', 'It is away.');
    };
    await expect(scanOf({ before })).rejects.toThrow('It is away.');
  });

  it('brings events about Pods to the workload', async () => {
    const crashing: JsonObject = runningPod({ statuses: [status({ restartCount: 14, lastState: TERMINATED })] });
    const audit = await scanOf({
      collections: {
        [DEPLOYMENTS]: [object('orders')],
        [REPLICA_SETS]: [object('orders-1', DEPLOYMENT)],
        [PODS]: [{ ...crashing, metadata: { uid: 'pod-1', ownerReferences: [{ ...REPLICA_SET, controller: true }] } }],
        '/api/v1/events': [
          killing('liveness', { count: 14 }),
          killing('liveness', { involvedObject: { kind: 'Pod', uid: 'other' } }),
        ],
      },
    });
    expect(names(audit)).toEqual(['Deployment orders']);
    const app = audit.workloads[0]?.history.get('app');
    expect(app).toMatchObject({ pods: 1, restarts: 14 });
    expect(app?.probes.get('livenessProbe')).toMatchObject({ kills: 14 });
  });

  it('tells of a rule that failed, and judges by the others', async () => {
    const failing = await scanOf(
      { collections: { [DEPLOYMENTS]: [object('orders')] } },
      {
        judgement: {
          evaluate: () => ({ findings: [], edits: [], errors: [{ rule: 'odd', error: new Error('broken') }] }),
          kinds: WORKLOAD_KINDS,
          policyFor: () => resolve([], { name: 'shop', labels: {}, annotations: {} }, 0).policy,
        },
      },
    );
    expect(failing.notes).toEqual(['rule odd failed on Deployment "shop/orders", which was judged without it: broken']);
  });
});
