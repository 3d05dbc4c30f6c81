import { matchesGlob } from '../core/glob.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { type Closeness, imageCloseness, imageKey, type ImageName } from './image.ts';
import { compilePath, matchesPath, type PathPattern, type RequestPath } from './path-pattern.ts';

/** What speaks for an entry besides its path. */
export interface Match {
  readonly entry: CatalogueEntry;
  readonly image: boolean;
  readonly port: boolean;
}

export interface Where {
  readonly image?: ImageName | undefined;
  readonly port?: number | undefined;
  readonly kind?: CatalogueEntry['kind'];
  /** Entries for any image and port: what is known of a path, not of a container. */
  readonly anyone?: true;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
}

interface Compiled {
  readonly entry: CatalogueEntry;
  readonly pattern: PathPattern;
}

interface Bucket {
  readonly all: Compiled[];
  /** Entries that need neither image nor port. */
  readonly free: Compiled[];
  /** The others, by each word that an image must have for them, and by port. */
  readonly hinted: Map<string, Compiled[]>;
}

export type CatalogueIndex = ReadonlyMap<string, Bucket>;

/**
 * Entries by the last fixed word of their path, and then by what speaks for them, so that the cost of a look-up does not grow with
 * the catalogue.
 */
export function indexCatalogue(entries: readonly CatalogueEntry[]): CatalogueIndex {
  const index = new Map<string, Bucket>();
  for (const entry of entries) {
    const hints = [...(entry.images ?? []).map(imageKey), ...(entry.ports ?? []).map(portKey)];
    for (const path of pathsOf(entry)) {
      const compiled = { entry, pattern: compilePath(path) };
      const key = keyOf(entry.kind, compiled.pattern.key);
      const bucket = index.get(key) ?? { all: [], free: [], hinted: new Map<string, Compiled[]>() };
      index.set(key, bucket);
      bucket.all.push(compiled);
      if (hints.length === 0) bucket.free.push(compiled);
      for (const hint of hints) {
        const found = bucket.hinted.get(hint);
        if (found === undefined) bucket.hinted.set(hint, [compiled]);
        else found.push(compiled);
      }
    }
  }
  return index;
}

const portKey = (port: number): string => `port ${port}`;

function* candidates(bucket: Bucket, where: Where, imageKeys: readonly string[]): Generator<Compiled> {
  if (where.anyone === true) {
    yield* bucket.all;
    return;
  }
  yield* bucket.free;
  if (bucket.hinted.size === 0) return;
  for (const key of imageKeys) yield* bucket.hinted.get(key) ?? [];
  if (where.port !== undefined) yield* bucket.hinted.get(portKey(where.port)) ?? [];
}

const keyOf = (kind: CatalogueEntry['kind'], segment: string): string => (kind === undefined ? segment : `${kind} ${segment}`);

export const pathsOf = (entry: CatalogueEntry): readonly string[] => (typeof entry.path === 'string' ? [entry.path] : entry.path);

/** Ports that half of all software listens on say nothing about which one it is. */
const COMMON_PORTS = new Set([80, 443, 3000, 4000, 5000, 8000, 8080, 8081, 8443, 9000, 9090]);

/** The entries that hold for this request in this container, the best first. */
export function matchesIn(index: CatalogueIndex, request: RequestPath, where: Where): Match[] {
  const best = new Map<CatalogueEntry, Scored>();
  const imageKeys = where.image?.keys ?? [];
  for (const key of keysOf(request)) {
    const bucket = index.get(keyOf(where.kind, key));
    if (bucket === undefined) continue;
    for (const { entry, pattern } of candidates(bucket, where, imageKeys)) {
      if (!matchesPath(pattern, request.segments) || !queryHolds(entry, request) || !headersHold(entry, where)) continue;
      const image = closest(entry, where.image);
      const port = where.port !== undefined && (entry.ports?.includes(where.port) ?? false);
      if (where.anyone !== true && !isEligible(entry, image > 0, port, where.port)) continue;
      const otherPort = entry.ports !== undefined && where.port !== undefined && !port;
      const points = score(entry, pattern, image, port) - (otherPort ? 30 : 0);
      if (points > (best.get(entry)?.points ?? -1)) best.set(entry, { match: { entry, image: image > 0, port }, points });
    }
  }
  return [...best.values()].sort(byPoints).map(({ match }) => match);
}

interface Scored {
  readonly match: Match;
  readonly points: number;
}

const byPoints = (a: Scored, b: Scored): number => b.points - a.points || (a.match.entry.id < b.match.entry.id ? -1 : 1);

function keysOf({ segments }: RequestPath): readonly string[] {
  return segments.length === 0 ? [''] : [...new Set(segments.map((segment) => segment.toLowerCase()))];
}

function closest({ images = [] }: CatalogueEntry, image: ImageName | undefined): Closeness {
  if (image === undefined) return 0;
  return images.reduce<Closeness>((best, name) => {
    const closeness = imageCloseness(name, image);
    return closeness > best ? closeness : best;
  }, 0);
}

/**
 * An entry that names images holds for them, or on a port that is the product's own; one that names only ports holds on those.
 */
function isEligible(entry: CatalogueEntry, image: boolean, port: boolean, number: number | undefined): boolean {
  if (image) return true;
  if (entry.images !== undefined) return port && !COMMON_PORTS.has(number ?? 0);
  return entry.ports === undefined || port;
}

function queryHolds({ query }: CatalogueEntry, request: RequestPath): boolean {
  if (query === undefined) return true;
  return Object.entries(query).every(([name, values]) =>
    request.query.some(([key, value]) => key === name && values.some((wanted) => matchesGlob(wanted, value))),
  );
}

function headersHold({ headers }: CatalogueEntry, where: Where): boolean {
  if (headers === undefined) return true;
  return Object.entries(headers).every(([name, values]) =>
    (where.headers ?? []).some((header) => header.name.toLowerCase() === name && values.includes(header.value.toLowerCase())),
  );
}

/** What is said of this image beats what is said of this path, and a query that an entry names beats one that it ignores. */
function score(entry: CatalogueEntry, pattern: PathPattern, image: Closeness, port: boolean): number {
  const wildcards = pattern.segments.filter((segment) => segment.includes('*')).length;
  const exact = pattern.anyPrefix || pattern.andBelow ? 0 : 4;
  const queried = (Object.keys(entry.query ?? {}).length + Object.keys(entry.headers ?? {}).length) * 30;
  return (image === 0 ? 0 : 80 + image * 10) + (port ? 20 : 0) + queried + exact + pattern.segments.length - wildcards * 2;
}
