import { readFileSync } from 'node:fs';
import Fastify from 'fastify';

export interface NoOpOptions {
  readonly port: number;
  /** Files in PEM form. */
  readonly cert: string;
  readonly key: string;
  /** Called for each request, with the seconds that it took. */
  readonly observe?: (seconds: number) => void;
  /** Base64 of a JSON Patch, which every mutation is answered with. */
  readonly patch?: string;
}

/** What any webhook on this stack costs: TLS, HTTP, a parsed body, a short answer. */
export async function serveNoOp({ port, cert, key, observe, patch }: NoOpOptions): Promise<void> {
  const app = Fastify({
    https: { cert: readFileSync(cert), key: readFileSync(key) },
    logger: false,
    bodyLimit: 8 * 1024 * 1024,
    keepAliveTimeout: 120_000,
  });
  for (const path of ['/mutate', '/validate']) {
    app.post(path, async ({ body }) => {
      const since = performance.now();
      const patched = path === '/mutate' && patch !== undefined && { patchType: 'JSONPatch', patch };
      const response = { uid: uidOf(body), allowed: true, ...patched };
      observe?.((performance.now() - since) / 1000);
      return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response };
    });
  }
  app.get('/readyz', async () => 'ok');
  process.on('SIGTERM', () => process.exit(0));
  await app.listen({ port, host: '127.0.0.1' });
}

const uidOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'request' in body && typeof body.request === 'object' && body.request !== null
    ? Reflect.get(body.request, 'uid')
    : '';
