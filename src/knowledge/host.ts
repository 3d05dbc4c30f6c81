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
  /** Medium where only the name of a variable tells: its value is not in the manifest. */
  readonly confidence: 'high' | 'medium';
}

export function readHost(text: string, container: Container, pod: PodSpec): HostReading {
  const host = bare(text).slice(0, 253);
  if (host.includes(OWN_POD)) return self('the own pod');
  if (host.includes(OWN_NODE)) {
    const own = pod.hostNetwork || container.ports.some((port) => port.hostPort !== undefined);
    return own ? self('the own node') : { place: 'other', name: 'the node that it runs on', confidence: 'high' };
  }
  if (isLoopback(host)) return self(host === '' ? 'localhost' : host);
  if (host.startsWith('/') || host.toLowerCase().includes('%2f')) return self('a local socket');
  const variable = variableIn(host);
  if (variable !== undefined) {
    const place = namesOtherHost(variable) ? 'other' : 'unknown';
    // Kubernetes itself sets this one in every container.
    return { place, name: `$${variable}`, confidence: variable === 'KUBERNETES_SERVICE_HOST' ? 'high' : 'medium' };
  }
  const alias = pod.hostAliases?.get(host.toLowerCase());
  if (alias !== undefined && isLoopback(alias)) return self(`${host} (${alias} by the pod's hostAliases)`);
  if (pod.hostNetwork && isOwnLinkLocal(host)) return self(host);
  return { place: 'other', name: host, confidence: 'high' };
}

const self = (name: string): HostReading => ({ place: 'self', name, confidence: 'high' });

const LOOPBACK_NAMES = new Set([
  '',
  'localhost',
  'localhost.localdomain',
  'localhost4',
  'localhost6',
  'localhost6.localdomain6',
  'ip6-localhost',
  'ip6-loopback',
  '[::1]',
  '[::]',
  '0.0.0.0',
]);

function isLoopback(host: string): boolean {
  const name = canonical(host.toLowerCase());
  return (
    LOOPBACK_NAMES.has(name) ||
    name.endsWith('.localhost') ||
    /^127\.[\d.]{1,12}$/.test(name) ||
    // IPv4 in IPv6, as the URL standard writes it.
    /^\[::ffff:(?:7f[\da-f]{2}:[\da-f]{1,4}|0:0)\]$/.test(name)
  );
}

/** Addresses have many spellings (`2130706433`, `0x7f.1`, `::ffff:127.0.0.1`): the URL standard has one for each. */
function canonical(host: string): string {
  const name = host.endsWith('.') ? host.slice(0, -1) : host;
  if (name.includes(':')) return URL.parse(`http://[${name}]/`)?.hostname ?? name;
  return /^\d/.test(name) ? (URL.parse(`http://${name}/`)?.hostname ?? name) : name;
}

/**
 * A link-local address is never routed, so that on the node's network it is one that a program gave itself, as node-local DNS does;
 * but 169.254.169.0/24 and 169.254.170.0/24, where clouds serve their metadata and credentials.
 */
const isOwnLinkLocal = (host: string): boolean =>
  /^169\.254\.\d{1,3}\.\d{1,3}$/.test(host) && !host.startsWith('169.254.169.') && !host.startsWith('169.254.170.');

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
const PLACES = new Set(
  'HOST HOSTNAME URL URI DSN ADDR ADDRESS SERVER SERVERS ENDPOINT ENDPOINTS NODES CONNECTION BROKER BROKERS BOOTSTRAP'.split(' '),
);

/** Does the name of a variable say that it holds the address of another system? `DB_HOST`, `ORDERS_SERVICE_HOST`, `REDIS_URL`. */
function namesOtherHost(variable: string): boolean {
  const name = variable.toUpperCase();
  if (name === 'PGHOST' || name === 'PGHOSTADDR' || name.endsWith('_SERVICE_HOST') || name.endsWith('_TCP_ADDR')) return true;
  const words = name.split('_');
  return words.some((word) => SYSTEMS.has(word)) && words.some((word) => PLACES.has(word));
}
