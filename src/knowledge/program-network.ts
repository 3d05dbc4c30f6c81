import type { Invocation } from './command.ts';
import {
  hasFlag,
  operands,
  option,
  placeOf,
  type ProgramContext,
  type ProgramReader,
  type ProgramReading,
  readAddress,
  reading,
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

const curl: ProgramReader = ({ program, args }, context) => {
  const isCurl = program !== 'wget';
  const valued = isCurl ? VALUED.filter((name) => !CURL_FLAGS.has(name)) : VALUED.filter((name) => name !== '-o' || !isCurl);
  const socket = option(args, '--unix-socket', '--abstract-unix-socket');
  const urls = valuesOf(args, '--url').concat(operands(args, clustered(args, valued)).filter(looksLikeUrl));
  const readings = urls.map((url) => readUrl(program, url, context, socket !== undefined));
  return worst(readings);
};

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

/** A request by HTTP, with the URL as a client takes it. */
export function readUrl(program: string, url: string, context: ProgramContext, bySocket = false): ProgramReading {
  const scheme = url.indexOf('://');
  const rest = scheme < 0 ? url : url.slice(scheme + 3);
  const slash = rest.search(/[/?]/);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const tail = slash < 0 ? '/' : rest.slice(slash);
  const path = tail.startsWith('/') ? tail : `/${tail}`;
  const { host, port } = readAddress(authority);
  const place = bySocket ? ({ place: 'self', name: 'a local socket' } as const) : placeOf(host, context);
  const name = quoted(place.name);
  if (place.place === 'other') return reading('dependency', 'high', `\`${program}\` asks ${name}, which is not this pod.`);
  if (place.place === 'unknown')
    return reading('unknown', 'low', `\`${program}\` asks ${name}: where that is, the manifest does not show.`);
  return context.readHttp({ path, port: bySocket ? undefined : (port ?? (url.startsWith('https:') ? 443 : 80)) });
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

const netcat: ProgramReader = (invocation, context) => {
  const { program, args } = invocation;
  if (hasFlag(args, '-U')) return reading('process', 'high', `\`${program} -U\` asks a local socket.`);
  const [target = '', portText = ''] = operands(args, [
    '-w',
    '-p',
    '-s',
    '-X',
    '-x',
    '-i',
    '-q',
    '-t',
    '--timeout',
    '-timeout',
    '-wait',
  ]);
  const given = option(args, '-wait', '--wait') ?? target;
  const address = readAddress(given);
  return readConnection(program, address.host, Number(portText) || address.port, invocation, context);
};

function readConnection(
  program: string,
  host: string,
  port: number | undefined,
  invocation: Invocation,
  context: ProgramContext,
): ProgramReading {
  const place = placeOf(host, context);
  const name = quoted(place.name);
  if (place.place === 'other') return reading('dependency', 'high', `\`${program}\` connects to ${name}, which is not this pod.`);
  if (place.place === 'unknown')
    return reading('unknown', 'low', `\`${program}\` connects to ${name}: where that is, the manifest does not show.`);
  if (isZooKeeperQuestion(invocation.input)) {
    return reading(
      'dependency',
      'medium',
      'It asks ZooKeeper for figures that are only given while the ensemble has its quorum.',
    );
  }
  return reading(
    'process',
    'high',
    `\`${program}\` connects to ${name}${port === undefined ? '' : `, port ${port}`}, in its own pod.`,
  );
}

/** The four-letter words that a server without quorum does not answer; `ruok` it always answers. */
const isZooKeeperQuestion = (input: string): boolean =>
  ['mntr', 'srvr', 'stat'].some((word) => input.split(/[\s'"]/).includes(word));

/** bash's own connections: `</dev/tcp/HOST/PORT`. */
export function readDeviceConnection(file: string, invocation: Invocation, context: ProgramContext): ProgramReading | undefined {
  const [, device, protocol, host, port] = file.split('/');
  if (device !== 'dev' || (protocol !== 'tcp' && protocol !== 'udp') || host === undefined) return undefined;
  return readConnection(`/dev/${protocol}`, host, Number(port) || undefined, invocation, context);
}

const grpcHealth: ProgramReader = ({ program, args }, context) => {
  const address =
    option(args, '-addr', '--addr', '-a') ??
    operands(args, ['-service', '--service', '-connect-timeout', '-rpc-timeout'])[0] ??
    '';
  const place = placeOf(readAddress(address).host, context);
  if (place.place === 'other')
    return reading('dependency', 'high', `\`${program}\` asks ${quoted(place.name)}, which is not this pod.`);
  if (place.place === 'unknown')
    return reading('unknown', 'low', `\`${program}\` asks ${quoted(place.name)}: where that is, the manifest does not show.`);
  return readGrpcService(option(args, '-service', '--service') ?? '');
};

const GRPC_SOURCE = 'https://github.com/grpc/grpc/blob/master/doc/health-checking.md';

/**
 * The health service of gRPC answers with a status that the server set: libraries set SERVING when the server is registered and
 * never look again, unless the application tells them to.
 */
export function readGrpcService(service: string): ProgramReading {
  const name = service.toLowerCase();
  if (name === '') {
    const what =
      'gRPC health without a service gives the status that the server has set: most set it once, some tie it to their checks.';
    return reading('process', 'low', what, { source: GRPC_SOURCE });
  }
  const shown = quoted(service);
  if (name.endsWith('liveness') || name.endsWith('live') || name.endsWith('livez')) {
    return reading('process', 'high', `gRPC health of \`${shown}\` is by its name the liveness of the process.`, {
      source: GRPC_SOURCE,
    });
  }
  if (name.endsWith('readiness') || name.endsWith('ready') || name.endsWith('readyz')) {
    return reading('readiness', 'high', `gRPC health of \`${shown}\` is by its name the readiness status.`, {
      source: GRPC_SOURCE,
      safeAlternative: 'grpc with service: liveness, if the server has one',
    });
  }
  return reading('unknown', 'low', `What gRPC health of \`${shown}\` depends on is up to the application.`, {
    source: GRPC_SOURCE,
  });
}

const dns: ProgramReader = ({ program, args }, context) => {
  const server = args.find((arg) => arg.startsWith('@'));
  const words = operands(
    args.filter((arg) => !arg.startsWith('@')),
    ['-p', '-t', '-C', '-f'],
  );
  const named = server?.slice(1) ?? (program === 'nslookup' || program === 'host' ? words[1] : undefined);
  const place = named === undefined ? undefined : placeOf(named, context);
  if (place?.place === 'self') return reading('process', 'medium', `\`${program}\` asks the DNS server in the own pod.`);
  const [name] = words;
  if (name === undefined || placeOf(name, context).place === 'self')
    return reading('process', 'medium', `\`${program}\` looks up its own name.`);
  return reading('dependency', 'high', `\`${program}\` asks DNS for ${quoted(name)}: an outage of DNS restarts the container.`);
};

const getent: ProgramReader = ({ args }, context) => {
  const [database, name] = args;
  if (database !== 'hosts' && database !== 'ahosts' && database !== 'ahostsv4') return 'neutral';
  if (name === undefined || placeOf(name, context).place === 'self')
    return reading('process', 'medium', '`getent` looks up its own name.');
  return reading('dependency', 'high', `\`getent hosts\` asks DNS for ${quoted(name)}: an outage of DNS restarts the container.`);
};

const ping: ProgramReader = ({ program, args }, context) => {
  const [host = ''] = operands(args, ['-c', '-W', '-w', '-i', '-s', '-I', '-t']);
  const place = placeOf(host, context);
  if (place.place === 'self') return reading('process', 'medium', `\`${program}\` sends to its own pod.`);
  return reading(
    'dependency',
    place.place === 'other' ? 'high' : 'medium',
    `\`${program}\` sends to ${quoted(place.name)}, which is not this pod.`,
  );
};

export const networkPrograms: ReadonlyMap<string, ProgramReader> = new Map<string, ProgramReader>([
  ...['curl', 'wget', 'http', 'https', 'xh', 'httpie'].map((name) => [name, curl] as const),
  ...['nc', 'ncat', 'netcat', 'telnet', 'wait-for-it.sh', 'wait-for-it', 'wait-for', 'wait-for.sh', 'dockerize', 'nmap'].map(
    (name) => [name, netcat] as const,
  ),
  ...['grpc_health_probe', 'grpc-health-probe', 'grpcurl'].map((name) => [name, grpcHealth] as const),
  ...['nslookup', 'dig', 'host', 'drill', 'resolvectl', 'unbound-host'].map((name) => [name, dns] as const),
  ['getent', getent],
  ...['ping', 'ping6', 'fping', 'traceroute'].map((name) => [name, ping] as const),
]);
