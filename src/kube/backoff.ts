/** Waits so many milliseconds; resolves early, without an error, where the signal is aborted. */
export type Delay = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const delay: Delay = (milliseconds, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });

const FIRST_MILLISECONDS = 250;
/** After an outage of the API server, what it knows by then is here at most so much later. */
const LONGEST_MILLISECONDS = 10_000;

/** How long to wait before the next try: longer each time, and by chance, so that replicas do not come back all at once. */
export class Backoff {
  #failures = 0;
  readonly #random: () => number;

  /** `random` in [0, 1). */
  constructor(random: () => number) {
    this.#random = random;
  }

  next(): number {
    const ceiling = Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 16);
    return ceiling / 2 + (ceiling / 2) * this.#random();
  }

  reset(): void {
    this.#failures = 0;
  }
}
