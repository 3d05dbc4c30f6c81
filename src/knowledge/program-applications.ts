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
  worst,
} from './program.ts';
import { readUrl } from './program-http.ts';
import { baseName } from './command-unwrap.ts';
import { quoted } from './sentence.ts';

const asksBeyond = (program: string, what: string): ProgramReading =>
  reading('dependency', 'high', `\`${program}\` asks ${what}.`);

const django: ProgramReader = ({ args }) => {
  const [command = ''] = args;
  if (command === 'check' && !hasFlag(args, '--database') && !args.some((arg) => arg.startsWith('--database='))) {
    return reading('process', 'medium', '`manage.py check` without --database looks at the code only.');
  }
  if (
    ['check', 'showmigrations', 'migrate', 'dbshell', 'inspectdb', 'health_check', 'wait_for_db', 'check_db'].includes(command)
  ) {
    return asksBeyond(`manage.py ${command}`, 'the database that Django is configured with');
  }
  return undefined;
};

const rails: ProgramReader = ({ program, args }) => {
  const [command = ''] = operands(args);
  if (program === 'sidekiqmon') return asksBeyond('sidekiqmon', 'Redis for the list of workers');
  if (command.startsWith('db:')) return asksBeyond(`${program} ${command}`, 'the database');
  if (command.startsWith('sidekiq') || command.startsWith('resque')) return asksBeyond(`${program} ${command}`, 'Redis');
  if (command === 'runner') {
    const code = args.join(' ');
    if (code.includes('ActiveRecord') || code.includes('connection') || code.includes('Redis') || code.includes('Sidekiq')) {
      return asksBeyond('rails runner', 'the database or Redis');
    }
    return reading('unknown', 'low', 'What the code of `rails runner` asks cannot be told.');
  }
  return undefined;
};

const php: ProgramReader = (invocation, context) => {
  const [file = '', command = ''] = operands(invocation.args, ['-d', '-c']);
  const code = invocation.args.indexOf('-r');
  if (code >= 0) return readCode('php', invocation.args[code + 1] ?? '', context);
  const name = baseName(file);
  if (
    name === 'artisan' &&
    (command.startsWith('db') ||
      command.startsWith('migrate') ||
      command.startsWith('queue:monitor') ||
      command.startsWith('horizon'))
  ) {
    return asksBeyond(`php artisan ${command}`, 'the database or the queue');
  }
  if (name === 'console' && (command.startsWith('doctrine') || command.startsWith('dbal')))
    return asksBeyond(`console ${command}`, 'the database');
  if (name === 'occ' && command === 'status')
    return reading('dependency', 'medium', '`occ status` starts Nextcloud, which reads its database.');
  return undefined;
};

/** Tools that compare a database with what the code expects of it. */
const migrations: ProgramReader = ({ program, args }) => {
  const [command] = operands(args, ['-c', '--config', '-n', '--name', '--app', '-A', '--schema']);
  if (program === 'alembic' && command !== 'current' && command !== 'check' && command !== 'upgrade') return undefined;
  if (program === 'flask' && command !== 'db') return undefined;
  if (program === 'prisma' && command !== 'db' && command !== 'migrate') return undefined;
  return asksBeyond(`${program} ${command ?? ''}`, 'the database');
};

const sentry: ProgramReader = ({ program, args }, context) => {
  const code = args.indexOf('-c');
  return code < 0 ? undefined : readCode(program, args[code + 1] ?? '', context);
};

const wp: ProgramReader = ({ args }) => {
  const [group, command] = operands(args);
  return group === 'db' || (group === 'core' && command === 'is-installed')
    ? asksBeyond(`wp ${group}`, "WordPress's database")
    : undefined;
};

const cloud: ProgramReader = ({ program }) => asksBeyond(program, 'an API outside this pod');

const kubectl: ProgramReader = ({ program, args }) =>
  hasFlag(args, '--client')
    ? reading('process', 'high', `\`${program} --client\` asks nobody.`)
    : asksBeyond(program, 'the Kubernetes API server');

