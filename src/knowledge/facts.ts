import { type Container, resolvePort } from '../core/container.ts';
import { matchesGlob } from '../core/glob.ts';
import type { Handler } from '../core/probe.ts';
import type { EndpointFact, Verdict } from '../core/verdict.ts';
import { candidates, type FactIndex, indexFacts, type Numbered, type Texts, textsOf } from './fact-index.ts';
import { sentence } from './sentence.ts';

/** What the cluster's policy says of this endpoint: the first entry all of whose parts fit. */
export function factVerdict(handler: Handler, container: Container, facts: readonly EndpointFact[]): Verdict | undefined {
  const fact = firstFit(handler, container, facts);
  if (fact === undefined) return undefined;
  const names = fact.dependencies.map(({ name }) => name).join(', ');
  return {
    asks: fact.asks,
    confidence: 'high',
    evidence: sentence(`The policy says that it asks ${names === '' ? WORDS[fact.asks] : `${WORDS[fact.asks]}: ${names}`}.`),
    ...(fact.dependencies.length > 0 && { dependencies: fact.dependencies }),
  };
}

/** By the list itself, which belongs to one policy as it is now: a policy that changes comes with a new list. */
const indices = new WeakMap<readonly EndpointFact[], FactIndex>();

function firstFit(handler: Handler, container: Container, facts: readonly EndpointFact[]): EndpointFact | undefined {
  if (facts.length === 0) return undefined;
  const index = indices.get(facts) ?? indexFacts(facts);
  indices.set(facts, index);
  const texts = textsOf(handler, container);
  let first: Numbered | undefined;
  for (const entry of candidates(index, texts)) {
    if (first !== undefined && entry.place >= first.place) continue;
    if (fits(entry.fact, texts, handler, container)) first = entry;
  }
  return first?.fact;
}

const WORDS: Readonly<Record<EndpointFact['asks'], string>> = {
  process: 'its own process',
  resource: 'disk or memory',
  dependency: 'another system',
  readiness: 'whether it can take traffic',
  aggregate: 'all registered checks',
  unknown: 'something that cannot be told',
};

function fits({ image, path, command, port }: EndpointFact, texts: Texts, handler: Handler, container: Container): boolean {
  return (
    matchesOne(image, texts.image) &&
    matchesOne(path, texts.path) &&
    matchesOne(command, texts.command) &&
    (port === undefined || (handler.kind !== 'exec' && resolvePort(handler, container) === port))
  );
}

const matchesOne = (glob: string | undefined, texts: readonly string[]): boolean =>
  glob === undefined || texts.some((text) => matchesGlob(glob, text));
