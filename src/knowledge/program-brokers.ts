import { hasFlag, operands, option, placeOf, type ProgramReader, readAddress, readClient, reading } from './program.ts';

const RABBIT_DOCS = 'https://www.rabbitmq.com/docs/monitoring#health-checks';
const RABBIT_OWN = new Set([
  'ping',
  'status',
  'check_running',
  'check_port_connectivity',
  'check_port_listener',
  'check_protocol_listener',
  'check_virtual_hosts',
  'environment',
  'list_listeners',
  'listeners',
  'is_booting',
  'is_running',
  'os_env',
  'server_version',
  'erlang_version',
  'wait',
  'await_startup',
  'list_queues',
  'list_vhosts',
  'list_users',
  'list_connections',
  'node_health',
  'eval',
]);
const RABBIT_CLUSTER = new Set([
  'cluster_status',
  'alarms',
  'check_alarms',
  'check_local_alarms',
  'local_alarms',
  'node_health_check',
  'check_if_node_is_quorum_critical',
  'check_if_node_is_mirror_sync_critical',
  'check_if_cluster_has_classic_queue_mirroring_policy',
  'await_online_nodes',
  'check_certificate_expiration',
]);

const rabbit: ProgramReader = ({ program, args }, context) => {
  const node = option(args, '-n', '--node');
  const host = node?.includes('@') === true ? node.slice(node.indexOf('@') + 1) : undefined;
  const place = host === undefined ? undefined : placeOf(host, context);
  if (place?.place === 'other')
    return reading('dependency', place.confidence, `\`${program}\` asks the node at ${place.name}, not its own.`);
  const [command = ''] = operands(args, ['-n', '--node', '-t', '--timeout', '--longnames', '-p']);
  if (RABBIT_CLUSTER.has(command)) {
    return reading(
      'dependency',
      'high',
      `\`${program} ${command}\` fails on alarms or on the state of the cluster, which no restart mends.`,
      {
        source: RABBIT_DOCS,
        safeAlternative: '`rabbitmq-diagnostics -q ping`',
      },
    );
  }
  if (RABBIT_OWN.has(command)) {
    return reading('process', 'high', `\`${program} ${command}\` asks the own node.`, { source: RABBIT_DOCS });
  }
  return undefined;
};

const KAFKA_IMAGES = ['kafka', 'cp-kafka', 'redpanda', 'cp-server'];

const kafka: ProgramReader = ({ program, args }, context) => {
  const zookeeper = option(args, '--zookeeper');
  if (zookeeper !== undefined) return reading('dependency', 'high', `\`${program} --zookeeper\` asks ZooKeeper, not the broker.`);
  const broker = option(args, '--bootstrap-server', '--broker-list', '--bootstrap-controller', '-b');
  const host = broker === undefined ? undefined : readAddress(broker).host;
  const asked = readClient({ program, host, byDefault: 'the own broker', servers: KAFKA_IMAGES }, context);
  if (asked.asks !== 'process') return asked;
  const name = program.replace('.sh', '');
  if (name === 'kafka-broker-api-versions') return asked;
  return reading('dependency', 'medium', `\`${program}\` asks the broker for metadata of the whole cluster.`);
};

const zookeeper: ProgramReader = ({ program, args }, context) => {
  const [command] = operands(args);
  const given = option(args, '-server') ?? command;
  if (program.startsWith('zkServer')) {
    return command === 'status'
      ? reading('dependency', 'high', '`zkServer.sh status` fails while the ZooKeeper ensemble has no quorum.')
      : undefined;
  }
  const host = given === undefined || !(given.includes(':') || given.includes('.')) ? undefined : readAddress(given).host;
  const asked = readClient({ program, host, byDefault: 'localhost', servers: ['zookeeper'] }, context);
  return asked.asks === 'process'
    ? reading('dependency', 'medium', `\`${program}\` opens a session, which needs the quorum of the ensemble.`)
    : asked;
};

