import type { JsonObject } from '../core/json.ts';
import type { NamespaceFacts } from '../core/resolve.ts';
import type { KubeApi } from './api.ts';
import { isProblem, sentenceOf } from './error.ts';
import type { KnownPolicy } from './policies.ts';
import { type Enforcing, policyStatuses, statusDiffers } from './policy-status.ts';
import { pathOf, POLICIES } from './resources.ts';
import type { Clockwork } from './watch.ts';

export interface StatusWriterOptions {
  readonly api: KubeApi;
  readonly known: () => Iterable<KnownPolicy>;
  readonly namespaces: () => Iterable<NamespaceFacts>;
  readonly enforcing: () => Enforcing;
  readonly isLeader: () => boolean;
  readonly clockwork: Clockwork;
  readonly failed: (sentence: string) => void;
}

export interface StatusWriter {
  /** Something has changed that a status may depend on. Cheap: what comes in a burst is looked at once. */
  wake(): void;
  stop(): Promise<void>;
}

const SETTLE_MILLISECONDS = 1000;
const LOOK_AGAIN_MILLISECONDS = 60_000;

/** Writes the status of every policy, by the leader alone, and only where it says something else than what is stored. */
export function writeStatuses(options: StatusWriterOptions): StatusWriter {
  const { api, clockwork } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let wakening = new AbortController();

  async function work(): Promise<void> {
    if (!options.isLeader()) return;
    const known = [...options.known()];
    const wanted = policyStatuses({
      known,
      namespaces: options.namespaces(),
      enforcing: options.enforcing(),
      now: clockwork.now(),
    });
    for (const { name, status: stored } of known) {
      const status = wanted.get(name);
      if (status === undefined || !statusDiffers(stored, status)) continue;
      const body: JsonObject = { status };
      try {
        await api.patch(pathOf(POLICIES, { name, subresource: 'status' }), { type: 'merge', body }, { signal });
      } catch (error) {
        // Deleted or written meanwhile: the watch brings what is there now.
        if (!isProblem(error, 'not-found', 'conflict')) throw error;
      }
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      wakening = new AbortController();
      try {
        await work();
      } catch (error) {
        if (!signal.aborted) options.failed(`The status of the policies could not be written: ${sentenceOf(error)}`);
      }
      await clockwork.delay(SETTLE_MILLISECONDS, signal);
      await clockwork.delay(LOOK_AGAIN_MILLISECONDS, AbortSignal.any([signal, wakening.signal]));
    }
  }

  const running = run();
  return {
    wake: () => wakening.abort(),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
