import { describe, expect, it } from 'vitest';
import { text, valueAt } from '../../src/core/json.ts';
import { KubeError } from '../../src/kube/error.ts';
import { type Watch, watchCollection } from '../../src/kube/watch.ts';
import { FakeClock, settle } from './support/clockwork.ts';
import { FakeApi } from './support/fake-api.ts';

const PATH = '/api/v1/namespaces';
const named = (name: string, labels: Record<string, string> = {}) => ({ metadata: { name, labels } });

interface Started {
  readonly api: FakeApi;
  readonly clock: FakeClock;
  readonly watch: Watch<string>;
  readonly changes: string[][];
  readonly failures: string[];
}

function start(api = new FakeApi()): Started {
  const clock = new FakeClock();
  const changes: string[][] = [];
  const failures: string[] = [];
  const watch: Watch<string> = watchCollection({
    api,
    path: PATH,
    clockwork: clock,
    keep: (object) => text(valueAt(object, ['metadata', 'labels', 'team'])) ?? 'none',
    changed: () => changes.push([...watch.items].map(([key, team]) => `${key}=${team}`)),
    failed: (sentence) => failures.push(sentence),
  });
  return { api, clock, watch, changes, failures };
}

const lists = ({ api }: Started): number => api.calls.filter(({ verb }) => verb === 'list').length;

