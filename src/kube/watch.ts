import type { JsonObject } from '../core/json.ts';
import type { KubeApi } from './api.ts';
import { Backoff, type Delay } from './backoff.ts';
import { isProblem, sentenceOf } from './error.ts';
import { keyOf, readWatchEvent, resourceVersionOf } from './watch-event.ts';

/** What a watch needs of the world around it; handed in, so that tests need not wait. */
export interface Clockwork {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly delay: Delay;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface WatchOptions<T> {
  readonly api: KubeApi;
  /** Of a collection. */
  readonly path: string;
  readonly fieldSelector?: string;
  /** What is kept of each object: the rest is garbage at once. Undefined: nothing. */
  readonly keep: (object: JsonObject) => T | undefined;
  /** After the first list, and after each change since; never before `hasSynced`. */
  readonly changed?: () => void;
  /** A list or watch failed, and will be tried again: once for each new sentence, until one succeeds. */
  readonly failed?: (sentence: string) => void;
  readonly clockwork: Clockwork;
}

export interface Watch<T> {
  /** What was last known, also while the API server is away. By `namespace/name`, or name. */
  readonly items: ReadonlyMap<string, T>;
  /** Has everything been read at least once? Never turns back. */
  hasSynced(): boolean;
  /** Seconds since the API server was last heard of this: up to 60 in good times, growing when it is away. */
  ageSeconds(): number;
  stop(): Promise<void>;
}

/** Larger pages leave more garbage before it is collected, smaller ones take more calls (10 000 namespaces: 119 MB by 500, 113 by 250, 108 by 100). */
const PAGE = 250;
/** The API server sends a bookmark every minute: after three without one, the connection is dead. */
const SILENCE_MILLISECONDS = 190_000;
const STREAM_SECONDS = 300;
/** An end sooner than this is no good sign: the next one waits. */
const SHORT_STREAM_MILLISECONDS = 1000;
/** An API server that starts may not know a custom kind yet: only after so long is what was known of it forgotten. */
const KIND_GONE_MILLISECONDS = 30_000;

/**
 * Lists a collection in pages, then follows it: ever again, whatever happens, until `stop`. The library's informer does not start
 * again after an error, and does not tell when it has read everything.
 */
export function watchCollection<T>(options: WatchOptions<T>): Watch<T> {
  const { api, path, fieldSelector, keep, clockwork } = options;
  const items = new Map<string, T>();
  const stopping = new AbortController();
  const { signal } = stopping;
  const backoff = new Backoff(clockwork.random);
  const selector = fieldSelector === undefined ? {} : { fieldSelector };
  let synced = false;
  let lastHeard = clockwork.now();
  let complaint = '';
  let missingSince: number | undefined;
  /** Empty: list first. */
  let resourceVersion = '';

  const heard = (): void => {
    lastHeard = clockwork.now();
    complaint = '';
  };

  function complain(error: unknown): void {
    const sentence = sentenceOf(error);
    if (sentence === complaint || signal.aborted) return;
    complaint = sentence;
    options.failed?.(sentence);
  }

  async function list(): Promise<void> {
    const seen = new Set<string>();
    let more = '';
    let changes = false;
    do {
      const page = await api.list(path, { ...selector, limit: PAGE, ...(more !== '' && { continue: more }) }, { signal });
      heard();
      for (const object of page.items) {
        const key = keyOf(object);
        if (key === undefined) continue;
        seen.add(key);
        changes = put(key, object) || changes;
      }
      more = page.continue;
      resourceVersion = page.resourceVersion;
    } while (more !== '');
    for (const key of items.keys()) if (!seen.has(key)) changes = items.delete(key) || changes;
    missingSince = undefined;
    announce(changes);
  }

  function put(key: string, object: JsonObject): boolean {
    const kept = keep(object);
    if (kept === undefined) return items.delete(key);
    items.set(key, kept);
    return true;
  }

  function announce(changes: boolean): void {
    const first = !synced;
    synced = true;
    if (changes || first) options.changed?.();
  }

  async function follow(): Promise<void> {
    let relist: string | undefined;
    // Ends the stream from within: nothing that comes after a gap may be believed.
    const gap = new AbortController();
    const started = clockwork.now();
    const query = {
      ...selector,
      resourceVersion,
      // Not all replicas at once.
      timeoutSeconds: Math.round(STREAM_SECONDS * (1 + clockwork.random())),
      silenceMilliseconds: SILENCE_MILLISECONDS,
    };
    const line = (text: string): void => {
      if (relist !== undefined) return;
      heard();
      const event = readWatchEvent(text);
      switch (event.type) {
        case 'put':
        case 'delete': {
          const key = keyOf(event.object);
          if (key === undefined) return;
          resourceVersion = resourceVersionOf(event.object) || resourceVersion;
          if (event.type === 'put' ? put(key, event.object) : items.delete(key)) announce(true);
          return;
        }
        case 'bookmark':
          resourceVersion = event.resourceVersion || resourceVersion;
          return;
        case 'error':
          relist = event.expired ? '' : `The watch of ${path} ended: ${event.message || 'the API server did not say why'}.`;
          gap.abort();
          return;
        case 'unreadable':
          relist = `The watch of ${path} sent something that is no watch event: everything is read anew.`;
          gap.abort();
          return;
        case 'unknown':
        default:
      }
    };
    try {
      await api.watch(path, query, line, { signal: AbortSignal.any([signal, gap.signal]) });
    } catch (error) {
      if (relist === undefined) throw error;
    }
    if (relist !== undefined) {
      resourceVersion = '';
      if (relist !== '') throw new Error(relist);
    }
    if (clockwork.now() - started < SHORT_STREAM_MILLISECONDS) await clockwork.delay(backoff.next(), signal);
    else backoff.reset();
  }

  /** The kind is not there: its CRD is not installed, or has been removed, and the objects with it. */
  function kindMissing(): void {
    missingSince ??= clockwork.now();
    if (!synced || clockwork.now() - missingSince >= KIND_GONE_MILLISECONDS) {
      const changes = items.size > 0;
      items.clear();
      announce(changes);
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        if (resourceVersion === '') await list();
        await follow();
      } catch (error) {
        if (signal.aborted) return;
        // Once connected, a watch that fails may be asking from a version that no longer is, or is not yet: read anew.
        if (!isProblem(error, 'unreachable', 'unauthorized', 'busy')) resourceVersion = '';
        if (isProblem(error, 'not-found')) kindMissing();
        // That a version is too old is nothing to speak of.
        if (!isProblem(error, 'expired')) complain(error);
        await clockwork.delay(backoff.next(), signal);
      }
    }
  }

  const running = run();
  return {
    items,
    hasSynced: () => synced,
    ageSeconds: () => Math.max(0, (clockwork.now() - lastHeard) / 1000),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
