import { describe, expect, it } from 'vitest';
import type { Asks, Confidence } from '../../src/core/verdict.ts';
import { judgeCommand, judgeScript } from './pod.ts';

const fieldRef = (name: string, fieldPath: string): object => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const secret = (name: string): object => ({ name, valueFrom: { secretKeyRef: { name: 's', key: 'k' } } });

type Case = readonly [
  command: string | readonly string[],
  asks: Asks,
  confidence: Confidence | '',
  image?: string,
  env?: readonly object[],
];

function expectAll(cases: readonly Case[]): void {
  for (const [command, asks, confidence, image, env] of cases) {
    const shown = JSON.stringify(command).slice(0, 120);
    it(`${shown} in ${image ?? 'any image'} asks ${asks} ${confidence}`, () => {
      const verdict = typeof command === 'string' ? judgeScript(command, image, env) : judgeCommand(command, image, env);
      expect(verdict.asks).toBe(asks);
      if (confidence !== '') expect(verdict.confidence).toBe(confidence);
      expect(verdict.evidence).toMatch(/^\P{C}{1,200}$/u);
    });
  }
}

describe('a client asks the server that it is pointed at', () => {
  expectAll([
    [['pg_isready', '-U', 'postgres'], 'process', 'high', 'postgres:16'],
    [['pg_isready', '-U', 'postgres'], 'process', 'high', 'registry.example.com:5000/team/postgresql16@sha256:0123'],
    [['pg_isready', '-h', 'db.example.com'], 'dependency', 'high'],
    [['pg_isready', '-hdb'], 'dependency', 'high'],
    [['pg_isready', '--host=db'], 'dependency', 'high'],
    [['pg_isready'], 'dependency', 'high', 'example/api', [{ name: 'PGHOST', value: 'pg-rw.data.svc' }]],
    [['pg_isready', '-h', '/var/run/postgresql'], 'process', '', 'postgres:16'],
    [['psql', 'postgresql://app@db.internal:5432/app', '-c', 'select 1'], 'dependency', 'high'],
    [['psql', '-h', '127.0.0.1', '-p', '9999', '-c', 'select 1'], 'dependency', 'medium', 'example/pgpool:4'],
    [['mysqladmin', 'ping'], 'process', 'high', 'percona:8'],
    [['mysqladmin', 'ping', '-hmysql.default.svc'], 'dependency', 'high'],
    [
      'mysql -nNE -e "SHOW GLOBAL STATUS LIKE \'wsrep_cluster_status\'" | grep -q Primary',
      'dependency',
      'high',
      'percona-xtradb-cluster',
    ],
    [['redis-cli', 'ping'], 'process', 'high', 'redis:7'],
    [['redis-cli', '-u', 'redis://cache.example.com:6379', 'ping'], 'dependency', 'high'],
    ['redis-cli -h redis-master -a $REDIS_PASSWORD ping', 'dependency', 'high', 'redis:7'],
    [
      ['mongosh', 'mongodb://mongo-0.mongo,mongo-1.mongo/app?replicaSet=rs0', '--eval', 'db.runCommand("ping")'],
      'dependency',
      'high',
    ],
    [['mongosh', '--eval', "db.adminCommand('ping')"], 'process', 'high', 'mongo:7'],
    [['cqlsh', 'cassandra.data.svc', '-e', 'describe cluster'], 'dependency', 'high'],
    [['etcdctl', 'endpoint', 'health'], 'dependency', 'high', 'etcd:3.5'],
    [['etcdctl', 'endpoint', 'status'], 'process', 'high', 'etcd:3.5'],
    [['kafka-topics.sh', '--bootstrap-server', 'kafka:9092', '--list'], 'dependency', 'high'],
    [['kafka-broker-api-versions.sh', '--bootstrap-server', 'localhost:9092'], 'process', 'high', 'example/kafka:3'],
    [['rabbitmq-diagnostics', '-q', 'ping'], 'process', 'high', 'rabbitmq:3'],
    [['rabbitmq-diagnostics', '-q', 'check_local_alarms'], 'dependency', 'high', 'rabbitmq:3'],
    [['rabbitmqctl', 'cluster_status'], 'dependency', 'high', 'rabbitmq:3'],
    [['consul', 'operator', 'raft', 'list-peers'], 'dependency', 'high', 'consul'],
    [['zkServer.sh', 'status'], 'dependency', 'high', 'zookeeper:3'],
    [['celery', '-A', 'app', 'inspect', 'ping', '-d', 'celery@x'], 'dependency', 'high'],
    [['airflow', 'jobs', 'check', '--local'], 'dependency', 'high', 'apache/airflow:2'],
    [['kubectl', 'get', 'nodes'], 'dependency', 'high'],
    [['kubectl', 'version', '--client'], 'process', 'high'],
    [['df', '-h', '/data'], 'resource', 'medium'],
    [['cat', '/tmp/healthy'], 'process', 'high'],
    [['pgrep', '-f', 'kafka'], 'process', 'high'],
  ]);
});

