import type { Invocation } from './command.ts';
import { curl } from './program-http.ts';
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
  withAnyStatus,
} from './program.ts';
import { quoted } from './sentence.ts';

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
  if (place.place === 'other')
    return reading('dependency', place.confidence, `\`${program}\` connects to ${name}, which is not this pod.`);
  if (place.place === 'unknown')
    return reading('unknown', 'low', `\`${program}\` connects to ${name}: where that is, the manifest does not show.`);
  const raw = context.rawRequest;
  if (raw !== undefined) {
    const found = context.readHttp({ path: raw.path, port, bodyCounts: raw.answerCounts });
    return raw.answerCounts ? found : withAnyStatus(found, 'Nothing looks at the answer');
  }
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

/** `openssl s_client -connect HOST:PORT`; its other commands look at files. */
const openssl: ProgramReader = (invocation, context) => {
  const { program, args } = invocation;
  if (args[0] !== 's_client') return reading('process', 'high', `\`${program}\` looks at files of its own container.`);
  const { host, port } = readAddress(option(args, '-connect') ?? operands(args.slice(1))[0] ?? '');
  return readConnection(`${program} s_client`, host, port, invocation, context);
};

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
  const { host, port } = readAddress(address);
  const place = placeOf(host, context);
  if (place.place === 'other')
    return reading('dependency', place.confidence, `\`${program}\` asks ${quoted(place.name)}, which is not this pod.`);
  if (place.place === 'unknown')
    return reading('unknown', 'low', `\`${program}\` asks ${quoted(place.name)}: where that is, the manifest does not show.`);
  return context.readGrpc(option(args, '-service', '--service') ?? '', port);
};

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
  const asked = name === undefined ? undefined : placeOf(name, context);
  if (name === undefined || asked?.place === 'self') return reading('process', 'medium', `\`${program}\` looks up its own name.`);
  return reading(
    'dependency',
    asked?.confidence ?? 'high',
    `\`${program}\` asks DNS for ${quoted(name)}: an outage of DNS restarts the container.`,
  );
};

const getent: ProgramReader = ({ args }, context) => {
  const [database, name] = args;
  if (database !== 'hosts' && database !== 'ahosts' && database !== 'ahostsv4') return 'neutral';
  const asked = name === undefined ? undefined : placeOf(name, context);
  if (name === undefined || asked?.place === 'self') return reading('process', 'medium', '`getent` looks up its own name.');
  return reading(
    'dependency',
    asked?.confidence ?? 'high',
    `\`getent hosts\` asks DNS for ${quoted(name)}: an outage of DNS restarts the container.`,
  );
};

const ping: ProgramReader = ({ program, args }, context) => {
  const [host = ''] = operands(args, ['-c', '-W', '-w', '-i', '-s', '-I', '-t']);
  const place = placeOf(host, context);
  if (place.place === 'self') return reading('process', 'medium', `\`${program}\` sends to its own pod.`);
  return reading('dependency', place.confidence, `\`${program}\` sends to ${quoted(place.name)}, which is not this pod.`);
};

export const networkPrograms: ReadonlyMap<string, ProgramReader> = new Map<string, ProgramReader>([
  ...['curl', 'wget', 'http', 'https', 'xh', 'httpie'].map((name) => [name, curl] as const),
  ...['nc', 'ncat', 'netcat', 'telnet', 'wait-for-it.sh', 'wait-for-it', 'wait-for', 'wait-for.sh', 'dockerize', 'nmap'].map(
    (name) => [name, netcat] as const,
  ),
  ...['grpc_health_probe', 'grpc-health-probe', 'grpcurl'].map((name) => [name, grpcHealth] as const),
  ...['nslookup', 'dig', 'host', 'drill', 'resolvectl', 'unbound-host'].map((name) => [name, dns] as const),
  ['openssl', openssl],
  ['getent', getent],
  ...['ping', 'ping6', 'fping', 'traceroute'].map((name) => [name, ping] as const),
]);