const celery: ProgramReader = ({ args }) => {
  const words = operands(args, ['-A', '--app', '-b', '--broker', '-d', '--destination', '--workdir', '-t', '--timeout']);
  if (!words.some((word) => word === 'inspect' || word === 'status' || word === 'control' || word === 'events')) return undefined;
  return reading(
    'dependency',
    'high',
    '`celery inspect` sends its question through the message broker and waits for the answer there.',
    {
      source: 'https://github.com/apache/airflow/issues/22378',
      safeAlternative: 'a file that the worker touches while it works',
    },
  );
};

const airflow: ProgramReader = ({ args }) => {
  const [group, command] = operands(args);
  if ((group === 'jobs' || group === 'db') && command?.startsWith('check') === true) {
    return reading('dependency', 'high', `\`airflow ${group} ${command}\` reads heartbeats from the metadata database.`, {
      source:
        'https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/check-health.html',
    });
  }
  if (group === 'celery') return reading('dependency', 'high', '`airflow celery` asks through the message broker.');
  return undefined;
};

const consul: ProgramReader = ({ args }, context) => {
  const [command = '', sub = ''] = operands(args, ['-http-addr', '-token']);
  const address = option(args, '-http-addr');
  const place = address === undefined ? undefined : placeOf(readAddress(address).host, context);
  if (place?.place === 'other') return reading('dependency', place.confidence, `\`consul\` asks the agent at ${place.name}.`);
  if (command === 'operator')
    return reading('dependency', 'high', `\`consul operator ${sub}\` needs the leader of the Raft cluster.`);
  if (command === 'members' || command === 'info')
    return reading('process', 'medium', `\`consul ${command}\` asks the own agent.`);
  if (command === 'kv' || command === 'catalog')
    return reading('dependency', 'medium', `\`consul ${command}\` asks the Consul servers.`);
  return undefined;
};

const vault: ProgramReader = ({ args }, context) => {
  const [command] = operands(args, ['-address']);
  const address = option(args, '-address') ?? context.lookup('VAULT_ADDR');
  const place = address === undefined ? undefined : placeOf(readAddress(address).host, context);
  if (place?.place === 'other') return reading('dependency', place.confidence, `\`vault\` asks the server at ${place.name}.`);
  if (command !== 'status') return undefined;
  return reading(
    'readiness',
    'medium',
    '`vault status` fails while the server is sealed, and a restarted server is sealed again.',
    {
      source: 'https://developer.hashicorp.com/vault/docs/commands/status',
    },
  );
};

const kcat: ProgramReader = ({ program, args }, context) => {
  const broker = option(args, '-b');
  const place = broker === undefined ? undefined : placeOf(readAddress(broker).host, context);
  if (place?.place === 'self')
    return reading('dependency', 'low', `\`${program}\` asks the own broker for metadata of the whole cluster.`);
  return reading('dependency', 'high', `\`${program}\` asks the Kafka broker${place === undefined ? '' : ` at ${place.name}`}.`);
};

const pulsarAdmin: ProgramReader = ({ args }) =>
  operands(args).includes('healthcheck')
    ? reading('dependency', 'medium', '`pulsar-admin brokers healthcheck` sends a message through bookies and metadata store.')
    : undefined;

const rpk: ProgramReader = ({ args }) =>
  hasFlag(args, 'health')
    ? reading('dependency', 'high', '`rpk cluster health` asks about the whole Redpanda cluster.')
    : undefined;

const dagster: ProgramReader = ({ args }, context) => {
  const [group, command] = operands(args, ['-h', '--host', '-p', '--port']);
  if (group !== 'api' || command !== 'grpc-health-check') return undefined;
  const servers = ['dagster'];
  return readClient(
    { program: 'dagster', host: option(args, '-h', '--host'), byDefault: 'its own gRPC server', servers },
    context,
  );
};

/** Through its admin socket, a Ceph daemon is asked about itself; without one, the monitors about the cluster. */
const ceph: ProgramReader = ({ args }) =>
  hasFlag(args, '--admin-daemon', 'daemon')
    ? reading('process', 'high', '`ceph --admin-daemon` asks the own daemon through its socket.')
    : reading('dependency', 'high', '`ceph` asks the monitors of the cluster.');

