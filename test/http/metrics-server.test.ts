import { afterEach, describe, expect, it } from 'vitest';
import { createMetricsServer, type MetricsServer } from '../../src/http/metrics-server.ts';
import { createMetrics } from '../../src/observe/metrics.ts';

let server: MetricsServer | undefined;
afterEach(() => server?.close());

describe('/metrics', () => {
  it('is plain HTTP in the text format of Prometheus, and nothing else is there', async () => {
    server = createMetricsServer(createMetrics());
    const port = await server.listen(0, '127.0.0.1');
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    expect(await answer.text()).toContain('# TYPE probewise_admission_requests_total counter\n');
    expect((await fetch(`http://127.0.0.1:${port}/validate`, { method: 'POST', body: '{}' })).status).toBe(404);
  });
});
