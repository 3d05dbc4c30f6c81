import { connect as netConnect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { Admit } from '../../src/admission/record.ts';
import { property } from '../../src/core/json.ts';
import { admitAll, type Answer, ask, AUTHORITY, responseOf, reviewOf, start, type Started, until } from './support/start.ts';

let started: Started | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await started?.server.close();
});

/** A TLS connection of which every byte is ours; `received` grows with what the server says. */
async function rawConnection(port: number): Promise<{ socket: Socket; received: () => string; ended: () => boolean }> {
  let text = '';
  let ended = false;
  const socket = tlsConnect({ host: '127.0.0.1', servername: 'localhost', ca: AUTHORITY, port });
  sockets.push(socket);
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.on('close', () => (ended = true));
  socket.on('error', () => (ended = true));
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  return { socket, received: () => text, ended: () => ended };
}

const head = (length: number, path = '/validate'): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

function expectSentence(answer: Answer): void {
  expect(answer.headers['content-type']).toContain('text/plain');
  expect(answer.body).toMatch(/^[A-Z][^\n]*\.\n$/);
  expect(answer.body).not.toMatch(/\bat .*:\d+|node_modules|Error:/);
}

describe('a body that cannot be a review', () => {
  it.each([
    ['is not JSON', '{"request": nonsense', 400],
    ['is empty', '', 400],
    ['is a JSON value but no review', '"hello"', 400],
    ['is null', 'null', 400],
  ])('%s: one plain sentence, and one thing observed', async (_name, body, status) => {
    started = await start();
    const answer = await ask(started.port, '/validate', { method: 'POST', body });
    expect(answer.status).toBe(status);
    expectSentence(answer);
    expect(started.seen.refused).toHaveLength(1);
    expect(started.seen.decided).toHaveLength(0);
  });

  it('never quotes the body back, which may hold secrets', async () => {
    started = await start();
    const answer = await ask(started.port, '/mutate', { body: '{"password": hunter2}' });
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('hunter2');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/yaml', 'garbage'])(
    'has the content type %s: 415',
    async (type) => {
      started = await start();
      const answer = await ask(started.port, '/validate', { body: reviewOf({}), headers: { 'content-type': type } });
      expect(answer.status).toBe(415);
      expectSentence(answer);
    },
  );

  it('is JSON with a charset: a review like any other', async () => {
    started = await start();
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    expect((await ask(started.port, '/validate', { body: reviewOf({}), headers })).status).toBe(200);
  });

  it('says that it is larger than the limit: 413 before it is read', async () => {
    started = await start();
    const headers = { 'content-length': 40 * 1024 * 1024 + 1 };
    const answer = await ask(started.port, '/validate', { body: '{', headers, unfinished: true });
    expect(answer.status).toBe(413);
    expectSentence(answer);
  });

  it('turns out to be larger than the limit: 413', async () => {
    started = await start({ limits: { bodyBytes: 1000 } });
    const answer = await ask(started.port, '/validate', {
      body: `"${'x'.repeat(1000)}"`,
      headers: { 'transfer-encoding': 'chunked' },
    });
    expect(answer.status).toBe(413);
  });
});

describe('a request that does not end', () => {
  it('gets a 408 after the limit when its body stops', async () => {
    started = await start({ limits: { requestSeconds: 0.1 } });
    const connection = await rawConnection(started.port);
    connection.socket.write(`${head(100)}{"half":`);
    await until(connection.ended, 'the server ends the connection');
    expect(connection.received()).toMatch(/^HTTP\/1\.1 408 .*\r\n\r\nThe request did not end in time\.\n$/s);
    expect(started.seen.refused.map(({ status }) => status)).toEqual([408]);
  });

  it('gets a 408 after the limit when its headers drip', async () => {
    started = await start({ limits: { requestSeconds: 0.1 } });
    const connection = await rawConnection(started.port);
    connection.socket.write('POST /validate HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => connection.socket.write('X-Drip: 1\r\n'), 10);
    try {
      await until(connection.ended, 'the server ends the connection');
    } finally {
      clearInterval(drip);
    }
    expect(connection.received()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('does not keep others waiting', async () => {
    started = await start();
    const slow = await Promise.all(Array.from({ length: 50 }, () => rawConnection(started?.port ?? 0)));
    for (const { socket } of slow) socket.write(`${head(100)}{`);
    expect((await ask(started.port, '/validate', { body: reviewOf({}) })).status).toBe(200);
  });

  it.each([
    ['is cut off in the middle', (socket: Socket) => socket.destroy()],
    ['is ended in the middle', (socket: Socket) => socket.end()],
  ])('%s: observed once, and the next one is answered', async (_name, stop) => {
    started = await start();
    const { seen, port } = started;
    const connection = await rawConnection(port);
    await new Promise((resolve) => connection.socket.write(`${head(100)}{"half":`, resolve));
    stop(connection.socket);
    await until(() => seen.refused.length > 0, 'the cut-off is observed');
    await until(connection.ended, 'the connection is gone');
    expect((await ask(port, '/validate', { body: reviewOf({}) })).status).toBe(200);
    expect(seen.refused).toMatchObject([{ status: 400, sentence: 'The request was cut off before its end.' }]);
  });
});

describe('a connection that does not speak our protocol', () => {
  it('is plain HTTP: it is closed, and the next request is answered', async () => {
    started = await start();
    const socket = netConnect(started.port, '127.0.0.1');
    sockets.push(socket);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.resume();
    await closed;
    expect((await ask(started.port, '/livez')).status).toBe(200);
    expect(started.seen.refused).toEqual([]);
  });

  it('is not HTTP: 400', async () => {
    started = await start();
    const connection = await rawConnection(started.port);
    connection.socket.write('hello, is there anybody?\r\n\r\n');
    await until(connection.ended, 'the server ends the connection');
    expect(connection.received()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(started.seen.refused).toHaveLength(1);
  });

  it('has endless headers: 431', async () => {
    started = await start();
    const connection = await rawConnection(started.port);
    connection.socket.write(`POST /validate HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`);
    await until(connection.ended, 'the server ends the connection');
    expect(connection.received()).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('a wrong address', () => {
  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])('%s /mutate: 405 and what is allowed', async (method) => {
    started = await start();
    const answer = await ask(started.port, '/mutate?timeout=2s', { method });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('POST');
  });

  it('POST /readyz: 405', async () => {
    started = await start();
    const answer = await ask(started.port, '/readyz', { body: '{}' });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, HEAD');
  });

  it.each(['/', '/mutates', '/validate/', '/metrics', '/__proto__', '/constructor'])('%s: 404', async (path) => {
    started = await start();
    const answer = await ask(started.port, path, { body: reviewOf({}) });
    expect(answer.status).toBe(404);
    expectSentence(answer);
  });

  it('is no URL: 400', async () => {
    started = await start();
    const answer = await ask(started.port, '/%zz');
    expect(answer.status).toBe(400);
    expectSentence(answer);
  });
});

describe('odd but legal input is judged like any other', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty'])(
    'a key %s stays an own property and pollutes nothing',
    async (key) => {
      let object: unknown;
      const admit: Admit = (door, body) => {
        object = property(property(body, 'request'), 'object');
        return admitAll(door, body);
      };
      started = await start({ admit });
      const body = reviewOf('PLACE').replace('"PLACE"', `{"${key}":{"prototype":{"polluted":true},"polluted":true}}`);
      expect((await ask(started.port, '/validate', { body })).status).toBe(200);
      expect(Object.keys(Object(object))).toEqual([key]);
      expect(property(property(object, key), 'polluted')).toBe(true);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    },
  );

  it('an object of 3 MiB on both sides of an update', async () => {
    started = await start();
    const object = { data: 'x'.repeat(3 * 1024 * 1024) };
    expect((await ask(started.port, '/validate', { body: reviewOf([object, object]) })).status).toBe(200);
  });

  it('200 containers', async () => {
    started = await start();
    const containers = Array.from({ length: 200 }, (_, index) => ({ name: `c${index}`, image: 'app' }));
    expect((await ask(started.port, '/mutate', { body: reviewOf({ spec: { containers } }) })).status).toBe(200);
  });

  it('100 000 lists in one another', async () => {
    started = await start();
    const body = reviewOf('PLACE').replace('"PLACE"', '['.repeat(100_000) + ']'.repeat(100_000));
    expect((await ask(started.port, '/validate', { body })).status).toBe(200);
  });
});

describe('an error of our own is not a denial', () => {
  it.each([
    ['rejects', () => Promise.reject(new Error('secret in the error'))],
    [
      'throws',
      () => {
        throw new RangeError('Maximum call stack size exceeded');
      },
    ],
  ])('admit %s: admitted with a warning, the uid echoed, observed, no stack trace', async (_name, admit: Admit) => {
    started = await start({ admit });
    const answer = await ask(started.port, '/mutate', { body: reviewOf({}) });
    expect(answer.status).toBe(200);
    const { uid, allowed, warnings } = responseOf(answer);
    expect({ uid, allowed }).toEqual({ uid: 'uid-1', allowed: true });
    expect(String(warnings).length).toBeLessThanOrEqual(120);
    expect(answer.body).not.toMatch(/secret|stack|\bat /);
    expect(started.seen.failed).toMatchObject([{ door: 'mutate', uid: 'uid-1' }]);
  });
});
