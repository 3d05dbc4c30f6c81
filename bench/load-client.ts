import { connect } from 'node:tls';

/** Asks over and over on kept-alive connections, each with one request at a time, as an API server's client does. */
export interface LoadClient {
  /** Asks for so long, or so many times. */
  run(until: { readonly milliseconds: number } | { readonly answers: number }): Promise<LoadResult>;
  close(): void;
}

export interface LoadResult {
  /** Of each answer, in milliseconds from the first byte sent to the last one received. */
  readonly latencies: readonly number[];
  readonly milliseconds: number;
}

export interface LoadTarget {
  readonly port: number;
  readonly path: string;
  readonly json: string;
}

const HEAD_END = '\r\n\r\n';

export async function createLoadClient({ port, path, json }: LoadTarget, connections: number): Promise<LoadClient> {
  const request = Buffer.from(
    `POST ${path}?timeout=2s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
  const all = await Promise.all(Array.from({ length: connections }, () => open(port)));

  return {
    async run(until) {
      const began = performance.now();
      const latencies: number[] = [];
      let left = 'answers' in until ? until.answers : Infinity;
      const end = 'milliseconds' in until ? began + until.milliseconds : Infinity;
      await Promise.all(
        all.map(async (ask) => {
          for (let since = performance.now(); since < end && left-- > 0; since = performance.now()) {
            await ask(request);
            latencies.push(performance.now() - since);
          }
        }),
      );
      return { latencies, milliseconds: performance.now() - began };
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
  socket.setNoDelay(true);
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
  socket.on('close', () => answered?.reject(new Error('the server closed a connection')));
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