const openstack: ProgramReader = ({ program }) =>
  reading('dependency', 'medium', `\`${program}\` asks the OpenStack API or its message broker.`);

/** Systems that the text of a program names when it opens a connection to them. */
const CONNECTS: readonly (readonly [needle: string, what: string])[] = [
  ['control.ping', 'Celery through its message broker'],
  ['control.inspect', 'Celery through its message broker'],
  ['create_session', 'a database'],
  ['psycopg', 'PostgreSQL'],
  ['pymysql', 'MySQL'],
  ['MySQLdb', 'MySQL'],
  ['mysqli', 'MySQL'],
  ['new PDO', 'a database'],
  ['sqlalchemy', 'a database'],
  ['MongoClient', 'MongoDB'],
  ['pymongo', 'MongoDB'],
  ['redis.Redis', 'Redis'],
  ['redis.from_url', 'Redis'],
  ['StrictRedis', 'Redis'],
  ['KafkaConsumer', 'Kafka'],
  ['KafkaAdminClient', 'Kafka'],
  ['confluent_kafka', 'Kafka'],
  ['pika.', 'RabbitMQ'],
  ['ActiveRecord', 'a database'],
  ['django.db', 'a database'],
];

/** Code in the argument of `python -c`, `node -e`, …: not run, only looked through for addresses and for clients that it loads. */
const readCode = (program: string, code: string, context: Parameters<ProgramReader>[1]): ProgramReading | undefined => {
  const text = code.slice(0, 8192);
  const found = CONNECTS.find(([needle]) => text.includes(needle));
  const local = text.includes('localhost') || text.includes('127.0.0.1');
  if (found !== undefined && !local) return reading('dependency', 'high', `The code of \`${program}\` asks ${found[1]}.`);
  const anyStatus = LOOKS_AT_STATUS.some((needle) => text.includes(needle)) ? undefined : 'The code looks at no status';
  const urls = urlsIn(text).map((url) => readUrl(program, url, context, { anyStatus, bodyCounts: anyStatus === undefined }));
  if (urls.length > 0) return worst(urls);
  const host = socketHost(text);
  if (host !== undefined && placeOf(host, context).place === 'other')
    return reading('dependency', 'high', `The code of \`${program}\` connects to ${quoted(host)}, which is not this pod.`);
  if (found !== undefined) return reading('unknown', 'low', `The code of \`${program}\` asks ${found[1]}, and names localhost.`);
  if (local) return reading('process', 'medium', `The code of \`${program}\` asks localhost.`);
  return undefined;
};

/** What shows that a status other than 200 ends the code with a failure; Python's `urlopen` raises by itself. */
const LOOKS_AT_STATUS = ['urlopen', 'urllib', 'raise_for_status', 'status', '.ok', 'exit', 'assert', 'throw', 'raise'];

