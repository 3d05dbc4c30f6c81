import type { JsonObject } from '../core/json.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** For the whole call; a watch has none but its own. */
  readonly timeoutMilliseconds?: number;
}

export interface ListQuery {
  readonly limit?: number;
  readonly continue?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListPage {
  readonly items: readonly JsonObject[];
  readonly resourceVersion: string;
  /** Empty on the last page. */
  readonly continue: string;
}

export interface WatchQuery {
  readonly resourceVersion: string;
  readonly fieldSelector?: string;
  /** After which the API server ends the stream by itself. */
  readonly timeoutSeconds: number;
  /** A stream on which nothing comes for so long is taken for dead. */
  readonly silenceMilliseconds: number;
}

export interface Created {
  readonly object: JsonObject;
  /** What kubectl prints as `Warning: …`. */
  readonly warnings: readonly string[];
}

export type Patch =
  /** RFC 7386. */
  | { readonly type: 'merge'; readonly body: JsonObject }
  /** RFC 6902. */
  | { readonly type: 'json'; readonly body: readonly JsonObject[] };

/** Every call that we make to an API server. Paths come from `resources.ts`; every call rejects with a KubeError. */
export interface KubeApi {
  get(path: string, options?: CallOptions): Promise<JsonObject>;
  list(path: string, query: ListQuery, options?: CallOptions): Promise<ListPage>;
  /** Hands on each line as it comes, and resolves when the API server ends the stream. */
  watch(path: string, query: WatchQuery, line: (text: string) => void, options?: CallOptions): Promise<void>;
  create(path: string, object: JsonObject, options?: CallOptions & { readonly dryRun?: boolean }): Promise<Created>;
  /** Rejects as a conflict unless the object's resourceVersion is still the one that is stored. */
  replace(path: string, object: JsonObject, options?: CallOptions): Promise<JsonObject>;
  patch(path: string, patch: Patch, options?: CallOptions): Promise<JsonObject>;
  /** Ends idle connections. */
  close(): void;
}
