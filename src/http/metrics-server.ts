import { createServer } from 'node:http';
import type { Metrics } from '../observe/metrics.ts';

export interface MetricsServer {
  /** The port that it listens on: 0 takes any free one. */
  listen(port: number, host: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * Plain HTTP, on a port of its own: Prometheus needs no certificate, and cannot get in the way of reviews. For one page no framework
 * is set up a second time.
 */
export function createMetricsServer(metrics: Metrics): MetricsServer {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (path !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Only GET /metrics is here.\n');
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('The metrics could not be read.\n'),
    );
  });
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? address.port : port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        // Where it never listened there is nothing to close.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
