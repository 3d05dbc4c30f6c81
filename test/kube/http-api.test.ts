import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/kube/connection.ts';
import { KubeError } from '../../src/kube/error.ts';
import { httpApi } from '../../src/kube/http-api.ts';
import { issueAuthority, issueServing } from '../../src/tls/issue.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

async function serve(
  answer: Answer,
): Promise<Connection & { readonly refreshes: () => number; readonly token: (next: string) => void }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return connectionTo(`http://127.0.0.1:${portOf(server.address())}`);
}

function connectionTo(
  server: string,
  ca?: string,
): Connection & { readonly refreshes: () => number; readonly token: (next: string) => void } {
  let refreshes = 0;
  let token = 'old';
  return {
    server,
    as: 'context "test"',
    options: () => Promise.resolve({ headers: { authorization: `Bearer ${token}` }, ...(ca !== undefined && { ca }) }),
    refresh: () => {
      refreshes += 1;
      token = 'new';
    },
    refreshes: () => refreshes,
    token: (next) => {
      token = next;
    },
  };
}

const portOf = (address: string | AddressInfo | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0;

const status = (response: ServerResponse, code: number, message = ''): void => {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', code, message }));
};

const problemOf = async (call: Promise<unknown>): Promise<KubeError> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof KubeError) return error;
  throw new Error('it should have been rejected with a KubeError');
};

describe('httpApi', () => {
  it.each([
    [401, 'Unauthorized', 'unauthorized', 'Log in again.'],
    [
      403,
      'namespaces is forbidden: User "x" cannot list',
      'forbidden',
      'Not permitted (context "test"): namespaces is forbidden',
    ],
    [403, 'admission webhook "other.example" denied the request: no', 'refused', 'admission webhook "other.example"'],
    [404, 'namespaces "x" not found', 'not-found', 'Not found: namespaces "x" not found.'],
    [409, 'the object has been modified', 'conflict', 'the object has been modified.'],
    [410, 'too old resource version', 'expired', 'Too old'],
    [422, 'Invalid value', 'refused', 'Invalid value.'],
    [429, 'slow down', 'busy', 'too busy'],
    [500, 'etcd is gone', 'failed', 'with 500: etcd is gone.'],
    [503, '', 'failed', 'with 503.'],
  ] as const)('says of %i %s what it means, in one sentence', async (code, message, problem, part) => {
    const connection = await serve((_request, response) => status(response, code, message));
    const error = await problemOf(httpApi(connection).get('/api/v1/namespaces/x'));
    expect(error.problem).toBe(problem);
    expect(error.message).toContain(part);
    expect(error.message).not.toContain('\n');
  });

  it('tries again with new credentials where the old ones were refused', async () => {
    const connection = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer old') status(response, 401);
      else response.end('{"metadata":{"name":"x"}}');
    });
    expect(await httpApi(connection).get('/api/v1/namespaces/x')).toEqual({ metadata: { name: 'x' } });
    expect(connection.refreshes()).toBe(1);
  });

  it('gives up on an answer that does not come', async () => {
    const connection = await serve(() => undefined);
    const error = await problemOf(httpApi(connection).get('/x', { timeoutMilliseconds: 50 }));
    expect(error.problem).toBe('unreachable');
    expect(error.message).toContain('gave no answer in time');
  });

  it('gives up on an answer that does not end', async () => {
    const connection = await serve((_request, response) => void response.write('{"a":'));
    expect((await problemOf(httpApi(connection).get('/x', { timeoutMilliseconds: 50 }))).problem).toBe('unreachable');
  });

  it('says that nothing listens', async () => {
    const error = await problemOf(httpApi(connectionTo('http://127.0.0.1:1')).get('/x'));
    expect(error.message).toBe('The API server at http://127.0.0.1:1 (context "test") cannot be reached: nothing listens there.');
  });

  it('refuses an answer that is not JSON', async () => {
    const connection = await serve((_request, response) => void response.end('<html>'));
    expect((await problemOf(httpApi(connection).get('/x'))).problem).toBe('failed');
  });

  it('refuses an API server whose certificate it was not told to trust, and says what to check', async () => {
    const now = Date.now();
    const [ours, theirs] = [await issueAuthority(now, 1), await issueAuthority(now, 1)];
    const server = createTlsServer(
      await issueServing(theirs, ['localhost'], now, 1),
      (_request, response) => void response.end('{}'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => server.close());
    const url = `https://localhost:${portOf(server.address())}`;
    expect(await httpApi(connectionTo(url, theirs.cert)).get('/x')).toEqual({});
    const error = await problemOf(httpApi(connectionTo(url, ours.cert)).get('/x'));
    expect(error.problem).toBe('untrusted');
    expect(error.message).toContain('check the certificate authority of context "test"');
  });

  it('hands on the warnings of an answer and of a refusal', async () => {
    const warning = '299 - "first", 299 - "a \\"quoted\\" one"';
    const connection = await serve((request, response) => {
      response.setHeader('warning', warning);
      if (request.url?.startsWith('/bad') === true) status(response, 422, 'no');
      else response.end('{}');
    });
    const api = httpApi(connection);
    expect((await api.create('/good', {})).warnings).toEqual(['first', 'a "quoted" one']);
    expect((await problemOf(api.create('/bad', {}))).warnings).toEqual(['first', 'a "quoted" one']);
  });

  it('asks for a dry run, pages and selectors as the API server reads them', async () => {
    const urls: string[] = [];
    const connection = await serve((request, response) => {
      urls.push(request.url ?? '');
      response.end('{"metadata":{"resourceVersion":"7","continue":"next"},"items":[{"a":1},5]}');
    });
    const api = httpApi(connection);
    expect(await api.list('/l', { limit: 2, labelSelector: 'a in (b,c)' })).toEqual({
      items: [{ a: 1 }],
      resourceVersion: '7',
      continue: 'next',
    });
    await api.create('/c', {}, { dryRun: true });
    expect(urls).toEqual(['/l?limit=2&labelSelector=a+in+%28b%2Cc%29', '/c?dryRun=All']);
  });

  it('splits a stream into lines, wherever its chunks end', async () => {
    const text = '{"a":"ä€𝄞"}\n{"b":1}\n\n{"c":';
    const connection = await serve((_request, response) => {
      for (const byte of Buffer.from(text)) response.write(Buffer.from([byte]));
      response.end();
    });
    const lines: string[] = [];
    const query = { resourceVersion: '1', timeoutSeconds: 1, silenceMilliseconds: 1000 };
    await httpApi(connection).watch('/w', query, (line) => lines.push(line));
    expect(lines).toEqual(['{"a":"ä€𝄞"}', '{"b":1}']);
  });

  it('takes a stream for dead on which nothing comes for too long', async () => {
    const connection = await serve((_request, response) => void response.write('{"a":1}\n'));
    const query = { resourceVersion: '1', timeoutSeconds: 60, silenceMilliseconds: 50 };
    const error = await problemOf(httpApi(connection).watch('/w', query, () => undefined));
    expect(error.problem).toBe('unreachable');
  });
});
