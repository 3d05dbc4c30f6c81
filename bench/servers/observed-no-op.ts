/**
 * `observed-no-op.js PORT CERT KEY RECORD`: the no-op server, which for each request also writes the log line and the metrics that
 * Probewise writes for it. RECORD is a file that holds an AdmissionRecord as JSON.
 */
import { readFileSync } from 'node:fs';
import type { AdmissionRecord } from '../../src/admission/record.ts';
import { batched } from '../../src/observe/batched.ts';
import { createLogger, logObserver } from '../../src/observe/log.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { serveNoOp } from './no-op-server.ts';

const [port, cert = '', key = '', file = ''] = process.argv.slice(2);
const record: unknown = JSON.parse(readFileSync(file, 'utf8'));
if (!isRecord(record)) throw new Error(`${file} holds no AdmissionRecord`);
const metrics = createMetrics();
metrics.collectProcess();
const log = logObserver(createLogger('info', batched(process.stdout)));
await serveNoOp({
  port: Number(port),
  cert,
  key,
  observe(seconds) {
    metrics.decided(record, seconds);
    log.decided(record, seconds);
  },
});

function isRecord(value: unknown): value is AdmissionRecord {
  return typeof value === 'object' && value !== null && 'door' in value && 'findings' in value;
}
