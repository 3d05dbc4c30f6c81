import { Agent } from 'node:https';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Admit } from '../../src/admission/record.ts';
import { admitAll, ask, reviewOf, start, type Started, until } from './support/start.ts';

let started: Started | undefined;
const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await started?.server.close();
});

function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

/** An admit that answers only when it is let go. */
function gate(): { admit: Admit; waiting: () => number; open: () => void } {
  const waiting: (() => void)[] = [];
  return {
    admit: async (door, body) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return admitAll(door, body);
    },
    waiting: () => waiting.length,
    open: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

const refusesConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });

describe('while it serves', () => {
  it('keeps connections open, also when they are idle for longer than a request may take', async () => {
    started = await start({ limits: { requestSeconds: 0.1 } });
    const agent = keepAlive();
    const ports = new Set<number>();
    agent.on('free', (socket: { localPort?: number }) => ports.add(socket.localPort ?? 0));
    expect((await ask(started.port, '/validate', { body: reviewOf({}), agent })).headers['connection']).toBe('keep-alive');
    const after = Date.now() + 300;
    await until(() => Date.now() > after, 'three times the limit');
    expect((await ask(started.port, '/validate', { body: reviewOf({}), agent })).status).toBe(200);
    await until(() => Object.keys(agent.freeSockets).length === 1, 'the connection is free again');
    expect(ports.size).toBe(1);
  });

  it('tells the client to keep an idle connection for 120 s', async () => {
    started = await start();
    const answer = await ask(started.port, '/validate', { body: reviewOf({}), agent: keepAlive() });
    expect(answer.headers['keep-alive']).toBe('timeout=120');
  });
});

describe('while it drains', () => {
  it('is not ready, and answers reviews as before on connections that it then closes', async () => {
    started = await start();
    const agent = keepAlive();
    await ask(started.port, '/validate', { body: reviewOf({}), agent });
    started.server.drain();
    expect((await ask(started.port, '/readyz')).status).toBe(503);
    expect((await ask(started.port, '/livez')).status).toBe(200);
    const answer = await ask(started.port, '/validate', { body: reviewOf({}), agent });
    expect(answer).toMatchObject({ status: 200, headers: { connection: 'close' } });
  });
});

describe('from serving to draining, under load', () => {
  it('loses no request on kept-alive connections, and leaves none of them open', async () => {
    started = await start();
    const { port, server, seen } = started;
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    agents.push(agent);
    const stop = new AbortController();
    const statuses: number[] = [];
    const asking = Array.from({ length: 4 }, async () => {
      while (!stop.signal.aborted) statuses.push((await ask(port, '/validate', { body: reviewOf({}), agent })).status);
    });
    await until(() => statuses.length > 40, 'some answers while it serves');
    server.drain();
    const before = statuses.length;
    await until(() => statuses.length > before + 40, 'some answers while it drains');
    stop.abort();
    await Promise.all(asking);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(seen.decided).toHaveLength(statuses.length);
    await until(() => Object.keys(agent.freeSockets).length === 0, 'no connection is kept');
  });
});

describe('while it closes', () => {
  it('answers what is in flight with Connection: close, sends others to another replica, and then is gone', async () => {
    const { admit, waiting, open } = gate();
    started = await start({ admit });
    const { port, server } = started;
    const idle = keepAlive();
    await ask(port, '/readyz', { agent: idle });
    const inFlight = ask(port, '/validate', { body: reviewOf({}), agent: keepAlive() });
    await until(() => waiting() === 1, 'the request is in flight');

    const closed = server.close();
    const late = await ask(port, '/validate', { body: reviewOf({}), agent: idle });
    expect(late).toMatchObject({ status: 503, headers: { 'retry-after': '1', connection: 'close' } });

    open();
    expect(await inFlight).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await closed;
    expect(await refusesConnections(port)).toBe(true);
  });

  it('closes idle connections at once', async () => {
    started = await start();
    const agent = keepAlive();
    await ask(started.port, '/validate', { body: reviewOf({}), agent });
    const before = performance.now();
    await started.server.close();
    expect(performance.now() - before).toBeLessThan(1000);
    await until(() => Object.keys(agent.freeSockets).length === 0, 'the client sees that the connection is closed');
  });

  it('cuts off whoever does not finish: a body that never ends, a handshake that never begins', async () => {
    started = await start({ limits: { closeSeconds: 0.2, requestSeconds: 60 } });
    const { port, server } = started;
    const silent = connect(port, '127.0.0.1');
    silent.on('error', () => undefined);
    await new Promise((resolve) => silent.once('connect', resolve));
    const endless = ask(port, '/validate', { body: '{', headers: { 'content-length': 100 }, unfinished: true });
    const outcome = endless.then(
      () => 'answered',
      () => 'cut off',
    );
    expect((await ask(port, '/livez')).status).toBe(200);
    await server.close();
    expect(await outcome).toBe('cut off');
    silent.destroy();
  });

  it('leaves no socket behind', async () => {
    const count = (): number => process.getActiveResourcesInfo().filter((name) => /^TCP|^TLS/.test(name)).length;
    const before = count();
    started = await start();
    await Promise.all(
      Array.from({ length: 20 }, () => ask(started?.port ?? 0, '/validate', { body: reviewOf({}), agent: keepAlive() })),
    );
    expect(count()).toBeGreaterThan(before);
    await started.server.close();
    for (const agent of agents) agent.destroy();
    await until(() => count() <= before, 'all sockets are gone');
  });

  it('can be closed twice', async () => {
    started = await start();
    await Promise.all([started.server.close(), started.server.close()]);
  });
});
