import { Agent } from 'node:https';
import { connect as netConnect, createServer } from 'node:net';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, AUTHORITY, newCertificate, reviewOf, start, type Started, until } from './support/start.ts';

let started: Started | undefined;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
afterEach(async () => {
  agent.destroy();
  await started?.server.close();
});

/** The serial number of the certificate that a new handshake is shown. */
const shown = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', servername: 'localhost', ca: AUTHORITY, port }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', reject);
  });

/** The first bytes that a TLS 1.2 client sends. */
async function clientHello(): Promise<Buffer> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const bytes = new Promise<Buffer>((resolve) => {
    listener.once('connection', (socket) => {
      socket.once('data', (chunk: Buffer) => {
        resolve(chunk);
        socket.destroy();
      });
    });
  });
  const client = connect({ host: '127.0.0.1', servername: 'localhost', port, maxVersion: 'TLSv1.2' });
  client.on('error', () => undefined);
  const hello = await bytes;
  client.destroy();
  listener.close();
  return hello;
}

describe('a new certificate', () => {
  it('is shown to new handshakes, while an open connection goes on', async () => {
    started = await start();
    const { port, server } = started;
    const sockets = new Set<unknown>();
    agent.on('free', (socket) => sockets.add(socket));
    await ask(port, '/validate', { body: reviewOf({}), agent });
    const before = await shown(port);

    server.useCertificate(await newCertificate());

    expect(await shown(port)).not.toBe(before);
    expect((await ask(port, '/validate', { body: reviewOf({}), agent })).status).toBe(200);
    expect(sockets.size).toBe(1);
  });

  it('that a client does not trust is observed as that', async () => {
    started = await start();
    const { port, seen } = started;
    const socket = netConnect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    // Node's client breaks off without a word. Go's and curl's say why, with a fatal alert: unknown_ca.
    socket.write(await clientHello());
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write(Buffer.from([21, 3, 3, 0, 2, 2, 48]));
    await until(() => seen.distrusted.length > 0, 'the alert is observed');
    socket.destroy();
    expect(seen.distrusted).toEqual(['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA']);
    expect(seen.refused).toEqual([]);
  });

  it('that is unusable leaves the old one in place', async () => {
    started = await start();
    const before = await shown(started.port);
    expect(() => started?.server.useCertificate({ cert: 'nonsense', key: 'nonsense' })).toThrow();
    expect(await shown(started.port)).toBe(before);
  });
});
