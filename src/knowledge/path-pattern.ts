import { matchesGlob } from '../core/glob.ts';

/** A catalogue's path, ready to be compared: see `CatalogueEntry` for the notation. */
export interface PathPattern {
  readonly anyPrefix: boolean;
  readonly andBelow: boolean;
  readonly segments: readonly string[];
  /** The last segment that is not a wildcard, in lower case: what the index looks up. Empty for `/`. */
  readonly key: string;
}

export function compilePath(path: string): PathPattern {
  const all = segmentsOf(path);
  const anyPrefix = all[0] === '...';
  const andBelow = all.length > 1 && all.at(-1) === '...';
  const segments = all.slice(anyPrefix ? 1 : 0, andBelow ? -1 : undefined);
  const key = segments.findLast((segment) => !segment.includes('*'))?.toLowerCase() ?? '';
  return { anyPrefix, andBelow, segments, key };
}

/** Servers differ on letter case; a probe that is answered at all was written in the case that its server takes. */
export function matchesPath(pattern: PathPattern, segments: readonly string[]): boolean {
  const { length } = pattern.segments;
  const spare = segments.length - length;
  if (spare < 0) return false;
  if (pattern.anyPrefix && pattern.andBelow) {
    for (let start = 0; start <= spare; start++) if (matchesAt(pattern, segments, start)) return true;
    return false;
  }
  if (pattern.anyPrefix) return matchesAt(pattern, segments, spare);
  return (spare === 0 || pattern.andBelow) && matchesAt(pattern, segments, 0);
}

const matchesAt = (pattern: PathPattern, segments: readonly string[], start: number): boolean =>
  pattern.segments.every((wanted, index) => {
    const segment = segments[start + index] ?? '';
    return wanted.includes('*') ? matchesGlob(wanted, segment) : wanted.toLowerCase() === segment.toLowerCase();
  });

/** A path from a manifest, taken apart. Longer ones than any server takes are cut, so that nobody can make this slow. */
export interface RequestPath {
  readonly path: string;
  readonly segments: readonly string[];
  /** In order; a parameter without a value has `''`. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

const LONGEST_PATH = 2048;
const MOST_SEGMENTS = 24;

export function readRequestPath(text: string): RequestPath {
  const cut = text.slice(0, LONGEST_PATH);
  const fragment = cut.indexOf('#');
  const whole = fragment < 0 ? cut : cut.slice(0, fragment);
  const mark = whole.indexOf('?');
  const path = mark < 0 ? whole : whole.slice(0, mark);
  return { path, segments: askedSegments(path).slice(-MOST_SEGMENTS), query: mark < 0 ? [] : readQuery(whole.slice(mark + 1)) };
}

/**
 * The segments as a server compares them (RFC 3986, 6.2.2 and 3.3): `%68` is an h, `;a=b` is a parameter of its segment, and `.` and
 * `..` are taken out.
 */
function askedSegments(path: string): string[] {
  const segments = segmentsOf(path);
  if (!/[%;.]/.test(path)) return segments;
  const found: string[] = [];
  for (const segment of segments) {
    const parameters = segment.indexOf(';');
    const plain = decodeUnreserved(parameters < 0 ? segment : segment.slice(0, parameters));
    if (plain === '..') found.pop();
    else if (plain !== '' && plain !== '.') found.push(plain);
  }
  return found;
}

/** Letters, digits and `-._~` mean the same encoded or not. All other encodings stay: an encoded slash is no slash. */
const decodeUnreserved = (segment: string): string =>
  segment.replaceAll(/%([0-9A-Fa-f]{2})/g, (encoded, hex: string) => {
    const symbol = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(symbol) ? symbol : encoded;
  });

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

function readQuery(query: string): [string, string][] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals < 0 ? [decoded(part), ''] : [decoded(part.slice(0, equals)), decoded(part.slice(equals + 1))];
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
