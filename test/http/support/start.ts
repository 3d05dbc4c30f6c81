import { request as httpsRequest, type Agent } from 'node:https';
import type { AdmissionRecord, Admit } from '../../../src/admission/record.ts';
import { isObject, property, text } from '../../../src/core/json.ts';
import type { Limits } from '../../../src/http/limits.ts';
import type { NotReady } from '../../../src/http/health-routes.ts';
import type { Refusal } from '../../../src/http/refusal.ts';
import { createServer, type WebhookServer } from '../../../src/http/server.ts';
import type { Observer } from '../../../src/observe/observer.ts';
import type { CertificatePair } from '../../../src/tls/certificate.ts';
import { issueAuthority, issueServing } from '../../../src/tls/issue.ts';

const authority = await issueAuthority(Date.now(), 1);
export const AUTHORITY = authority.cert;
export const newCertificate = (name = 'localhost'): Promise<CertificatePair> => issueServing(authority, [name], Date.now(), 1);
const certificate = await newCertificate();

/** Lets everything pass that has a uid, and refuses the rest. */
export const admitAll: Admit = (door, body) => {
  const uid = text(property(property(body, 'request'), 'uid'));
  if (uid === undefined) return Promise.resolve({ refused: 'The body is not an AdmissionReview.' });
  return Promise.resolve({
    review: { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } },
    record: recordOf({ door, uid }),
  });
};

export const recordOf = (some: Partial<AdmissionRecord>): AdmissionRecord => ({
  door: 'validate',
  uid: 'u',
  operation: 'CREATE',
  kind: 'Pod',
  namespace: 'shop',
  name: 'cart',
  user: 'anna',
  dryRun: false,
  decision: 'allowed',
  findings: [],
  edits: 0,
  problems: [],
  errors: [],
  ...some,
});

interface Seen {
  readonly decided: AdmissionRecord[];
  readonly refused: (Refusal & { readonly path: string; readonly error?: unknown })[];
  readonly failed: { readonly door: string; readonly uid: string; readonly error: unknown }[];
  readonly distrusted: string[];
}

export interface Started {
  readonly server: WebhookServer;
  readonly port: number;
  readonly seen: Seen;
}

export async function start(
  options: { admit?: Admit; notReady?: NotReady; limits?: Partial<Limits>; certificate?: CertificatePair } = {},
): Promise<Started> {
  const seen: Seen = { decided: [], refused: [], failed: [], distrusted: [] };
  const observer: Observer = {
    decided: (record) => void seen.decided.push(record),
    refused: (refusal, path, error) => void seen.refused.push({ ...refusal, path, ...(error !== undefined && { error }) }),
    failed: (door, uid, error) => void seen.failed.push({ door, uid, error }),
    distrusted: (code) => void seen.distrusted.push(code),
  };
  const server = createServer({
    admit: options.admit ?? admitAll,
    certificate: options.certificate ?? certificate,
    observer,
    notReady: options.notReady ?? (() => undefined),
    limits: { checkMilliseconds: 20, ...options.limits },
  });
  return { server, port: await server.listen(0, '127.0.0.1'), seen };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string;
  readonly agent?: Agent;
  /** Keeps the request open after the body. */
  readonly unfinished?: boolean;
}

/** One HTTPS request to a loopback server, trusted by the test's authority. */
export function ask(port: number, path: string, { method, headers, body, agent, unfinished }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        ca: AUTHORITY,
        port,
        path,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        agent: agent ?? false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    if (unfinished === true) request.write(body ?? '');
    else request.end(body);
  });
}

export const reviewOf = (object: unknown, uid = 'uid-1'): string =>
  JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid, kind: { group: '', version: 'v1', kind: 'Pod' }, operation: 'CREATE', object },
  });

/** The `response` of an AdmissionReview. */
export function responseOf({ body }: Answer): Readonly<Record<string, unknown>> {
  const response = property(JSON.parse(body), 'response');
  if (!isObject(response)) throw new Error(`no response in ${body}`);
  return response;
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean, what: string, seconds = 4): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`did not happen within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