/** `connect(("db", 5432))`, as Python's sockets are told it. */
function socketHost(text: string): string | undefined {
  const at = text.search(/connect(?:ion|_ex)?\(\(\s{0,4}["']/);
  return at < 0 ? undefined : /["']([\w.:-]{1,253})["']/.exec(text.slice(at, at + 300))?.[1];
}

function urlsIn(text: string): string[] {
  const urls: string[] = [];
  for (let at = text.indexOf('http'); at >= 0 && urls.length < 8; at = text.indexOf('http', at + 4)) {
    const rest = text.slice(at, at + 256);
    if (!rest.startsWith('http://') && !rest.startsWith('https://')) continue;
    const end = rest.search(/["'`\s)}<>\\]/);
    urls.push(end < 0 ? rest : rest.slice(0, end));
  }
  return urls;
}

const interpreter =
  (flag: string): ProgramReader =>
  (invocation, context) => {
    const { program, args } = invocation;
    const rest = (from: number) => ({
      ...invocation,
      program: baseName(args[from] ?? ''),
      path: args[from] ?? '',
      args: args.slice(from + 1),
    });
    const code = args.findIndex(
      (arg) => arg === flag || (arg.length > 2 && arg.startsWith('-') && !arg.startsWith('--') && arg.endsWith(flag.slice(1))),
    );
    if (code >= 0) {
      return (
        readCode(program, args[code + 1] ?? '', context) ??
        reading('unknown', 'low', `What the code of \`${program}\` asks cannot be told.`)
      );
    }
    const script = args.findIndex((arg) => !arg.startsWith('-'));
    if (script < 0) return undefined;
    const name = baseName(args[script] ?? '');
    if (name === 'manage.py') return django(rest(script), context);
    return readScriptName(args[script] ?? '', args.slice(script + 1), context);
  };

/** What a script's name says, the strongest word first. */
const SCRIPT_WORDS: readonly {
  readonly words: ReadonlySet<string>;
  readonly asks: 'dependency' | 'readiness' | 'process';
  readonly confidence: 'medium' | 'low';
  readonly what: string;
}[] = [
  {
    words: new Set(['master', 'cluster', 'quorum']),
    asks: 'dependency',
    confidence: 'medium',
    what: 'other members of its cluster',
  },
  {
    words: new Set(['live', 'liveness', 'alive', 'livez', 'liveliness']),
    asks: 'process',
    confidence: 'low',
    what: 'its own process',
  },
  {
    words: new Set(['db', 'database', 'postgres', 'mysql', 'redis', 'mongo', 'kafka', 'rabbitmq', 'broker']),
    asks: 'dependency',
    confidence: 'medium',
    what: 'another system',
  },
  {
    words: new Set(['ready', 'readiness', 'readyz']),
    asks: 'readiness',
    confidence: 'medium',
    what: 'whether it can take traffic',
  },
];

/** A program or script of which only the name and the arguments are known. */
export function readScriptName(path: string, args: readonly string[], context: ProgramContext): ProgramReading {
  const address = ADDRESS_OPTIONS.map((name) => option(args, `--${name}`, `-${name}`)).find((value) => value !== undefined);
  if (address !== undefined) {
    const place = placeOf(readAddress(address).host, context);
    const program = quoted(baseName(path));
    if (place.place === 'other') {
      return reading('dependency', 'medium', `\`${program}\` is told to ask ${quoted(place.name)}, which is not this pod.`);
    }
  }
  const shown = quoted(path);
  const words = baseName(path).toLowerCase().split(/[-_.]/);
  for (const { words: known, asks, confidence, what } of SCRIPT_WORDS) {
    if (!words.some((word) => known.has(word))) continue;
    // In the server's own image, `redis-check.sh` asks the server itself.
    if (asks === 'dependency' && words.some((word) => context.image.tokens.includes(word))) continue;
    return reading(asks, confidence, `The script ${shown} asks, by its name, about ${what}: its text is not in the manifest.`);
  }
  return reading('unknown', 'low', `What ${shown} asks is not in the manifest.`);
}

const ADDRESS_OPTIONS = ['server-address', 'address', 'addr', 'host', 'server', 'endpoint', 'url'];

export const applicationPrograms: ReadonlyMap<string, ProgramReader> = new Map<string, ProgramReader>([
  ['manage.py', django],
  ...['rails', 'rake', 'sidekiqmon'].map((name) => [name, rails] as const),
  ['php', php],
  ['wp', wp],
  ['sentry', sentry],
  ...['alembic', 'flask', 'prisma'].map((name) => [name, migrations] as const),
  ...['aws', 'gcloud', 'az', 'gsutil', 's3cmd', 'doctl', 'vtctlclient'].map((name) => [name, cloud] as const),
  ...['kubectl', 'oc', 'helm'].map((name) => [name, kubectl] as const),
  ...['openstack-agent-liveness', 'neutron-agent-liveness', 'openstack'].map((name) => [name, openstack] as const),
  ...['python', 'python2', 'python3', 'pypy3'].map((name) => [name, interpreter('-c')] as const),
  ...['node', 'nodejs', 'ruby', 'perl', 'deno', 'bun'].map((name) => [name, interpreter('-e')] as const),
]);