describe('a host is told from what the manifest shows', () => {
  expectAll([
    ['pg_isready -h $POD_IP', 'process', '', 'postgres', [fieldRef('POD_IP', 'status.podIP')]],
    ['redis-cli -h $(hostname) ping', 'process', 'high', 'redis'],
    ['redis-cli -h "$HOSTNAME.redis-headless" ping', 'process', 'high', 'redis'],
    ['pg_isready -h $DB_HOST', 'dependency', 'medium', 'example/api', [secret('DB_HOST')]],
    ['pg_isready -h $DB_HOST', 'process', '', 'example/all-in-one', [{ name: 'DB_HOST', value: '127.0.0.1' }]],
    [['pg_isready', '-h', '$(DB_HOST)'], 'dependency', 'high', 'example/api', [{ name: 'DB_HOST', value: 'db.example.com' }]],
    ['pg_isready -h ${DB_HOST:-localhost}', 'process', '', 'postgres'],
    ['pg_isready -h $SOMEWHERE', 'unknown', 'low', 'example/api', [secret('SOMEWHERE')]],
    ['HOST=db; pg_isready -h $HOST', 'dependency', 'high'],
    ['PGHOST=db pg_isready', 'dependency', 'high'],
    ['curl -f http://$MYAPP_SERVICE_HOST:8080/livez', 'dependency', 'medium'],
    ['curl -k https://$NODE_IP:10250/healthz', 'dependency', 'high', 'example/agent', [fieldRef('NODE_IP', 'status.hostIP')]],
  ]);
});

describe('HTTP and TCP clients are read as probes of their own', () => {
  expectAll([
    [['curl', '-f', 'http://localhost:8080/actuator/health'], 'aggregate', 'high'],
    [['curl', '-fsS', 'http://127.0.0.1:8080/actuator/health/liveness'], 'process', 'high'],
    [['curl', '-f', '-o', '/dev/null', 'localhost:8080/health/ready'], 'readiness', 'high'],
    ['wget -qO- http://orders.shop.svc.cluster.local/health', 'dependency', 'high'],
    ['wget --spider -q http://localhost:15672/api/healthchecks/node', 'dependency', 'high', 'rabbitmq:3-management'],
    [['curl', '--unix-socket', '/var/run/app.sock', 'http://x/livez'], 'process', ''],
    ['if [[ $(curl -s https://example.com) ]]; then exit 0; else exit $?; fi', 'dependency', 'high'],
    ['nc -z localhost 8080', 'process', 'high'],
    ['nc -z -w2 $DATABASE_HOST 5432', 'dependency', 'medium', 'example/app', [secret('DATABASE_HOST')]],
    [['bash', '-c', 'timeout 2 bash -c "</dev/tcp/rabbitmq/5672"'], 'dependency', 'high'],
    [['bash', '-c', '</dev/tcp/localhost/8080'], 'process', 'high'],
    ['echo ruok | timeout 2 nc -w 2 localhost 2181 | grep imok', 'process', 'high', 'zookeeper'],
    ['echo mntr | nc localhost 2181 | grep zk_server_state', 'dependency', 'medium', 'zookeeper'],
    [['wait-for-it.sh', 'kafka:9092', '-t', '1'], 'dependency', 'high'],
    [['grpc_health_probe', '-addr=:50051'], 'process', ''],
    [['grpc_health_probe', '-addr=:50051', '-service=readiness'], 'readiness', 'high'],
    [['grpc_health_probe', '-addr=payments:50051'], 'dependency', 'high'],
    [['nslookup', 'kubernetes.default'], 'dependency', 'high'],
    [['dig', '@127.0.0.1', 'example.com'], 'process', 'medium'],
    [['getent', 'hosts', 'db'], 'dependency', 'high'],
    [['ping', '-c1', 'gateway.internal'], 'dependency', 'high'],
  ]);
});

