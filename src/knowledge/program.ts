import type { Container, PodSpec } from '../core/container.ts';
import type { Asks, Confidence } from '../core/verdict.ts';
import type { Invocation } from './command.ts';
import type { Lookup } from './environment.ts';
import { type HostReading, readHost } from './host.ts';
import { type ImageName, imageMatches } from './image.ts';
import { quoted } from './sentence.ts';

/** What one program of a command asks. */
export interface ProgramReading {
  readonly asks: Asks;
  readonly confidence: Confidence;
  readonly evidence: string;
  readonly source?: string;
  readonly safeAlternative?: string;
  readonly entry?: string;
}

/** A request that a program sends by HTTP, judged as a probe's own would be. */
interface HttpRequest {
  readonly path: string;
  readonly port: number | undefined;
  readonly bodyCounts: boolean;
}

export interface ProgramContext {
  readonly container: Container;
  readonly pod: PodSpec;
  readonly image: ImageName;
  readonly lookup: Lookup;
  readonly readHttp: (request: HttpRequest) => ProgramReading;
  /** The health of a gRPC service of the own pod. */
  readonly readGrpc: (service: string, port: number | undefined) => ProgramReading;
  /** A request that the command writes to a socket by itself, and whether it looks at the answer. */
  readonly rawRequest?: { readonly path: string; readonly answerCounts: boolean };
}

export const LESS = { high: 'medium', medium: 'low', low: 'low' } as const;

/** A client that takes any answer, whatever its status, fails only where none comes. */
export const withAnyStatus = (found: ProgramReading, why: string): ProgramReading =>
  found.asks === 'process' || found.asks === 'unknown'
    ? found
    : {
        ...found,
        confidence: LESS[found.confidence],
        evidence: `${why}, so it fails only where no answer comes: ${found.evidence}`,
      };

/** `neutral`: a program that asks nothing (`grep`). Undefined: this call of it cannot be told. */
export type ProgramReader = (invocation: Invocation, context: ProgramContext) => ProgramReading | 'neutral' | undefined;

export const reading = (
  asks: Asks,
  confidence: Confidence,
  evidence: string,
  more: Partial<ProgramReading> = {},
): ProgramReading => ({
  asks,
  confidence,
  evidence,
  ...more,
});

/** The value of the first of these options: `-h x`, `--host x`, `--host=x`, and glued (`-hx`) for those of one letter. */
export function option(args: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    for (const name of names) {
      if (arg === name) return args[index + 1];
      if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
      if (name.length === 2 && name.startsWith('-') && arg.length > 2 && arg.startsWith(name)) return arg.slice(2);
    }
  }
  return undefined;
}

export const hasFlag = (args: readonly string[], ...names: readonly string[]): boolean => args.some((arg) => names.includes(arg));

/** Arguments that are no options and no values of the options named. */
export function operands(args: readonly string[], valued: readonly string[] = []): string[] {
  const found: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (valued.includes(arg)) at++;
    else if (!arg.startsWith('-')) found.push(arg);
  }
  return found;
}

export interface Address {
  readonly host: string;
  readonly port?: number;
}

/** `host`, `host:port`, `[::1]:port`, `scheme://user@host:port/…`: of several hosts, the first. */
export function readAddress(text: string): Address {
  const scheme = text.indexOf('://');
  let rest = scheme < 0 ? text : text.slice(scheme + 3);
  const end = firstOf(rest, scheme < 0 ? ',/' : '/?,');
  rest = rest.slice(0, end);
  const at = rest.lastIndexOf('@');
  if (at >= 0) rest = rest.slice(at + 1);
  const close = rest.startsWith('[') ? rest.indexOf(']') : -1;
  const colon = close >= 0 ? (rest[close + 1] === ':' ? close + 1 : -1) : rest.indexOf(':');
  if (colon < 0 || (close < 0 && rest.indexOf(':', colon + 1) >= 0)) return { host: rest };
  const port = Number(rest.slice(colon + 1));
  return { host: rest.slice(0, colon), ...(Number.isInteger(port) && port > 0 && { port }) };
}

function firstOf(text: string, symbols: string): number {
  const found = symbols
    .split('')
    .map((symbol) => text.indexOf(symbol))
    .filter((at) => at >= 0);
  return found.length === 0 ? text.length : Math.min(...found);
}

/** The first argument that is a variable which by its name holds a whole address: `$DATABASE_URL`, not `$POSTGRES_DB`. */
export const addressVariable = (args: readonly string[]): string | undefined =>
  args.find((arg) => /^\$\{?[A-Za-z_]*(?:URL|URI|DSN)\}?$/i.test(arg.slice(0, 128)));

export const placeOf = (host: string, { container, pod }: ProgramContext): HostReading => readHost(host, container, pod);

const isImageOf = (names: readonly string[], { image }: ProgramContext): boolean =>
  names.some((name) => imageMatches(name, image));

/** Programs that stand before a server and pass every request on to it. */
const PROXIES = ['pgpool', 'pgbouncer', 'odyssey', 'proxysql', 'maxscale', 'haproxy', 'twemproxy', 'envoy', 'mysql-router'];

export interface ClientCall {
  readonly program: string;
  /** Host as given, or undefined where the client is left to its default. */
  readonly host: string | undefined;
  /** What the client asks without a host, in words: "the local socket". */
  readonly byDefault: string;
  readonly servers: readonly string[];
}

/**
 * A client of a server asks that server. In the server's own container that is its own process; on loopback it is a process of
 * the own pod; anywhere else a restart of this container mends nothing.
 */
export function readClient(call: ClientCall, context: ProgramContext): ProgramReading {
  const { program, host, byDefault, servers } = call;
  if (host !== undefined) {
    const place = placeOf(host, context);
    const name = quoted(place.name);
    // In the server's own image, a variable that the manifest does not set more likely names the server itself.
    const unproven = place.confidence !== 'high' && isImageOf(servers, context);
    if (place.place === 'other' && !unproven) {
      return reading(
        'dependency',
        place.confidence,
        `\`${program}\` asks the server at ${name}, which a restart of this container does not mend.`,
      );
    }
    if (place.place !== 'self') {
      return reading('unknown', 'low', `\`${program}\` asks the server at ${name}: where that is, the manifest does not show.`);
    }
  }
  const where = host === undefined ? byDefault : quoted(placeOf(host, context).name);
  if (isImageOf(PROXIES, context)) {
    return reading(
      'dependency',
      'medium',
      `\`${program}\` asks ${where}, where a proxy passes the question on to other servers.`,
    );
  }
  const own = isImageOf(servers, context);
  return reading(
    'process',
    own ? 'high' : 'medium',
    `\`${program}\` asks ${where}${own ? ', the server in this very container' : ''}.`,
  );
}

const RANK = { dependency: 5, aggregate: 4, readiness: 3, resource: 2, unknown: 1, process: 0 } as const;
const SURE = { high: 2, medium: 1, low: 0 } as const;

/** The reading that tells most against the command: a probe fails when any of its parts does. */
export function worst(readings: readonly ProgramReading[]): ProgramReading | undefined {
  return readings.reduce<ProgramReading | undefined>(
    (found, next) => (found === undefined || weight(next) > weight(found) ? next : found),
    undefined,
  );
}

const weight = ({ asks, confidence }: ProgramReading): number =>
  asks === 'process' ? -SURE[confidence] : asks === 'unknown' ? 1 : 10 + SURE[confidence] * 10 + RANK[asks];
