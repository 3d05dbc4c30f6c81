import { connect } from 'node:tls';
import type { Load } from './reviews.ts';

/** Asks over and over on kept-alive connections, each with one request at a time. */
export interface LoadClient {
  /** Asks for so long, and gives the number of answers. */
  run(milliseconds: number): Promise<number>;
  close(): void;
}

const HEAD_END = '\r\n\r\n';

export async function createLoadClient(port: number, { path, body }: Load, connections: number): Promise<LoadClient> {
  const request = Buffer.from(
    `POST ${path}?timeout=2s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const all = await Promise.all(Array.from({ length: connections }, () => open(port)));

  return {
    async run(milliseconds) {
      const end = performance.now() + milliseconds;
      const counts = await Promise.all(
        all.map(async (ask) => {
          let answers = 0;
          while (performance.now() < end) {
            await ask(request);
            answers += 1;
          }
          return answers;
        }),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    close: () => all.forEach((ask) => ask.close()),
  };
}

interface Ask {
  (request: Buffer): Promise<void>;
  close(): void;
}

async function open(port: number): Promise<Ask> {
  // The certificate is made for this run, and nothing secret is sent.
  const socket = connect({ host: '127.0.0.1', servername: 'localhost', port, rejectUnauthorized: false });
  let received = '';
  let answered: { resolve: () => void; reject: (error: Error) => void } | undefined;
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    received += String(chunk);
    const head = received.indexOf(HEAD_END);
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1]);
    if (received.length < head + HEAD_END.length + length) return;
    const ok = received.startsWith('HTTP/1.1 200 ');
    const status = received.slice(0, 40);
    received = '';
    if (ok) answered?.resolve();
    else answered?.reject(new Error(`the server answered ${status}`));
  });
  socket.on('error', (error) => answered?.reject(error));
  await new Promise<void>((resolve, reject) => {
    answered = { resolve, reject };
    socket.once('secureConnect', resolve);
  });
  const ask = (request: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      answered = { resolve, reject };
      socket.write(request);
    });
  return Object.assign(ask, { close: () => void socket.destroy() });
}
