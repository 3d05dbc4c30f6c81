import { Agent } from 'node:https';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, AUTHORITY, newCertificate, reviewOf, start, type Started } from './support/start.ts';

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

  it('that is unusable leaves the old one in place', async () => {
    started = await start();
    const before = await shown(started.port);
    expect(() => started?.server.useCertificate({ cert: 'nonsense', key: 'nonsense' })).toThrow();
    expect(await shown(started.port)).toBe(before);
  });
});
