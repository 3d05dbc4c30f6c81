import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '../core/json.ts';
import { text, valueAt } from '../core/json.ts';
import type { KubeApi, ListPage } from '../kube/api.ts';
import { isProblem } from '../kube/error.ts';

export interface PageOptions {
  readonly pageSize?: number | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before each page: a scan in the background takes its time here. */
  readonly breathe?: (() => Promise<void>) | undefined;
}

/** A page of Pods is about 3 MB of JSON: larger ones save few calls and cost much memory. */
const PAGE = 250;
/** A list may take a loaded API server longer than a call usually does. */
const TIMEOUT_MILLISECONDS = 60_000;
const BUSY_TRIES = 4;

/** All objects of a collection, each once, a page at a time: what is not kept of a page is garbage at once. */
export async function* pages(api: KubeApi, path: string, options: PageOptions = {}): AsyncGenerator<readonly JsonObject[]> {
  // A place in a list is forgotten after five minutes: the list then starts again, and what was seen is left out.
  for (let attempt = 1, seen: Set<string> | undefined; ; attempt += 1) {
    const known: ReadonlySet<string> | undefined = seen;
    const now = new Set<string>();
    try {
      let more = '';
      do {
        const page = await politely(api, path, more, options);
        const fresh = page.items.filter((item) => {
          const uid = uidOf(item);
          now.add(uid);
          return known === undefined || !known.has(uid);
        });
        yield fresh;
        more = page.continue;
      } while (more !== '');
      return;
    } catch (error) {
      if (!isProblem(error, 'expired') || attempt >= 3) throw error;
      seen = new Set([...(known ?? []), ...now]);
    }
  }
}

export const uidOf = (object: JsonObject): string => text(valueAt(object, ['metadata', 'uid'])) ?? '';

/** Waits where the API server asks us to. */
async function politely(api: KubeApi, path: string, more: string, options: PageOptions): Promise<ListPage> {
  const { labelSelector, fieldSelector, signal, breathe } = options;
  await breathe?.();
  const query = {
    limit: options.pageSize ?? PAGE,
    ...(more !== '' && { continue: more }),
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.list(path, query, {
        timeoutMilliseconds: TIMEOUT_MILLISECONDS,
        ...(signal !== undefined && { signal }),
      });
    } catch (error) {
      if (!isProblem(error, 'busy') || attempt >= BUSY_TRIES) throw error;
      await wait(500 * 2 ** attempt, undefined, { ...(signal !== undefined && { signal }) });
    }
  }
}
