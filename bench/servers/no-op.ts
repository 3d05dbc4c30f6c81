/** `no-op.js PORT CERT KEY [PATCH]`: stands where Probewise would, and does nothing, or answers a patch that it is given. */
import { serveNoOp } from './no-op-server.ts';

const [port, cert = '', key = '', patch] = process.argv.slice(2);
await serveNoOp({ port: Number(port), cert, key, ...(patch !== undefined && { patch }) });
