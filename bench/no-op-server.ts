import Fastify from 'fastify';
import type { CertificatePair } from '../src/tls/certificate.ts';

/** What any webhook on this stack costs: TLS, HTTP, a parsed body, a short answer. */
export function createNoOpServer({ cert, key }: CertificatePair): { listen(port: number, host: string): Promise<number> } {
  const app = Fastify({ https: { cert, key }, logger: false, bodyLimit: 8 * 1024 * 1024, keepAliveTimeout: 120_000 });
  const answer = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid: '705ab4f5-6393-11e8-b7cc-42010a800002', allowed: true },
  };
  for (const path of ['/mutate', '/validate']) app.post(path, async () => answer);
  return {
    async listen(port, host) {
      await app.listen({ port, host });
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
  };
}
