import { isObject, type JsonObject, list, property, sameJson, text, valueAt } from '../../../src/core/json.ts';
import type { CallOptions, Created, KubeApi, ListPage, ListQuery, Patch, WatchQuery } from '../../../src/kube/api.ts';
import { KubeError } from '../../../src/kube/error.ts';

/** What a test makes of one call; undefined lets the fake answer by itself. */
export type Intercept = (call: { readonly verb: string; readonly path: string }) => Promise<void> | void;

/** An API server in memory: objects by path, versions that count up, watches that follow. */
export class FakeApi implements KubeApi {
  readonly objects = new Map<string, JsonObject>();
  readonly calls: { readonly verb: string; readonly path: string; readonly query?: unknown }[] = [];
  intercept: Intercept = () => undefined;
  /** How many objects a page holds at most. */
  pageSize = Number.POSITIVE_INFINITY;
  readonly #streams = new Set<Stream>();
  #version = 100;

  /** As somebody else would write it. */
  put(path: string, object: JsonObject): JsonObject {
    const before = this.objects.get(path);
    const metadata = property(object, 'metadata');
    const spec = sameJson(property(before, 'spec'), property(object, 'spec'));
    const generation = Number(valueAt(before, ['metadata', 'generation']) ?? 0) + (spec && before !== undefined ? 0 : 1);
    const stored = {
      ...object,
      metadata: {
        ...(isObject(metadata) ? metadata : {}),
        uid: text(valueAt(before, ['metadata', 'uid'])) ?? text(property(metadata, 'uid')) ?? `uid-${this.#version}`,
        generation,
        resourceVersion: String(++this.#version),
      },
    };
    this.objects.set(path, stored);
    this.#emit(path, before === undefined ? 'ADDED' : 'MODIFIED', stored);
    return stored;
  }

  remove(path: string): void {
    const object = this.objects.get(path);
    if (object === undefined) return;
    this.objects.delete(path);
    this.#version++;
    this.#emit(path, 'DELETED', object);
  }

  /** Ends all watches, as an API server that goes away does. */
  cut(error: Error = new KubeError('unreachable', 'The connection was cut.')): void {
    for (const stream of this.#streams) stream.end(error);
  }

  /** Sends a line to every watch, whatever it is. */
  say(line: string): void {
    for (const stream of this.#streams) stream.line(line);
  }

  get watching(): number {
    return this.#streams.size;
  }

  async get(path: string, options?: CallOptions): Promise<JsonObject> {
    await this.#enter('get', path, options);
    const object = this.objects.get(path);
    if (object === undefined) throw new KubeError('not-found', `Not found: ${path}.`);
    return object;
  }

  async list(path: string, query: ListQuery, options?: CallOptions): Promise<ListPage> {
    await this.#enter('list', path, options, query);
    const all = [...this.objects].filter(([key, object]) => isIn(key, path) && selects(query, object));
    const from = Number(query.continue ?? 0);
    const to = from + Math.min(this.pageSize, query.limit ?? Number.POSITIVE_INFINITY);
    return {
      items: all.slice(from, to).map(([, object]) => object),
      resourceVersion: String(this.#version),
      continue: to < all.length ? String(to) : '',
    };
  }

  async watch(path: string, query: WatchQuery, line: (text: string) => void, options?: CallOptions): Promise<void> {
    await this.#enter('watch', path, options, query);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stream: Stream = { path, query, line, end: (error) => (error === undefined ? resolve() : reject(error)) };
    const aborted = (): void => reject(new KubeError('unreachable', 'aborted'));
    options?.signal?.addEventListener('abort', aborted, { once: true });
    this.#streams.add(stream);
    try {
      await promise;
    } finally {
      this.#streams.delete(stream);
    }
  }

  /** Ends all watches as the API server does in good order. */
  endWatches(): void {
    for (const stream of this.#streams) stream.end(undefined);
  }

  async create(path: string, object: JsonObject, options?: CallOptions & { readonly dryRun?: boolean }): Promise<Created> {
    await this.#enter(options?.dryRun === true ? 'dry-run' : 'create', path, options, object);
    const own = `${path}/${text(valueAt(object, ['metadata', 'name'])) ?? ''}`;
    if (this.objects.has(own)) throw new KubeError('conflict', `${own} exists already.`);
    return { object: options?.dryRun === true ? object : this.put(own, object), warnings: [] };
  }

  async replace(path: string, object: JsonObject, options?: CallOptions): Promise<JsonObject> {
    await this.#enter('replace', path, options);
    const before = this.objects.get(path);
    if (before === undefined) throw new KubeError('not-found', `Not found: ${path}.`);
    if (valueAt(object, ['metadata', 'resourceVersion']) !== valueAt(before, ['metadata', 'resourceVersion'])) {
      throw new KubeError('conflict', `${path} has been modified.`);
    }
    return this.put(path, object);
  }

  /** Merges `status`, and applies the `add`s of a JSON patch to the fields of webhooks: no more is asked of it. */
  async patch(path: string, patch: Patch, options?: CallOptions): Promise<JsonObject> {
    await this.#enter('patch', path, options, patch.body);
    const own = path.replace(/\/status$/, '');
    const before = this.objects.get(own);
    if (before === undefined) throw new KubeError('not-found', `Not found: ${path}.`);
    if (patch.type === 'merge') return this.put(own, { ...before, ...patch.body });
    const webhooks = list(property(before, 'webhooks')).map((webhook, index) => {
      const operation = patch.body.find(({ path: at }) => at === `/webhooks/${index}/clientConfig/caBundle`);
      const client = property(webhook, 'clientConfig');
      if (operation === undefined || !isObject(webhook) || !isObject(client)) return webhook;
      return { ...webhook, clientConfig: { ...client, caBundle: operation['value'] } };
    });
    return this.put(own, { ...before, webhooks });
  }

  close(): void {}

  async #enter(verb: string, path: string, options: CallOptions | undefined, query?: unknown): Promise<void> {
    if (options?.signal?.aborted === true) throw new KubeError('unreachable', 'aborted');
    this.calls.push({ verb, path, query });
    await this.intercept({ verb, path });
  }

  #emit(path: string, type: string, object: JsonObject): void {
    for (const stream of this.#streams) {
      if (isIn(path, stream.path) && selects(stream.query, object)) stream.line(JSON.stringify({ type, object }));
    }
  }
}

interface Stream {
  readonly path: string;
  readonly query: WatchQuery;
  readonly line: (text: string) => void;
  readonly end: (error: Error | undefined) => void;
}

const isIn = (path: string, collection: string): boolean =>
  path.startsWith(`${collection}/`) && !path.slice(collection.length + 1).includes('/');

const selects = ({ fieldSelector }: { readonly fieldSelector?: string }, object: JsonObject): boolean =>
  fieldSelector === undefined || fieldSelector === `metadata.name=${text(valueAt(object, ['metadata', 'name']))}`;
