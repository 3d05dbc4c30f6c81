import {
  addressVariable,
  hasFlag,
  operands,
  option,
  placeOf,
  type ProgramReader,
  type ProgramReading,
  readAddress,
  readClient,
  reading,
} from './program.ts';

const POSTGRES = [
  'postgres',
  'postgresql',
  'timescaledb',
  'timescale',
  'postgis',
  'pgvector',
  'citus',
  'spilo',
  'patroni',
  'crunchy-postgres',
  'supabase/postgres',
  'pgautofailover',
  'yugabyte',
  'pgsql',
  'paradedb',
  'stolon',
  'edb-postgres',
];
const MYSQL = [
  'mysql',
  'mariadb',
  'percona',
  'percona-xtradb-cluster',
  'percona-server',
  'galera',
  'pxc',
  'mysql-server',
  'tidb',
];
const REDIS = ['redis', 'valkey', 'keydb', 'dragonfly', 'kvrocks', 'redis-stack', 'garnet'];
const MONGO = ['mongo', 'mongodb', 'percona-server-mongodb', 'ferretdb', 'mongodb-community-server', 'mongodb-enterprise-server'];

const postgres: ProgramReader = ({ program, args, env }, context) => {
  const uri = args.find((arg) => arg.startsWith('postgres://') || arg.startsWith('postgresql://'));
  const conninfo = args.flatMap((arg) => arg.split(' ')).find((word) => word.startsWith('host=') || word.startsWith('hostaddr='));
  const host =
    (uri === undefined ? undefined : readAddress(uri).host) ??
    conninfo?.slice(conninfo.indexOf('=') + 1) ??
    option(args, '-h', '--host') ??
    addressVariable(args) ??
    env.get('PGHOST') ??
    context.lookup('PGHOST') ??
    (context.container.env.some(({ name }) => name === 'PGHOST') ? '$PGHOST' : undefined);
  const asked = readClient({ program, host, byDefault: 'the local socket', servers: POSTGRES }, context);
  const query = args.join(' ');
  if (asked.asks === 'process' && (query.includes('pg_stat_replication') || query.includes('pg_stat_wal_receiver'))) {
    return reading('dependency', 'medium', `\`${program}\` asks for the state of replication, which hangs on other servers.`);
  }
  return asked;
};

const GALERA = 'https://galeracluster.com/library/documentation/monitoring-cluster.html';

const mysql: ProgramReader = ({ program, args, env }, context) => {
  const socket = option(args, '-S', '--socket');
  const host = socket === undefined ? (option(args, '-h', '--host') ?? env.get('MYSQL_HOST')) : '/';
  const asked = readClient({ program, host, byDefault: 'the local socket', servers: MYSQL }, context);
  if (asked.asks !== 'process') return asked;
  const query = args.join(' ').toLowerCase();
  if (query.includes('wsrep_cluster_status') || query.includes('wsrep_cluster_size')) {
    return reading('dependency', 'high', `\`${program}\` asks whether the Galera cluster has its quorum.`, { source: GALERA });
  }
  if (query.includes('wsrep_')) {
    return reading('readiness', 'medium', `\`${program}\` asks whether this node is in step with the Galera cluster.`, {
      source: GALERA,
    });
  }
  if (query.includes('slave status') || query.includes('replica status') || query.includes('replication_group')) {
    return reading('dependency', 'medium', `\`${program}\` asks for the state of replication, which hangs on other servers.`);
  }
  return asked;
};

const redis: ProgramReader = (invocation, context) => {
  const { program, args } = invocation;
  const uri = option(args, '-u', '--uri');
  const socket = option(args, '-s');
  const host = socket !== undefined ? '/' : uri !== undefined ? readAddress(uri).host : option(args, '-h');
  const asked = readClient({ program, host, byDefault: 'localhost', servers: REDIS }, context);
  if (asked.asks !== 'process') return asked;
  const question = args.join(' ').toLowerCase();
  if (hasFlag(args, '--cluster') || question.includes('cluster info') || question.includes('cluster nodes')) {
    return reading('dependency', 'medium', `\`${program}\` asks for the state of the whole Redis cluster.`);
  }
  if (question.includes('info replication') || question.endsWith(' role') || question.includes('sentinel ')) {
    return reading('dependency', 'medium', `\`${program}\` asks for the state of replication, which hangs on other servers.`);
  }
  return asked;
};

const mongo: ProgramReader = (invocation, context) => {
  const { program, args } = invocation;
  const [target] = operands(args, MONGO_VALUED);
  const given = option(args, '--host') ?? (target !== undefined && isMongoAddress(target) ? target : undefined);
  const address =
    given === undefined ? undefined : readAddress(given.includes('://') ? given : given.slice(given.indexOf('/') + 1 || 0));
  const host = address?.host ?? addressVariable(args);
  const asked = readClient({ program, host, byDefault: 'localhost', servers: MONGO }, context);
  if (asked.asks !== 'process') return asked;
  const script = args.join(' ');
  if (script.includes('rs.status') || script.includes('replSetGetStatus') || script.includes('rs.conf')) {
    return reading('dependency', 'medium', `\`${program}\` asks for the state of the replica set, which hangs on other members.`);
  }
  if (script.includes('isMaster') || script.includes('hello()') || script.includes('ismaster')) {
    return reading('readiness', 'medium', `\`${program}\` asks which role this member has in its replica set.`);
  }
  return asked;
};
const MONGO_VALUED = [
  '--eval',
  '--host',
  '--port',
  '-u',
  '--username',
  '-p',
  '--password',
  '--authenticationDatabase',
  '--tlsCAFile',
  '--tlsCertificateKeyFile',
];
const isMongoAddress = (text: string): boolean =>
  text.startsWith('mongodb://') || text.startsWith('mongodb+srv://') || /^[\w.-]{1,253}(:\d{1,5})?\/\w{0,64}$/.test(text);