describe('watchCollection', () => {
  it('reads all pages before it has synced', async () => {
    const api = new FakeApi();
    for (let index = 0; index < 7; index++) api.put(`${PATH}/n${index}`, named(`n${index}`));
    api.pageSize = 3;
    const started = start(api);
    expect(started.watch.hasSynced()).toBe(false);
    await settle();
    expect(started.watch.hasSynced()).toBe(true);
    expect(started.watch.items.size).toBe(7);
    expect(lists(started)).toBe(3);
    expect(started.changes).toHaveLength(1);
    await started.watch.stop();
  });

  it('has synced, and says so, where there is nothing', async () => {
    const started = start();
    await settle();
    expect(started.watch.hasSynced()).toBe(true);
    expect(started.changes).toEqual([[]]);
    await started.watch.stop();
  });

  it('follows what is added, changed and deleted', async () => {
    const started = start();
    await settle();
    started.api.put(`${PATH}/shop`, named('shop'));
    started.api.put(`${PATH}/shop`, named('shop', { team: 'red' }));
    started.api.remove(`${PATH}/shop`);
    expect(started.changes).toEqual([[], ['shop=none'], ['shop=red'], []]);
    await started.watch.stop();
  });

  it('goes on from the last bookmark when the API server ends the stream in good order, without a list', async () => {
    const started = start();
    await settle();
    await started.clock.pass(2);
    started.api.say(JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '777' } } }));
    started.api.endWatches();
    await settle();
    expect(lists(started)).toBe(1);
    expect(started.api.calls.at(-1)?.query).toMatchObject({ resourceVersion: '777' });
    expect(started.failures).toEqual([]);
    await started.watch.stop();
  });

  it.each([
    ['in the stream', (api: FakeApi) => api.say('{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}')],
    ['as an answer', (api: FakeApi) => api.cut(new KubeError('expired', 'too old resource version'))],
  ])('reads everything anew where its version has expired, %s, and forgets what has gone meanwhile', async (_where, expire) => {
    const started = start();
    started.api.put(`${PATH}/old`, named('old'));
    await settle();
    started.api.objects.delete(`${PATH}/old`);
    started.api.objects.set(`${PATH}/new`, named('new'));
    expire(started.api);
    await started.clock.pass(1);
    expect([...started.watch.items.keys()]).toEqual(['new']);
    expect(started.failures).toEqual([]);
    await started.watch.stop();
  });

  it('keeps what it knew while the API server is away, says why once, tells its age, and comes back by itself', async () => {
    const started = start();
    started.api.put(`${PATH}/shop`, named('shop'));
    await settle();
    started.api.intercept = () => {
      throw new KubeError('unreachable', 'The API server cannot be reached.');
    };
    started.api.cut();
    await started.clock.pass(300, 1);
    expect([...started.watch.items.keys()]).toEqual(['shop']);
    expect(started.watch.hasSynced()).toBe(true);
    expect(started.watch.ageSeconds()).toBeGreaterThanOrEqual(300);
    expect(started.failures).toEqual(['The connection was cut.', 'The API server cannot be reached.']);
    started.api.intercept = () => undefined;
    await started.clock.pass(11, 1);
    started.api.put(`${PATH}/bank`, named('bank'));
    expect([...started.watch.items.keys()]).toEqual(['shop', 'bank']);
    expect(started.watch.ageSeconds()).toBeLessThan(11);
    await started.watch.stop();
  });

  it('tries at growing distances, at most ten seconds apart', async () => {
    const api = new FakeApi();
    api.intercept = () => {
      throw new KubeError('failed', 'The API server answered with 500.');
    };
    const started = start(api);
    await started.clock.pass(120, 1);
    const { waits } = started.clock;
    expect(waits.slice(0, 4)).toEqual([187.5, 375, 750, 1500]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
    expect(api.calls.length).toBeLessThan(30);
    expect(started.watch.hasSynced()).toBe(false);
    await started.watch.stop();
  });

  it('does not list and watch without a pause where every stream ends at once', async () => {
    const api = new FakeApi();
    const started = start(api);
    await settle();
    for (let round = 0; round < 50; round++) {
      api.endWatches();
      await started.clock.pass(1, 1);
    }
    expect(api.calls.length).toBeLessThan(20);
    await started.watch.stop();
  });

  it.each(['', '   ', 'no json', '{"type":', '[]', 'null', '{"type":"ADDED"}', '{"type":5,"object":{}}'])(
    'survives the line %j, and has everything right afterwards',
    async (line) => {
      const started = start();
      await settle();
      started.api.say(line);
      await started.clock.pass(1);
      started.api.put(`${PATH}/shop`, named('shop'));
      await started.clock.pass(1);
      expect([...started.watch.items.keys()]).toEqual(['shop']);
      await started.watch.stop();
    },
  );

  it('passes over events of types to come and objects without a name', async () => {
    const started = start();
    await settle();
    started.api.say('{"type":"PONDERED","object":{"metadata":{"name":"x"}}}');
    started.api.say('{"type":"ADDED","object":{"metadata":{}}}');
    started.api.put(`${PATH}/shop`, named('shop'));
    expect([...started.watch.items.keys()]).toEqual(['shop']);
    expect(lists(started)).toBe(1);
    await started.watch.stop();
  });

  it('has synced where the kind is not installed, and finds it once it is', async () => {
    const api = new FakeApi();
    api.intercept = () => {
      throw new KubeError('not-found', 'the server could not find the requested resource');
    };
    const started = start(api);
    await settle();
    expect(started.watch.hasSynced()).toBe(true);
    expect(started.failures).toHaveLength(1);
    api.intercept = () => undefined;
    api.put(`${PATH}/shop`, named('shop'));
    await started.clock.pass(11, 1);
    expect([...started.watch.items.keys()]).toEqual(['shop']);
    await started.watch.stop();
  });

  it('forgets a kind that was there only after half a minute: an API server that starts may not know it yet', async () => {
    const started = start();
    started.api.put(`${PATH}/shop`, named('shop'));
    await settle();
    started.api.intercept = () => {
      throw new KubeError('not-found', 'the server could not find the requested resource');
    };
    started.api.cut();
    await started.clock.pass(25, 1);
    expect(started.watch.items.size).toBe(1);
    await started.clock.pass(20, 1);
    expect(started.watch.items.size).toBe(0);
    expect(started.changes.at(-1)).toEqual([]);
    await started.watch.stop();
  });

  it('stops in the middle of a stream and of a wait', async () => {
    const streaming = start();
    await settle();
    await streaming.watch.stop();
    expect(streaming.api.watching).toBe(0);
    const api = new FakeApi();
    api.intercept = () => {
      throw new KubeError('unreachable', 'away');
    };
    const waiting = start(api);
    await settle();
    await waiting.watch.stop();
    expect(waiting.failures).toEqual(['away']);
  });
});
