import type { Server } from 'node:https';
import type { Socket } from 'node:net';

/** The sockets and the requests of a server: also those that Node does not count, such as a handshake that has not ended. */
export class Connections {
  readonly #sockets = new Set<Socket>();
  #inFlight = 0;
  #waiting: (() => void)[] = [];

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (_request, response) => {
      this.#inFlight += 1;
      response.once('close', () => {
        this.#inFlight -= 1;
        if (this.#inFlight === 0) this.#wake();
      });
    });
  }

  /** Resolves when no request is being read or answered. */
  idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