/** Beats and Logstash: `test output` connects to where they send. */
const beat: ProgramReader = ({ program, args }) => {
  const [command, about] = operands(args);
  if (command !== 'test') return undefined;
  return about === 'output'
    ? reading('dependency', 'high', `\`${program} test output\` connects to the system that it sends to.`)
    : reading('process', 'high', `\`${program} test config\` looks at its own configuration.`);
};

const mosquitto: ProgramReader = ({ program, args }, context) => {
  const servers = ['mosquitto', 'emqx', 'vernemq', 'hivemq'];
  return readClient({ program, host: option(args, '-h', '--host'), byDefault: 'localhost', servers }, context);
};

/** Clients that are told the server's address by `--address`, and ask it about its cluster at most. */
const addressed =
  (byDefault: string, servers: readonly string[]): ProgramReader =>
  ({ program, args, env }, context) => {
    const given = option(args, '--address', '-address') ?? env.get('TEMPORAL_ADDRESS') ?? context.lookup('TEMPORAL_ADDRESS');
    return readClient({ program, host: given === undefined ? undefined : readAddress(given).host, byDefault, servers }, context);
  };

/** What these tell comes from the whole cluster, wherever they run. */
const aboutCluster: ProgramReader = ({ program }) =>
  reading('dependency', 'medium', `\`${program}\` asks about other members of its cluster.`);

/** `arq --check` reads, in Redis, the sign of life that the worker leaves there; `rq info` lists workers and queues from it. */
const redisWorker: ProgramReader = ({ program, args }) =>
  hasFlag(args, '--check') || args[0] === 'info'
    ? reading('dependency', 'high', `\`${program}\` reads the state of the workers from Redis.`, {
        source:
          program === 'arq'
            ? 'https://github.com/python-arq/arq/blob/main/arq/worker.py'
            : 'https://python-rq.org/docs/monitoring/',
        safeAlternative: 'a file that the worker touches while it works',
      })
    : undefined;

const KAFKA_TOOLS = [
  'topics',
  'broker-api-versions',
  'consumer-groups',
  'metadata-quorum',
  'configs',
  'console-consumer',
  'console-producer',
  'cluster',
  'features',
];

export const brokerPrograms: ReadonlyMap<string, ProgramReader> = new Map<string, ProgramReader>([
  ...['rabbitmqctl', 'rabbitmq-diagnostics', 'rabbitmq-queues', 'rabbitmq-upgrade'].map((name) => [name, rabbit] as const),
  ...KAFKA_TOOLS.flatMap((name) => [[`kafka-${name}`, kafka] as const, [`kafka-${name}.sh`, kafka] as const]),
  ...['zkServer.sh', 'zkServer', 'zkCli.sh', 'zookeeper-shell', 'zookeeper-shell.sh'].map((name) => [name, zookeeper] as const),
  ['celery', celery],
  ['arq', redisWorker],
  ['rq', redisWorker],
  ['dagster', dagster],
  ['temporal', addressed('its own frontend', ['temporal', 'temporalio/server', 'temporalio/auto-setup'])],
  ['tctl', addressed('its own frontend', ['temporal', 'temporalio/server', 'temporalio/auto-setup'])],
  ['nomad', addressed('the own agent', ['nomad'])],
  ...['patronictl', 'repmgr', 'pcp_node_info', 'pcp_watchdog_info', 'cub'].map((name) => [name, aboutCluster] as const),
  ['ceph', ceph],
  ...['filebeat', 'metricbeat', 'heartbeat', 'packetbeat', 'auditbeat'].map((name) => [name, beat] as const),
  ...['mosquitto_sub', 'mosquitto_pub'].map((name) => [name, mosquitto] as const),
  ['airflow', airflow],
  ['consul', consul],
  ['vault', vault],
  ['bao', vault],
  ['kcat', kcat],
  ['kafkacat', kcat],
  ['pulsar-admin', pulsarAdmin],
  ['rpk', rpk],
]);
