import type { Clockwork } from '../../../src/kube/watch.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Time that passes when the test says so. */
export class FakeClock implements Clockwork {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();
  /** Every wait that was asked for, in milliseconds. */
  readonly waits: number[] = [];

  constructor(now = Date.parse('2027-01-01T00:00:00Z')) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly random = (): number => 0.5;

  readonly delay = (milliseconds: number, signal: AbortSignal): Promise<void> => {
    this.waits.push(milliseconds);
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const sleeper: Sleeper = {
        until: this.#now + milliseconds,
        wake: () => {
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', sleeper.wake, { once: true });
    });
  };

  /** Lets so much time pass, in small steps, and everything that waits for it happen. */
  async pass(seconds: number, step = 0.25): Promise<void> {
    const end = this.#now + seconds * 1000;
    await settle();
    while (this.#now < end) {
      this.#now = Math.min(end, this.#now + step * 1000);
      for (const sleeper of this.#sleepers) if (sleeper.until <= this.#now) sleeper.wake();
      await settle();
    }
  }
}

/** Until nothing is left to do but to wait. */
export async function settle(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
