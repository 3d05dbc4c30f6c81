import type { Container } from '../core/container.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Lookup } from './environment.ts';

/** How a request is made, as far as it changes what it asks. */
export interface Asking {
  /** Something reads the body of the answer; a probe of its own only sees the status. */
  readonly bodyCounts: boolean;
}

type Setting = (container: Container, lookup: Lookup, asking: Asking) => Partial<Verdict> | undefined;

/** A cluster of one has no other member to lose: its state is that of the own process. */
const singleNode: Setting = (container, lookup) => {
  const type = lookup('discovery.type') ?? lookup('DISCOVERY_TYPE');
  const single = type === 'single-node' || wordsOf(container).some((word) => word.endsWith('discovery.type=single-node'));
  return single
    ? {
        asks: 'process',
        confidence: 'medium',
        evidence: 'discovery.type is single-node: the cluster that it asks about is its own process.',
        source: 'https://www.elastic.co/guide/en/elasticsearch/reference/current/bootstrap-checks.html#single-node-discovery',
      }
    : undefined;
};

/**
 * A Consul server answers this with status 200 and an empty text where there is no leader; an agent that is no server answers 500
 * where it reaches none. The image runs a server for development where no arguments are given.
 */
const consulLeader: Setting = (container, _lookup, { bodyCounts }) => {
  if (bodyCounts) return undefined;
  const words = wordsOf(container);
  const isServer =
    words.length === 0 || SERVER_FLAGS.some((flag) => words.some((word) => word === flag || word.startsWith(`${flag}=`)));
  const source = 'https://github.com/hashicorp/consul/blob/main/agent/consul/status_endpoint.go';
  return isServer
    ? { asks: 'process', confidence: 'medium', evidence: 'A Consul server answers 200 here even without a leader.', source }
    : { confidence: 'medium', evidence: 'A Consul agent answers this only while it reaches one of the servers.', source };
};
const SERVER_FLAGS = ['-server', '-dev', '-bootstrap', '-bootstrap-expect'];

/** Redis counts for the rate limit service's health only where it is told so. */
const rateLimit: Setting = (_container, lookup) =>
  lookup('REDIS_HEALTH_CHECK_ACTIVE_CONNECTION')?.toLowerCase() === 'true'
    ? {
        asks: 'dependency',
        confidence: 'high',
        evidence: 'REDIS_HEALTH_CHECK_ACTIVE_CONNECTION makes it fail while there is no connection to Redis.',
      }
    : undefined;

const SETTINGS: ReadonlyMap<string, Setting> = new Map([
  ['elasticsearch-cluster-health', singleNode],
  ['elasticsearch-cluster-health-wait', singleNode],
  ['consul-leader', consulLeader],
  ['envoy-ratelimit', rateLimit],
]);

const wordsOf = ({ command, args }: Container): readonly string[] =>
  [...command, ...args].flatMap((word) => word.slice(0, 4096).split(/\s+/));

/** The verdict of a catalogue's entry as the container's own settings change it. */
export function asConfigured(verdict: Verdict, container: Container, lookup: Lookup, asking: Asking): Verdict {
  const change = verdict.entry === undefined ? undefined : SETTINGS.get(verdict.entry)?.(container, lookup, asking);
  return change === undefined ? verdict : { ...verdict, ...change };
}
