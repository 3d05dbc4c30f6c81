import { Agent as HttpAgent, type IncomingMessage, type OutgoingHttpHeaders, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import { isObject, type JsonObject, list, property, text, valueAt } from '../core/json.ts';
import type { CallOptions, Created, KubeApi, ListPage, ListQuery, Patch, WatchQuery } from './api.ts';
import type { Connection } from './connection.ts';
import { isProblem, KubeError } from './error.ts';
import { explainFailure, explainStatus } from './explain-failure.ts';
import { splitLines } from './lines.ts';
import { warningsIn } from './warning-header.ts';

const CALL_MILLISECONDS = 15_000;

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** Speaks to an API server over a pool of connections. Made for few calls, small ones and long ones: no queue, no cache. */
export function httpApi(connection: Connection): KubeApi {
  const secure = connection.server.startsWith('https:');
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });

  /** Resolves with the head of an answer of status 2xx; the body is still to come. */
  async function send(outgoing: Call, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    const given = await connection.options();
    const body = outgoing.body === undefined ? undefined : JSON.stringify(outgoing.body);
    const options: RequestOptions = {
      agent,
      ...given,
      method: outgoing.method,
      headers: {
        ...headersOf(given),
        accept: 'application/json',
        'user-agent': 'probewise',
        ...(body !== undefined && {
          'content-type': outgoing.contentType ?? 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
      },
      ...(signal !== undefined && { signal }),
    };
    const url = new URL(`${connection.server}${outgoing.path}`);
    for (const [name, value] of Object.entries(outgoing.query ?? {})) {
      if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
    }
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = secure ? httpsRequest(url, options, resolve) : httpRequest(url, options, resolve);
      request.once('error', reject);
      request.end(body);
    });
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    const answer = parsed(await textOf(response).catch(() => ''));
    if (status === 401) connection.refresh();
    throw explainStatus(
      status,
      answer,
      `${outgoing.method} ${outgoing.path}`,
      connection,
      warningsIn(response.headers['warning']),
    );
  }

  async function call(request: Call, { signal, timeoutMilliseconds = CALL_MILLISECONDS }: CallOptions = {}): Promise<Created> {
    const limit = AbortSignal.timeout(timeoutMilliseconds);
    const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    try {
      const response = await send(request, either);
      const object = parsed(await textOf(response));
      if (isObject(object)) return { object, warnings: warningsIn(response.headers['warning']) };
      throw new KubeError(
        'failed',
        `The API server at ${connection.server} answered ${request.path} with something that is not JSON.`,
      );
    } catch (error) {
      throw explainFailure(limit.aborted ? limit.reason : error, connection);
    }
  }

  /** Once more with new credentials, where the old ones have just been refused: a token may have been rotated. */
  async function callTwice(request: Call, options?: CallOptions): Promise<Created> {
    try {
      return await call(request, options);
    } catch (error) {
      if (!isProblem(error, 'unauthorized')) throw error;
      return call(request, options);
    }
  }

  return {
    async get(path, options) {
      return (await callTwice({ method: 'GET', path }, options)).object;
    },

    async list(path, query: ListQuery, options): Promise<ListPage> {
      const { object } = await callTwice({ method: 'GET', path, query: { ...query } }, options);
      return {
        items: list(property(object, 'items')).filter(isObject),
        resourceVersion: text(valueAt(object, ['metadata', 'resourceVersion'])) ?? '',
        continue: text(valueAt(object, ['metadata', 'continue'])) ?? '',
      };
    },

    async watch(path, { silenceMilliseconds, ...query }: WatchQuery, line, { signal } = {}) {
      const silence = new AbortController();
      const heard = (): NodeJS.Timeout =>
        setTimeout(() => silence.abort(new DOMException('nothing came for too long', 'TimeoutError')), silenceMilliseconds);
      let timer = heard();
      const either = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
      try {
        const response = await send(
          { method: 'GET', path, query: { ...query, watch: 'true', allowWatchBookmarks: 'true' } },
          either,
        );
        for await (const complete of splitLines(response)) {
          clearTimeout(timer);
          timer = heard();
          line(complete);
        }
      } catch (error) {
        throw explainFailure(silence.signal.aborted ? silence.signal.reason : error, connection);
      } finally {
        clearTimeout(timer);
      }
    },

    create: (path, object, { dryRun = false, ...options } = {}) =>
      callTwice({ method: 'POST', path, body: object, query: dryRun ? { dryRun: 'All' } : {} }, options),

    async replace(path, object, options) {
      return (await callTwice({ method: 'PUT', path, body: object }, options)).object;
    },

    async patch(path, patch: Patch, options) {
      const contentType = patch.type === 'merge' ? 'application/merge-patch+json' : 'application/json-patch+json';
      return (await callTwice({ method: 'PATCH', path, body: patch.body, contentType }, options)).object;
    },

    close() {
      // Only what is idle: while the server drains, a denial may still be asking about a namespace.
      for (const socket of Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])) socket.destroy();
    },
  };
}

function headersOf({ headers }: RequestOptions): OutgoingHttpHeaders {
  return headers === undefined || isHeaderList(headers) ? {} : { ...headers };
}

const isHeaderList = (headers: OutgoingHttpHeaders | readonly string[]): headers is readonly string[] => Array.isArray(headers);

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(answer: string): JsonObject | string {
  try {
    const value: unknown = JSON.parse(answer);
    return isObject(value) ? value : answer;
  } catch {
    return answer;
  }
}