describe('addresses stand in many places', () => {
  expectAll([
    ['psql "$DATABASE_URL" -c "select 1"', 'dependency', 'medium', 'example/api'],
    ['pg_isready -d ${DATABASE_URL}', 'dependency', 'medium', 'example/api'],
    ['psql "$DATABASE_URL" -c "select 1"', 'unknown', 'low', 'postgres:16'],
    ['psql -U $POSTGRES_USER -d $POSTGRES_DB -c "select 1"', 'process', 'high', 'postgres:16'],
    ['mongosh "$MONGO_URI" --eval "db.ping()"', 'dependency', 'medium', 'example/api'],
    ['kafka-broker-api-versions.sh --bootstrap-server $KAFKA_BROKERS', 'dependency', 'medium', 'example/api'],
    ['openssl s_client -connect db:5432', 'dependency', 'high'],
    ['openssl s_client -connect localhost:8443', 'process', 'high'],
    ['openssl x509 -checkend 0 -in /tls/tls.crt', 'process', 'high'],
    [['python', '-c', "import socket; socket.create_connection(('db', 5432))"], 'dependency', 'high'],
    [['python', '-c', "import socket; socket.create_connection(('localhost', 80))"], 'process', 'medium'],
    [['node', '-e', "require('http').get('http://localhost:3000/ready')"], 'readiness', 'medium'],
    [
      ['node', '-e', "require('http').get('http://localhost:3000/ready', r => process.exit(r.statusCode === 200 ? 0 : 1))"],
      'readiness',
      'high',
    ],
    [['alembic', 'current'], 'dependency', 'high'],
    [['flask', 'db', 'current'], 'dependency', 'high'],
    [['npx', 'prisma', 'migrate', 'status'], 'dependency', 'high'],
  ]);
});

describe('what stands around a program is taken off', () => {
  expectAll([
    [['/bin/sh', '-c', 'exec pg_isready -h db'], 'dependency', 'high'],
    [['env', '-i', 'A=b', 'timeout', '-s', 'KILL', '5', 'gosu', 'app', 'pg_isready', '-h', 'db'], 'dependency', 'high'],
    [['bash', '-o', 'pipefail', '-ec', 'pg_isready -h db | grep accepting'], 'dependency', 'high'],
    [['tini', '--', 'sh', '-c', 'su app -c "pg_isready -h db"'], 'dependency', 'high'],
    [['dumb-init', '--', '/entrypoint', 'python', '-m', 'celery', 'inspect', 'ping'], 'dependency', 'high'],
    [['bundle', 'exec', 'sidekiqmon', 'processes'], 'dependency', 'high'],
    [['python', 'manage.py', 'check', '--database', 'default'], 'dependency', 'high'],
    [['python', 'manage.py', 'check'], 'process', 'medium'],
    [['python', '-c', 'import requests; requests.get("http://localhost:8080/ready").raise_for_status()'], 'readiness', 'high'],
    [['python', '-c', 'import psycopg2; psycopg2.connect("db")'], 'dependency', 'high'],
    [['php', 'artisan', 'migrate:status'], 'dependency', 'high'],
    [['bin/rails', 'runner', 'ActiveRecord::Base.connection.execute("select 1")'], 'dependency', 'high'],
  ]);
});

describe('parts are put together', () => {
  expectAll([
    ['curl -fs localhost:8080/livez && nc -z redis 6379', 'dependency', 'high'],
    ['pg_isready -h db || exit 1', 'dependency', 'high'],
    ['pg_isready -h db || test -f /tmp/maintenance', 'dependency', 'medium'],
    ['[[ -e /tmp/in-init ]] || exec pg_isready', 'process', '', 'postgres'],
    ['res=$(redis-cli ping); [ "$res" = PONG ]', 'process', 'high', 'redis'],
    ['check() { pg_isready -h db; }; check', 'dependency', 'high'],
    ['pg_isready -h db || exit 0', 'process', 'high'],
    ['if ! pg_isready -h db; then exit 1; fi', 'dependency', 'high'],
  ]);
});

describe('what cannot be told is unknown, with the reason', () => {
  expectAll([
    [['/usr/local/bin/check.sh'], 'unknown', 'low'],
    [['/app', 'health'], 'unknown', 'low'],
    [['$CHECK'], 'unknown', 'low'],
    [[], 'unknown', 'low'],
    ['(((', 'unknown', 'low'],
    [['sh', '-c', 'x'.repeat(20_000)], 'unknown', 'low'],
    [['/kiam', 'health', '--server-address=kiam-server:443'], 'dependency', 'medium'],
    [['/usr/local/bin/check-db.sh'], 'dependency', 'medium'],
    [['/scripts/readiness.sh'], 'readiness', 'medium'],
  ]);
});
