import {
  hasFlag,
  withAnyStatus,
  operands,
  option,
  placeOf,
  type ProgramContext,
  type ProgramReader,
  type ProgramReading,
  readAddress,
  reading,
  worst,
} from './program.ts';
import { quoted } from './sentence.ts';

/** Options of curl and wget that take a value: what follows is no URL. */
const VALUED = [
  '-o',
  '--output',
  '-H',
  '--header',
  '-X',
  '--request',
  '-d',
  '--data',
  '--data-raw',
  '-u',
  '--user',
  '-m',
  '--max-time',
  '-A',
  '--connect-timeout',
  '--retry',
  '--retry-delay',
  '-w',
  '--write-out',
  '--cacert',
  '--cert',
  '--key',
  '-E',
  '--resolve',
  '--connect-to',
  '--unix-socket',
  '-O',
  '-T',
  '--timeout',
  '-t',
  '--tries',
  '--user-agent',
  '-e',
  '--http-user',
  '--http-password',
  '-P',
  '-b',
  '--cookie',
  '-c',
  '--post-data',
  '--certificate',
  '--private-key',
  '--ca-certificate',
  '--password',
  '-x',
  '--proxy',
  '--oauth2-bearer',
  '--method',
];
/** wget's `-O` and `-T` take a value, curl's `-O` does not. */
const CURL_FLAGS = new Set(['-O', '-T', '-t', '-P']);

export const curl: ProgramReader = ({ program, args, observed }, context) => {
  const isCurl = program !== 'wget';
  const valued = isCurl ? VALUED.filter((name) => !CURL_FLAGS.has(name)) : VALUED.filter((name) => name !== '-o' || !isCurl);
  const socket = option(args, '--unix-socket', '--abstract-unix-socket');
  const urls = valuesOf(args, '--url').concat(operands(args, clustered(args, valued)).filter(looksLikeUrl));
  const rules = [...eachOption(args, '--resolve'), ...eachOption(args, '--connect-to')].slice(0, MOST_REDIRECTIONS);
  const anyStatus = observed ? undefined : anyStatusReason(program, args);
  const readings = urls.map((url) =>
    readUrl(program, redirected(url, rules), context, { bySocket: socket !== undefined, anyStatus, bodyCounts: observed }),
  );
  return worst(readings);
};

/** Why this call passes on status 503 as on 200, or undefined where it does not. */
function anyStatusReason(program: string, args: readonly string[]): string | undefined {
  if (program === 'curl') {
    const fails = args.some(
      (arg) => arg.startsWith('--fail') || (/^-[a-zA-Z]{0,20}$/.test(arg) && !/^-[HXdAubec]/.test(arg) && arg.includes('f')),
    );
    return fails ? undefined : '`curl` without -f takes any status';
  }
  const isHttpie = program === 'http' || program === 'https' || program === 'httpie';
  return isHttpie && !hasFlag(args, '--check-status') ? `\`${program}\` without --check-status takes any status` : undefined;
}

/**
 * The URL with the host that curl really connects to, where `--resolve [+]HOST:PORT:ADDRESS` or `--connect-to HOST1:PORT1:HOST2:PORT2`
 * says so; an empty HOST1 or PORT1 stands for any.
 */
function redirected(url: string, rules: readonly string[]): string {
  if (rules.length === 0) return url;
  const scheme = url.indexOf('://');
  const rest = scheme < 0 ? url : url.slice(scheme + 3);
  const slash = rest.search(/[/?]/);
  const { host, port = url.startsWith('https:') ? 443 : 80 } = readAddress(slash < 0 ? rest : rest.slice(0, slash));
  for (const rule of rules) {
    // Colons inside brackets belong to the address.
    const [from = '', at = '', to = '', through] = rule.split(/:(?![^[]*\])/);
    const name = from.startsWith('+') ? from.slice(1) : from;
    if (!['', '*', host].includes(name) || !['', String(port)].includes(at) || to === '') continue;
    const address = to.startsWith('[') || !to.includes(',') ? to : to.slice(0, to.indexOf(','));
    return `${scheme < 0 ? '' : url.slice(0, scheme + 3)}${address}:${through ?? port}${slash < 0 ? '' : rest.slice(slash)}`;
  }
  return url;
}

const MOST_REDIRECTIONS = 16;

function eachOption(args: readonly string[], name: string): string[] {
  return args.flatMap((arg, index) => {
    if (arg.startsWith(`${name}=`)) return [arg.slice(name.length + 1, 512)];
    const next = args[index + 1];
    return arg === name && next !== undefined ? [next.slice(0, 512)] : [];
  });
}

/** `-fsSo` ends in an option with a value; the argument after it is no URL. */
function clustered(args: readonly string[], valued: readonly string[]): string[] {
  const short = new Set(valued.filter((name) => name.length === 2).map((name) => name[1]));
  const found = args.filter((arg) => arg.length > 2 && arg.startsWith('-') && !arg.startsWith('--') && short.has(arg.at(-1)));
  return [...valued, ...found];
}

const valuesOf = (args: readonly string[], name: string): string[] => {
  const value = option(args, name);
  return value === undefined ? [] : [value];
};

const looksLikeUrl = (text: string): boolean =>
  text.includes('://') ||
  text.startsWith('localhost') ||
  text.startsWith(':') ||
  text.startsWith('$') ||
  text.startsWith('[') ||
  text.includes(':') ||
  text.includes('.') ||
  text.includes('/') ||
  text.includes('\uE000');

interface HttpCall {
  readonly bySocket?: boolean;
  readonly anyStatus?: string | undefined;
  readonly bodyCounts?: boolean;
}

/** A request by HTTP, with the URL as a client takes it. */
export function readUrl(
  program: string,
  url: string,
  context: ProgramContext,
  { bySocket = false, anyStatus, bodyCounts = false }: HttpCall = {},
): ProgramReading {
  const scheme = url.indexOf('://');
  const rest = scheme < 0 ? url : url.slice(scheme + 3);
  const slash = rest.search(/[/?]/);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const tail = slash < 0 ? '/' : rest.slice(slash);
  const path = tail.startsWith('/') ? tail : `/${tail}`;
  const { host, port } = readAddress(authority);
  const place = bySocket ? ({ place: 'self', name: 'a local socket', confidence: 'high' } as const) : placeOf(host, context);
  const name = quoted(place.name);
  if (place.place === 'other')
    return reading('dependency', place.confidence, `\`${program}\` asks ${name}, which is not this pod.`);
  if (place.place === 'unknown')
    return reading('unknown', 'low', `\`${program}\` asks ${name}: where that is, the manifest does not show.`);
  const found = context.readHttp({
    path,
    port: bySocket ? undefined : (port ?? (url.startsWith('https:') ? 443 : 80)),
    bodyCounts,
  });
  return anyStatus === undefined ? found : withAnyStatus(found, anyStatus);
}
