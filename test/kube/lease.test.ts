import { describe, expect, it } from 'vitest';
import { valueAt } from '../../src/core/json.ts';
import type { KubeApi } from '../../src/kube/api.ts';
import { KubeError } from '../../src/kube/error.ts';
import { type Leadership, leadByLease } from '../../src/kube/lease.ts';
import { FakeClock, settle } from './support/clockwork.ts';
import { FakeApi } from './support/fake-api.ts';

const PATH = '/apis/coordination.k8s.io/v1/namespaces/home/leases/probewise';

/** The way of one replica to the API server, which can be cut. */
const cuttable = (api: FakeApi, isCut: () => boolean): KubeApi => {
  const through = async <T>(call: () => Promise<T>): Promise<T> => {
    if (isCut()) throw new KubeError('unreachable', 'The API server cannot be reached.');
    return call();
  };
  return {
    get: (...call) => through(() => api.get(...call)),
    list: (...call) => through(() => api.list(...call)),
    watch: (...call) => through(() => api.watch(...call)),
    create: (...call) => through(() => api.create(...call)),
    replace: (...call) => through(() => api.replace(...call)),
    patch: (...call) => through(() => api.patch(...call)),
    close: () => undefined,
  };
};

function candidate(api: KubeApi, clock: FakeClock, identity: string) {
  const changes: boolean[] = [];
  const failures: string[] = [];
  const lease: Leadership = leadByLease({
    api,
    namespace: 'home',
    name: 'probewise',
    identity,
    clockwork: clock,
    changed: (leading) => changes.push(leading),
    failed: (sentence) => failures.push(sentence),
  });
  return { lease, changes, failures };
}

const holder = (api: FakeApi): unknown => valueAt(api.objects.get(PATH), ['spec', 'holderIdentity']);

describe('leadByLease', () => {
  it('leads at once where there is no Lease, or one that nobody holds', async () => {
    for (const prepare of [
      () => undefined,
      (api: FakeApi) => api.put(PATH, { metadata: { name: 'probewise', labels: { a: 'b' } } }),
    ]) {
      const api = new FakeApi();
      prepare(api);
      const { lease, changes } = candidate(api, new FakeClock(), 'a');
      await settle();
      expect(lease.isLeader()).toBe(true);
      expect(changes).toEqual([true]);
      expect(holder(api)).toBe('a');
      await lease.stop();
    }
  });

  it('has one leader, whoever else wants to, for as long as that one renews', async () => {
    const api = new FakeApi();
    const clock = new FakeClock();
    const all = ['a', 'b', 'c'].map((identity) => candidate(api, clock, identity));
    for (let minute = 0; minute < 5; minute++) {
      await clock.pass(60, 1);
      expect(all.map(({ lease }) => lease.isLeader())).toEqual([true, false, false]);
    }
    await Promise.all(all.map(({ lease }) => lease.stop()));
  });

  it('hands over within seconds when the leader stops in good order', async () => {
    const api = new FakeApi();
    const clock = new FakeClock();
    const [first, second] = [candidate(api, clock, 'a'), candidate(api, clock, 'b')];
    await clock.pass(10);
    await first.lease.stop();
    expect(first.changes).toEqual([true, false]);
    await clock.pass(3);
    expect(second.lease.isLeader()).toBe(true);
    expect(valueAt(api.objects.get(PATH), ['spec', 'leaseTransitions'])).toBe(1);
    await second.lease.stop();
  });

  it('lets another one lead only after the whole duration, when the leader is gone, and never two at a time', async () => {
    const api = new FakeApi();
    const clock = new FakeClock();
    let cut = false;
    const first = candidate(
      cuttable(api, () => cut),
      clock,
      'a',
    );
    await settle();
    const second = candidate(api, clock, 'b');
    await clock.pass(10);
    cut = true;
    let together = 0;
    let alone = 0;
    for (let passed = 0; passed < 40; passed++) {
      await clock.pass(1, 0.5);
      if (first.lease.isLeader() && second.lease.isLeader()) together++;
      if (first.lease.isLeader()) alone++;
    }
    expect(together).toBe(0);
    expect(alone).toBeGreaterThanOrEqual(6);
    expect(alone).toBeLessThanOrEqual(10);
    expect(second.lease.isLeader()).toBe(true);
    cut = false;
    await clock.pass(20, 1);
    expect([first, second].filter(({ lease }) => lease.isLeader())).toHaveLength(1);
    expect(first.failures).toEqual(['The API server cannot be reached.']);
    await Promise.all([first.lease.stop(), second.lease.stop()]);
  });

  it('does not lead any more, by its own clock, when it was paused', async () => {
    const clock = new FakeClock();
    let skew = 0;
    const api = new FakeApi();
    const lease = leadByLease({
      api,
      namespace: 'home',
      name: 'probewise',
      identity: 'a',
      clockwork: { now: () => clock.now() + skew, delay: clock.delay, random: clock.random },
      changed: () => undefined,
      failed: () => undefined,
    });
    await settle();
    expect(lease.isLeader()).toBe(true);
    skew = 11_000;
    expect(lease.isLeader()).toBe(false);
    await lease.stop();
  });

  it('says once what keeps it from leading', async () => {
    const api = new FakeApi();
    const clock = new FakeClock();
    api.intercept = () => {
      throw new KubeError('forbidden', 'Not permitted.');
    };
    const { lease, failures } = candidate(api, clock, 'a');
    await clock.pass(60, 1);
    expect(failures).toEqual(['Not permitted.']);
    expect(lease.isLeader()).toBe(false);
    await lease.stop();
  });
});
