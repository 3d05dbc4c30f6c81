import { type Container, resolvePort } from '../core/container.ts';
import { matchesGlob } from '../core/glob.ts';
import type { Handler } from '../core/probe.ts';
import type { EndpointFact, Verdict } from '../core/verdict.ts';
import { sentence } from './sentence.ts';

/** What the cluster's policy says of this endpoint: the first entry all of whose parts fit. */
export function factVerdict(handler: Handler, container: Container, facts: readonly EndpointFact[]): Verdict | undefined {
  const fact = facts.find((item) => fits(item, handler, container));
  if (fact === undefined) return undefined;
  const names = fact.dependencies.map(({ name }) => name).join(', ');
  return {
    asks: fact.asks,
    confidence: 'high',
    evidence: sentence(`The policy says that it asks ${names === '' ? WORDS[fact.asks] : `${WORDS[fact.asks]}: ${names}`}.`),
    ...(fact.dependencies.length > 0 && { dependencies: fact.dependencies }),
  };
}

const WORDS: Readonly<Record<EndpointFact['asks'], string>> = {
  process: 'its own process',
  resource: 'disk or memory',
  dependency: 'another system',
  readiness: 'whether it can take traffic',
  aggregate: 'all registered checks',
  unknown: 'something that cannot be told',
};

function fits(fact: EndpointFact, handler: Handler, container: Container): boolean {
  if (fact.image !== undefined && !imageFits(fact.image, container.image)) return false;
  if (fact.path !== undefined && !pathFits(fact.path, handler)) return false;
  if (fact.command !== undefined && !(handler.kind === 'exec' && matchesGlob(fact.command, handler.command.join(' '))))
    return false;
  return fact.port === undefined || (handler.kind !== 'exec' && resolvePort(handler, container) === fact.port);
}

function pathFits(glob: string, handler: Handler): boolean {
  if (handler.kind !== 'httpGet') return false;
  const path = handler.path.slice(0, 2048);
  const mark = path.indexOf('?');
  return matchesGlob(glob, path) || (mark >= 0 && matchesGlob(glob, path.slice(0, mark)));
}

/** With or without tag and digest: who writes `example/api` means every version of it. */
function imageFits(glob: string, image: string): boolean {
  if (matchesGlob(glob, image)) return true;
  const at = image.indexOf('@');
  const named = at < 0 ? image : image.slice(0, at);
  const tag = named.lastIndexOf(':');
  return matchesGlob(glob, tag > named.lastIndexOf('/') ? named.slice(0, tag) : named);
}