const cassandra: ProgramReader = (invocation, context) => {
  const { program, args } = invocation;
  const servers = ['cassandra', 'scylla', 'scylladb', 'dse-server', 'k8ssandra'];
  if (program === 'cqlsh') {
    const [host] = operands(args, ['-e', '--execute', '-u', '-p', '-f', '--username', '--password']);
    return readClient({ program, host: host ?? context.lookup('CQLSH_HOST'), byDefault: 'localhost', servers }, context);
  }
  const asked = readClient({ program, host: option(args, '-h', '--host'), byDefault: 'the own node by JMX', servers }, context);
  const [command] = operands(args, ['-h', '--host', '-p', '--port', '-u', '-pw']);
  const throughGrep = invocation.pipedInto.includes('grep') || invocation.pipedInto.includes('awk');
  if (asked.asks === 'process' && throughGrep && (command === 'status' || command === 'ring' || command === 'describecluster')) {
    return reading('dependency', 'low', `\`nodetool ${command}\` lists the whole ring: what is picked from it decides.`);
  }
  return asked;
};

const sqlClient =
  (names: readonly string[], servers: readonly string[], byDefault: string): ProgramReader =>
  ({ program, args }, context) => {
    const given = option(args, ...names);
    return readClient({ program, host: given === undefined ? undefined : readAddress(given).host, byDefault, servers }, context);
  };

const etcd: ProgramReader = ({ program, args, env }, context): ProgramReading | undefined => {
  const given =
    option(args, '--endpoints', '--endpoint', '-C') ?? env.get('ETCDCTL_ENDPOINTS') ?? context.lookup('ETCDCTL_ENDPOINTS');
  const place = given === undefined ? undefined : placeOf(readAddress(given).host, context);
  if (place?.place === 'other') return reading('dependency', place.confidence, `\`${program}\` asks the etcd at ${place.name}.`);
  const command = operands(args, ['--endpoints', '--cacert', '--cert', '--key', '--user']).join(' ');
  if (hasFlag(args, '--cluster') || command.startsWith('endpoint health') || command.startsWith('cluster-health')) {
    return reading(
      'dependency',
      'high',
      `\`etcdctl ${command.split(' ').slice(0, 2).join(' ')}\` reads through the quorum of the etcd cluster.`,
      {
        source: 'https://github.com/kubernetes/kubernetes/issues/97034',
        safeAlternative: '/livez (etcd 3.5.11 and later), or /health?serializable=true',
      },
    );
  }
  if (command.startsWith('member') || command.startsWith('get') || command.startsWith('put')) {
    return reading(
      'dependency',
      'medium',
      `\`etcdctl ${command.split(' ')[0] ?? ''}\` reads through the quorum of the etcd cluster.`,
    );
  }
  if (command.startsWith('endpoint status')) return reading('process', 'high', '`etcdctl endpoint status` asks its own member.');
  return undefined;
};

export const databasePrograms: ReadonlyMap<string, ProgramReader> = new Map<string, ProgramReader>([
  ...['pg_isready', 'psql', 'pg_dump', 'createdb'].map((name) => [name, postgres] as const),
  ...['mysql', 'mysqladmin', 'mariadb', 'mariadb-admin', 'mysqlcheck', 'mysqlshow', 'mysqlsh'].map(
    (name) => [name, mysql] as const,
  ),
  ...['redis-cli', 'valkey-cli', 'keydb-cli'].map((name) => [name, redis] as const),
  ...['mongo', 'mongosh', 'mongostat'].map((name) => [name, mongo] as const),
  ...['cqlsh', 'nodetool'].map((name) => [name, cassandra] as const),
  ['etcdctl', etcd],
  ['clickhouse-client', sqlClient(['-h', '--host'], ['clickhouse'], 'localhost')],
  ['sqlcmd', sqlClient(['-S'], ['mssql', 'azure-sql-edge'], 'localhost')],
  ['influx', sqlClient(['-host', '--host'], ['influxdb'], 'localhost')],
  ['cockroach', sqlClient(['--host'], ['cockroach'], 'localhost')],
  ['arangosh', sqlClient(['--server.endpoint'], ['arangodb'], 'localhost')],
  ['cypher-shell', sqlClient(['-a', '--address'], ['neo4j'], 'localhost')],
  ['ldapsearch', sqlClient(['-H', '-h'], ['openldap', '389ds', 'lldap', 'ldap'], 'localhost')],
  ['ldapwhoami', sqlClient(['-H', '-h'], ['openldap', '389ds', 'lldap', 'ldap'], 'localhost')],
]);
