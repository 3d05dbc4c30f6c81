import { STATUS_CODES } from 'node:http';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Admit } from '../admission/record.ts';
import type { Observer } from '../observe/observer.ts';
import type { CertificatePair } from '../tls/certificate.ts';
import { addAdmissionRoutes } from './admission-routes.ts';
import { addHealthRoutes, type NotReady } from './health-routes.ts';
import { Connections } from './connections.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { type Refusal, refusalOf, refusalOfClientError } from './refusal.ts';

export interface ServerOptions {
  readonly admit: Admit;
  readonly certificate: CertificatePair;
  readonly observer: Observer;
  /** Asked for `/readyz`; a server that drains is not ready, whatever this says. */
  readonly notReady: NotReady;
  readonly limits?: Partial<Limits>;
}

export interface WebhookServer {
  /** The port that it listens on: 0 takes any free one. */
  listen(port: number, host: string): Promise<number>;
  /** For the handshakes from now on; open connections go on with what they have. Throws if it is not usable. */
  useCertificate(certificate: CertificatePair): void;
  /** `/readyz` turns to 503 and every answer closes its connection; requests are answered as before. */
  drain(): void;
  /**
   * What is in flight is answered; what still comes gets a 503 with `Retry-After`, on which the API server's client tries
   * another replica. Whoever does not finish within `closeSeconds` is cut off.
   */
  close(): Promise<void>;
  /** Cuts everything off. */
  destroy(): void;
}

const ALLOWED_METHODS: Readonly<Record<string, string>> = {
  '/mutate': 'POST',
  '/validate': 'POST',
  '/livez': 'GET, HEAD',
  '/readyz': 'GET, HEAD',
};

const TLS_FLOOR = { minVersion: 'TLSv1.2' } as const;

export function createServer({ admit, certificate, observer, notReady, limits: given }: ServerOptions): WebhookServer {
  const limits = { ...DEFAULT_LIMITS, ...given };
  let phase: 'serving' | 'draining' | 'closing' = 'serving';
  /** Requests that were refused on the bare socket: the cut-off that follows is not told a second time. */
  const refusedSockets = new WeakSet<Socket>();

  const app: FastifyInstance<Server> = Fastify<Server>({
    https: {
      cert: certificate.cert,
      key: certificate.key,
      ...TLS_FLOOR,
      handshakeTimeout: limits.handshakeSeconds * 1000,
      headersTimeout: limits.requestSeconds * 1000,
      requestTimeout: limits.requestSeconds * 1000,
      connectionsCheckingInterval: limits.checkMilliseconds,
    },
    logger: false,
    bodyLimit: limits.bodyBytes,
    keepAliveTimeout: limits.keepAliveSeconds * 1000,
    requestTimeout: limits.requestSeconds * 1000,
    // Fastify's own 503 lacks Retry-After, without which the API server's client does not try again.
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => {
      const { status, sentence } = refusalOf(error);
      observer.refused({ status, sentence }, '');
      reply.raw.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
    },
    clientErrorHandler: (error, socket) => {
      const code = tlsCode(error);
      if (code !== undefined) {
        // What is no alert is a port scan or a plain TCP probe: nothing was asked, and nobody waits for an answer.
        if (code.includes('ALERT')) observer.distrusted(code);
        socket.destroy();
        return;
      }
      const refusal = refusalOfClientError(error);
      // A peer that is gone has asked nothing.
      if (error.code !== 'ECONNRESET' && !refusedSockets.has(socket)) observer.refused(refusal, '');
      refusedSockets.add(socket);
      refuseOnSocket(socket, refusal);
    },
  });
  const connections = new Connections(app.server);

  app.addHook('onRequest', (_request, reply, done) => {
    if (phase !== 'closing') return done();
    void reply.code(503).header('retry-after', '1').header('connection', 'close').type('text/plain; charset=utf-8');
    void reply.send('This replica is shutting down.\n');
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    // The API server keeps using open connections to a pod that is going away, until it is told not to.
    if (phase !== 'serving') void reply.header('connection', 'close');
    done(null, payload);
  });
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error);
    const told = refusedSockets.has(request.socket);
    if (!told) observer.refused(refusal, pathOf(request.url), refusal.status >= 500 ? error : undefined);
    return reply.code(refusal.status).type('text/plain; charset=utf-8').send(`${refusal.sentence}\n`);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    const allowed = Object.hasOwn(ALLOWED_METHODS, path) ? ALLOWED_METHODS[path] : undefined;
    const refusal =
      allowed === undefined
        ? { status: 404, sentence: 'There is nothing here. Send AdmissionReviews to /mutate or /validate.' }
        : { status: 405, sentence: `Use ${allowed} here.` };
    if (allowed !== undefined) void reply.header('allow', allowed);
    observer.refused(refusal, allowed === undefined ? '' : path);
    return reply.code(refusal.status).type('text/plain; charset=utf-8').send(`${refusal.sentence}\n`);
  });

  addAdmissionRoutes(app, admit, observer);
  addHealthRoutes(app, admit, () => (phase === 'serving' ? notReady() : 'This replica is shutting down.'));

  return {
    async listen(port, host) {
      await app.listen({ port, host });
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    useCertificate({ cert, key }) {
      app.server.setSecureContext({ cert, key, ...TLS_FLOOR });
    },
    drain() {
      if (phase === 'serving') phase = 'draining';
    },
    async close() {
      phase = 'closing';
      const cutOff = setTimeout(() => connections.destroy(), limits.closeSeconds * 1000);
      // The port stays open as long as anything is in flight: a 503 is tried again elsewhere, a refused connection is not.
      await connections.idle();
      await app.close();
      clearTimeout(cutOff);
    },
    destroy: () => connections.destroy(),
  };
}

/** With TLS 1.3, the alert of a client that distrusts the certificate comes when the handshake is over for the server. */
const tlsCode = ({ code }: NodeJS.ErrnoException): string | undefined =>
  code?.startsWith('ERR_SSL_') === true || code?.startsWith('ERR_TLS_') === true ? code : undefined;

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';

function refuseOnSocket(socket: Socket, { status, sentence }: Refusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(sentence) + 1}\r\nConnection: close\r\n\r\n${sentence}\n`,
    // Whoever does not read the answer must not keep the connection.
    () => socket.destroy(),
  );
}
