import { readFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { parse } from 'yaml';
import { isObject, property, text, valueAt } from '../../../src/core/json.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  /** What kubectl prints as `Warning: …`. */
  readonly warnings: readonly string[];
}

/** Plain calls to the API server as the user of a kubeconfig: unlike the generated client, it shows the warnings. */
export interface ApiClient {
  request(method: string, path: string, body?: unknown, contentType?: string): Promise<ApiAnswer>;
  /** Creates an object of a built-in kind; throws where it is refused. */
  create(object: unknown): Promise<unknown>;
  /** The object as stored; throws where there is none. */
  read(path: string): Promise<unknown>;
  close(): void;
}

export function apiClient(kubeconfig: string): ApiClient {
  const config: unknown = parse(readFileSync(kubeconfig, 'utf8'));
  const cluster = valueAt(config, ['clusters', 0, 'cluster']);
  const user = valueAt(config, ['users', 0, 'user']);
  const server = text(property(cluster, 'server')) ?? '';
  const agent = new Agent({
    keepAlive: true,
    ca: decoded(cluster, 'certificate-authority-data'),
    cert: decoded(user, 'client-certificate-data'),
    key: decoded(user, 'client-key-data'),
  });

  function request(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<ApiAnswer> {
    return new Promise((resolve, reject) => {
      const call = httpsRequest(
        new URL(path, server),
        { method, agent, headers: { 'content-type': contentType } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            const answer = Buffer.concat(chunks).toString();
            resolve({
              status: response.statusCode ?? 0,
              body: parsed(answer),
              warnings: warningsIn(response.headers['warning']),
            });
          });
        },
      );
      call.once('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  return {
    request,
    close: () => agent.destroy(),
    async create(object) {
      const { status, body } = await request('POST', collectionPath(object), object);
      if (status !== 201) throw new Error(`create ${collectionPath(object)} answered ${status}: ${messageOf(body)}`);
      return body;
    },
    async read(path) {
      const { status, body } = await request('GET', path);
      if (status !== 200) throw new Error(`get ${path} answered ${status}: ${messageOf(body)}`);
      return body;
    },
  };
}

const decoded = (from: unknown, key: string): string => Buffer.from(text(property(from, key)) ?? '', 'base64').toString();

/** Where objects of this kind are created: `/apis/apps/v1/namespaces/shop/deployments`. */
export function collectionPath(object: unknown): string {
  const apiVersion = text(property(object, 'apiVersion')) ?? '';
  const plural = `${(text(property(object, 'kind')) ?? '').toLowerCase()}s`;
  const namespace = text(valueAt(object, ['metadata', 'namespace']));
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return namespace === undefined ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
}

/** The sentence in a Status that the API server answered with. */
export const messageOf = (body: unknown): string =>
  isObject(body) ? (text(property(body, 'message')) ?? '') : typeof body === 'string' ? body : '';

/** The API server sends each as `299 - "text"`, joined by commas, with quotes and backslashes escaped. */
export const warningsIn = (header: string | readonly string[] | undefined): string[] =>
  (header === undefined ? [] : [header].flat()).flatMap((line) =>
    [...line.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, message = '']) => message.replace(/\\(.)/g, '$1')),
  );

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return answer;
  }
}
