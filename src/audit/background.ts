import type { KubeApi } from '../kube/api.ts';
import { sentenceOf } from '../kube/error.ts';
import type { LeaderTask } from '../kube/leader-task.ts';
import type { Clockwork } from '../kube/watch.ts';
import type { Audit } from './audited.ts';
import { type Judgement, scan } from './scan.ts';
import { createEventWriter } from './workload-events.ts';
import { writeReports } from './write-reports.ts';

export interface BackgroundOptions {
  readonly api: KubeApi;
  readonly evaluate: Judgement['evaluate'];
  readonly kinds: () => Judgement['kinds'];
  readonly policyFor: Judgement['policyFor'];
  readonly isLeader: () => boolean;
  /** Are policies and namespaces known? Before that, every workload would be judged by the wrong ones. */
  readonly isReady: () => boolean;
  readonly clockwork: Clockwork;
  readonly everySeconds: number;
  readonly report: BackgroundReport;
}

/** Told of what the scan saw. Must not throw. */
export interface BackgroundReport {
  scanned(audit: Audit, seconds: number): void;
  reportsWritten(count: number): void;
  /** This replica does not look any more: what it saw last grows old. */
  ended(): void;
  failed(sentence: string): void;
}

/** Small, so that no request waits for long while a page is judged. */
const PAGE = 50;
/** Part of the interval over which the calls are spread. */
const SPREAD = 0.5;
const LONGEST_PAUSE_MILLISECONDS = 1000;
const NOT_READY_SECONDS = 1;

/**
 * Judges all that runs, again and again, in the replica that leads. Nothing is remembered that would be missed: a new leader starts
 * at the beginning, and what is in the cluster already is not written again.
 */
export function startBackgroundScan(options: BackgroundOptions): LeaderTask {
  const { api, clockwork, isLeader, everySeconds, report } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let wakening = new AbortController();
  const writeEvents = createEventWriter(api);
  /** Of the last scan: so many pauses the next one has. At first, a guess. */
  let pages = 100;

  async function once(): Promise<void> {
    const began = clockwork.now();
    const ended = AbortSignal.any([signal, wakening.signal]);
    const pause = Math.min(LONGEST_PAUSE_MILLISECONDS, (everySeconds * 1000 * SPREAD) / pages);
    let count = 0;
    const breathe = async (): Promise<void> => {
      count += 1;
      await clockwork.delay(pause, ended);
      if (!isLeader() || ended.aborted) throw new NoLeader();
    };
    const audit = await scan({
      api,
      judgement: { evaluate: options.evaluate, kinds: options.kinds(), policyFor: options.policyFor },
      namespaces: [],
      // An account of a server may read all or nothing: namespaces are not asked one by one.
      knownNamespaces: [],
      pageSize: PAGE,
      breathe,
      signal: ended,
    });
    pages = Math.max(1, count);
    report.scanned(audit, (clockwork.now() - began) / 1000);
    const write = {
      api,
      now: clockwork.now,
      breathe: () => clockwork.delay(0, ended),
      signal: ended,
      failed: (sentence: string) => report.failed(sentence),
    };
    report.reportsWritten(await writeReports(audit, write));
    await writeEvents(audit, write);
  }

  async function run(): Promise<void> {
    let looking = false;
    while (!signal.aborted) {
      wakening = new AbortController();
      const began = clockwork.now();
      let every = everySeconds;
      if (!isLeader()) {
        if (looking) report.ended();
        looking = false;
      } else if (options.isReady()) {
        looking = true;
        try {
          await once();
        } catch (error) {
          const ended = signal.aborted || wakening.signal.aborted;
          if (!(error instanceof NoLeader) && !ended) report.failed(`The scan was not finished: ${sentenceOf(error)}`);
        }
      } else {
        every = NOT_READY_SECONDS;
      }
      const rest = Math.max(0, every * 1000 - (clockwork.now() - began));
      await clockwork.delay(rest, AbortSignal.any([signal, wakening.signal]));
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

/** Another replica leads now, or this one ends. */
class NoLeader extends Error {}
