/** `no-op.js PORT CERT KEY`: stands where Probewise would, and does nothing. */
import { serveNoOp } from './no-op-server.ts';

const [port, cert = '', key = ''] = process.argv.slice(2);
await serveNoOp({ port: Number(port), cert, key });
