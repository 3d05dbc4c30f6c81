import type { JsonObject } from '../../src/core/json.ts';
import type { KubeApi, ListQuery } from '../../src/kube/api.ts';
import { KubeError } from '../../src/kube/error.ts';

export interface FakeCluster {
  readonly api: KubeApi;
  /** Every call, as `list /api/v1/pods`. */
  readonly calls: string[];
}

export interface FakeOptions {
  /** By the collection's path. */
  readonly collections?: Readonly<Record<string, readonly JsonObject[]>>;
  readonly objects?: Readonly<Record<string, JsonObject>>;
  readonly pageSize?: number;
  /** Throws, to refuse a call. */
  readonly before?: (call: string, query: ListQuery) => void;
}

/** An API server that only lists and gets, from memory, a page at a time. What it does not have is an empty list. */
export function fakeCluster({ collections = {}, objects = {}, pageSize = 2, before }: FakeOptions): FakeCluster {
  const calls: string[] = [];
  const refuse = (): Promise<never> => Promise.reject(new KubeError('forbidden', 'Not permitted: this only reads.'));
  const call = (name: string, query: ListQuery = {}): void => {
    calls.push(name);
    before?.(name, query);
  };
  const api: KubeApi = {
    async get(path) {
      call(`get ${path}`);
      const object = objects[path] ?? (path === '/apis' ? { groups: [] } : undefined);
      if (object === undefined) throw new KubeError('not-found', `Not found: ${path}.`);
      return object;
    },
    async list(path, query) {
      call(`list ${path}`, query);
      const reason = query.fieldSelector?.replace('reason=', '');
      const all = (collections[path] ?? []).filter((item) => reason === undefined || item['reason'] === reason);
      const start = Number(query.continue ?? 0);
      const end = Math.min(all.length, start + pageSize);
      return { items: all.slice(start, end), resourceVersion: '1', continue: end < all.length ? String(end) : '' };
    },
    watch: refuse,
    create: refuse,
    replace: refuse,
    patch: refuse,
    close() {},
  };
  return { api, calls };
}
