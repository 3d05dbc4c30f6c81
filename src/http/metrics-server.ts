import Fastify, { type FastifyInstance } from 'fastify';
import type { Metrics } from '../observe/metrics.ts';

export interface MetricsServer {
  /** The port that it listens on: 0 takes any free one. */
  listen(port: number, host: string): Promise<number>;
  close(): Promise<void>;
}

/** Plain HTTP, on a port of its own: Prometheus needs no certificate, and cannot get in the way of reviews. */
export function createMetricsServer(metrics: Metrics): MetricsServer {
  const app: FastifyInstance = Fastify({
    logger: false,
    bodyLimit: 1024,
    requestTimeout: 10_000,
    forceCloseConnections: true,
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  return {
    async listen(port, host) {
      await app.listen({ port, host });
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    close: () => app.close(),
  };
}
