import type { Container, PodSpec } from '../core/container.ts';

/** Stands for the pod's own address or name wherever a text was put together from it: no host name can hold it. */
export const OWN_POD = '\uE000';
/** Stands for the node's address. */
export const OWN_NODE = '\uE001';

/**
 * Where a host is, seen from the container.
 *
 * self     the own pod
 * other    another pod, a Service, something outside
 * unknown  it comes from where a manifest does not show
 */
export interface HostReading {
  readonly place: 'self' | 'other' | 'unknown';
  /** The host in words, for the evidence. */
  readonly name: string;
}

export function readHost(text: string, container: Container, pod: PodSpec): HostReading {
  const host = bare(text).slice(0, 253);
  if (host.includes(OWN_POD)) return { place: 'self', name: 'the own pod' };
  if (host.includes(OWN_NODE)) {
    const own = pod.hostNetwork || container.ports.some((port) => port.hostPort !== undefined);
    return own ? { place: 'self', name: 'the own node' } : { place: 'other', name: 'the node that it runs on' };
  }
  if (isLoopback(host)) return { place: 'self', name: host === '' ? 'localhost' : host };
  if (host.startsWith('/') || host.toLowerCase().includes('%2f')) return { place: 'self', name: 'a local socket' };
  const variable = variableIn(host);
  if (variable === undefined) return { place: 'other', name: host };
  return namesOtherHost(variable) ? { place: 'other', name: `$${variable}` } : { place: 'unknown', name: `$${variable}` };
}

function isLoopback(host: string): boolean {
  const name = bare(host).toLowerCase();
  return (
    name === '' ||
    name === 'localhost' ||
    name === 'localhost.localdomain' ||
    name === '::1' ||
    name === '0:0:0:0:0:0:0:1' ||
    name === '0.0.0.0' ||
    name === '::' ||
    name.endsWith('.localhost') ||
    (name.startsWith('127.') && /^127\.[\d.]{1,12}$/.test(name))
  );
}

const bare = (host: string): string =>
  (host.startsWith('[') && host.includes(']') ? host.slice(1, host.indexOf(']')) : host).trim();

/** `$NAME` and `${NAME}`; a `$` that is followed by anything else is some other computation, named as it stands. */
function variableIn(host: string): string | undefined {
  const at = host.indexOf('$');
  if (at < 0) return undefined;
  return /^\$[{(]?([A-Za-z_][A-Za-z0-9_]{0,100})/.exec(host.slice(at))?.[1] ?? '(…)';
}

const SYSTEMS = new Set(
  (
    'DB DATABASE PG POSTGRES POSTGRESQL PGSQL MYSQL MARIADB MSSQL SQL ORACLE MONGO MONGODB REDIS VALKEY MEMCACHE MEMCACHED KAFKA ' +
    'BROKER BROKERS BOOTSTRAP RABBIT RABBITMQ RMQ AMQP NATS ELASTIC ELASTICSEARCH ES OPENSEARCH CASSANDRA SCYLLA ZOO ZOOKEEPER ZK ' +
    'ETCD VAULT CONSUL S3 MINIO LDAP SMTP UPSTREAM BACKEND MASTER PRIMARY LEADER SENTINEL CLICKHOUSE PGHOST'
  ).split(' '),
);
const PLACES = new Set('HOST HOSTNAME URL URI DSN ADDR ADDRESS SERVER SERVERS ENDPOINT ENDPOINTS NODES CONNECTION'.split(' '));

/** Does the name of a variable say that it holds the address of another system? `DB_HOST`, `ORDERS_SERVICE_HOST`, `REDIS_URL`. */
function namesOtherHost(variable: string): boolean {
  const name = variable.toUpperCase();
  if (name === 'PGHOST' || name === 'PGHOSTADDR' || name.endsWith('_SERVICE_HOST') || name.endsWith('_TCP_ADDR')) return true;
  const words = name.split('_');
  return words.some((word) => SYSTEMS.has(word)) && words.some((word) => PLACES.has(word));
}
