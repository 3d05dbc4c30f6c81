import type { Asks, Confidence } from '../core/verdict.ts';
import type { RequestPath } from './path-pattern.ts';
import { quoted } from './sentence.ts';

/** What the words of a path say, where nothing better is known. */
export interface WordReading {
  readonly asks: Asks;
  readonly confidence: Confidence;
  readonly evidence: string;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const LIVE = words('livenessprobe livenesscheck livecheck live livez liveness liveliness livenessstate alive isalive aliveness');
const PROCESS = words(
  'ping pong heartbeat healthy version buildinfo self noop shallow bare static favicon robots lbheartbeat lbping',
);
/** Endings of files that servers keep on disk. */
const FILES = words('html htm txt ico png svg css js gif');
const READY = words(
  'ready readyz readiness isready readinessstate readycheck readinesscheck readinessprobe readyprobe readyness',
);
const HEALTH = words(
  'health healthz healthcheck healthchecks check checks checkz status statusz hc ping test probe monitor live ready up',
);
/** Systems that a process cannot hold in itself. */
const SYSTEMS = words(
  'db database databases postgres postgresql mysql mariadb mssql jdbc datasource r2dbc mongo mongodb redis valkey memcached kafka ' +
    'rabbit rabbitmq amqp jms sqs dynamodb cassandra elasticsearch opensearch ldap smtp zookeeper celery s3 etcd ' +
    'dependencies dependency deps downstream downstreams upstream upstreams',
);
/** Words that more often mean another system than not. */
const LIKELY_SYSTEMS = words(
  'sql oracle pg mq queue queues broker pubsub nats elastic clickhouse neo4j external integrations migrations zk mail dns',
);
const DEEP = words(
  'deep deepcheck full all detailed details comprehensive extended aggregate composite complete deephealth readinessandliveness',
);
const CLUSTER = words('cluster quorum leader peers');

export function readWords({ path, segments, query }: RequestPath): WordReading | undefined {
  const parts = segments.map((segment) => ({ whole: squeezed(segment), tokens: tokensOf(segment) }));
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  const shown = quoted(path);
  const byQuery = readQueryWords(query, shown);
  if (byQuery !== undefined) return byQuery;

  const isLive = LIVE.has(last.whole) || last.tokens.some((token) => LIVE.has(token));
  const isReady = READY.has(last.whole) || last.tokens.some((token) => READY.has(token));
  // The first of several segments is usually the name of the app: `/redis/health`.
  const telling = parts.slice(parts.length > 1 ? 1 : 0).flatMap(({ tokens }) => tokens);
  const asksHealth = parts.some(({ whole, tokens }) => HEALTH.has(whole) || tokens.some((token) => HEALTH.has(token)));
  if (!isLive && !isReady) {
    const system = telling.find((token) => SYSTEMS.has(token));
    if (system !== undefined && asksHealth) return says('dependency', 'high', shown, `asks about \`${system}\``);
    const likely = system ?? telling.find((token) => LIKELY_SYSTEMS.has(token));
    if (likely !== undefined && asksHealth) return says('dependency', 'medium', shown, `asks about \`${likely}\``);
    const deep = last.tokens.find((token) => DEEP.has(token));
    if (deep !== undefined && asksHealth)
      return says('aggregate', 'medium', shown, `is the \`${deep}\` check, not the plain one`);
    const cluster = last.tokens.find((token) => CLUSTER.has(token));
    if (cluster !== undefined && asksHealth) return says('dependency', 'medium', shown, `asks about the ${cluster}`);
  }
  if (READY.has(last.whole)) return says('readiness', 'high', shown, 'is by its name the readiness endpoint');
  if (isReady && !isLive) return says('readiness', 'medium', shown, 'is by its name about readiness');
  if (isLive) return says('process', 'medium', shown, 'is by its name a liveness endpoint');
  if (parts.length > 1 && parts.slice(-2, -1).some(({ whole }) => READY.has(whole))) {
    return says('readiness', 'medium', shown, 'is below the readiness endpoint');
  }
  if (FILES.has(last.tokens.at(-1) ?? '') && last.tokens.length > 1)
    return says('process', 'low', shown, 'is a file that the server has at hand');
  if (PROCESS.has(last.whole) || last.tokens.some((token) => PROCESS.has(token))) {
    return says('process', 'low', shown, 'is by its name a plain sign of life');
  }
  return undefined;
}

const says = (asks: Asks, confidence: Confidence, path: string, what: string): WordReading => ({
  asks,
  confidence,
  evidence: `The path ${path} ${what}.`,
});

const YES = words('1 true yes on');

function readQueryWords(query: RequestPath['query'], path: string): WordReading | undefined {
  for (const [rawName, rawValue] of query) {
    const name = rawName.toLowerCase();
    const value = rawValue.toLowerCase();
    const shown = quoted(`${path}?${rawName}=${rawValue}`);
    if (READY.has(squeezed(name)) && (value === '' || YES.has(value)))
      return says('readiness', 'high', shown, 'asks for readiness');
    if (name === 'type' || name === 'probe' || name === 'kind' || name === 'check' || name === 'checks' || name === 'include') {
      if (LIVE.has(squeezed(value)) || value === 'self') return says('process', 'medium', shown, 'asks for liveness only');
      if (READY.has(squeezed(value))) return says('readiness', 'high', shown, 'asks for readiness');
      if (tokensOf(value).some((token) => SYSTEMS.has(token))) return says('dependency', 'high', shown, 'names another system');
      if (value === 'all' || value === '*') return says('aggregate', 'medium', shown, 'asks for every check');
    }
    if ((name === 'full' || name === 'deep' || name === 'all' || name === 'detailed') && (value === '' || YES.has(value))) {
      return says('aggregate', 'medium', shown, 'asks for the full check');
    }
    if (SYSTEMS.has(name) && YES.has(value)) return says('dependency', 'high', shown, 'names another system');
  }
  return undefined;
}

/** `is_ready`, `isReady` and `is-ready` are one word. */
const squeezed = (segment: string): string => segment.toLowerCase().replaceAll(/[-_.]/g, '');

function tokensOf(segment: string): string[] {
  const tokens: string[] = [];
  let token = '';
  for (const symbol of segment.slice(0, 128)) {
    const isSeparator = symbol === '-' || symbol === '_' || symbol === '.' || symbol === ':';
    const isUpper = symbol >= 'A' && symbol <= 'Z';
    if ((isSeparator || isUpper) && token !== '' && (isSeparator || token.at(-1) !== token.at(-1)?.toUpperCase())) {
      tokens.push(token.toLowerCase());
      token = '';
    }
    if (!isSeparator) token += symbol;
  }
  return token === '' ? tokens : [...tokens, token.toLowerCase()];
}
