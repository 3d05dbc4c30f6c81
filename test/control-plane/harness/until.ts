import { setTimeout as wait } from 'node:timers/promises';

/** Tries until the answer is neither undefined nor false; what it throws counts as "not yet" and is told when time is up. */
export async function until<T>(what: string, attempt: () => Promise<T | undefined | false>, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  do {
    try {
      const answer = await attempt();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await wait(100);
  } while (Date.now() < end);
  const reason = last instanceof Error ? `: ${last.message}` : '';
  throw new Error(`gave up after ${seconds} s waiting for ${what}${reason}`);
}
