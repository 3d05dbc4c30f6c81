/** Commands that people put into probes of a server's own image. What each asks is for the reader of commands to say. */
export const USUAL_COMMANDS: readonly { readonly images: readonly string[]; readonly commands: readonly string[] }[] = [
  {
    images: ['postgres', 'postgresql', 'timescaledb', 'postgis', 'pgvector'],
    commands: ['pg_isready -U postgres', 'pg_isready -h primary'],
  },
  {
    images: ['mysql', 'mariadb', 'percona'],
    commands: ['mysqladmin ping', 'mysqladmin ping -h primary', 'mysql -e "SHOW STATUS LIKE \'wsrep_cluster_status\'"'],
  },
  { images: ['redis', 'valkey', 'keydb', 'dragonfly'], commands: ['redis-cli ping', 'redis-cli -h redis-master ping'] },
  { images: ['mongo', 'mongodb'], commands: ['mongosh --eval "db.adminCommand(\'ping\')"', 'mongosh --eval "rs.status()"'] },
  {
    images: ['rabbitmq'],
    commands: ['rabbitmq-diagnostics -q ping', 'rabbitmq-diagnostics check_local_alarms', 'rabbitmqctl cluster_status'],
  },
  { images: ['kafka'], commands: ['kafka-broker-api-versions.sh --bootstrap-server localhost:9092'] },
  { images: ['zookeeper'], commands: ['echo ruok | nc localhost 2181', 'zkServer.sh status'] },
  { images: ['cassandra', 'scylla'], commands: ['nodetool status'] },
  { images: ['etcd'], commands: ['etcdctl endpoint health'] },
  {
    images: ['elasticsearch', 'opensearch'],
    commands: ['curl -sf http://localhost:9200/_cluster/health', 'curl -sf http://localhost:9200'],
  },
  { images: ['clickhouse', 'clickhouse-server'], commands: ['clickhouse-client --query "SELECT 1"'] },
];
