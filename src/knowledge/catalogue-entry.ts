import type { Asks, Confidence } from '../core/verdict.ts';

/**
 * One endpoint of one product, and what it asks when it is called.
 *
 * A path is written as the product documents it. `/healthz` is that path alone; `.../actuator/health` may stand behind any
 * prefix (a context path); `/app/kibana/...` is that path and all below it; `*` is any one segment. A slash at the end means
 * nothing.
 */
export interface CatalogueEntry {
  /** Kebab case, unique: product and path. */
  readonly id: string;
  readonly product: string;
  /** What the path is: of an HTTP request (the usual), the service of a gRPC health check, or the file of a script. */
  readonly kind?: 'grpc' | 'script';
  readonly path: string | readonly string[];
  /**
   * Parameters that must be there, each with the values that count: globs as in policies, `''` for a bare parameter.
   * Without it the entry holds whatever the query.
   */
  readonly query?: Readonly<Record<string, readonly string[]>>;
  /** Request headers that must be there, by name in lower case. */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  /** Names of images: see `imageMatches`. With images or ports, the entry holds only where one of them fits. */
  readonly images?: readonly string[];
  readonly ports?: readonly number[];
  readonly asks: Asks;
  readonly confidence: Confidence;
  /** What is looked at, as the end of a sentence that begins with "it": `runs every registered health indicator`. */
  readonly checks: string;
  /** Where it stands: documentation, source or an issue, as an https URL. */
  readonly source: string;
  /** What to ask instead in liveness. A path only if it is one that the product serves. */
  readonly safe?: string;
  /** The ruleset that brought it. */
  readonly since: string;
}
