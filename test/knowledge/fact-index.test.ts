import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Container, readPodSpec } from '../../src/core/container.ts';
import { matchesGlob } from '../../src/core/glob.ts';
import type { Handler } from '../../src/core/probe.ts';
import type { EndpointFact } from '../../src/core/verdict.ts';
import { candidates, indexFacts, textsOf } from '../../src/knowledge/fact-index.ts';

/** Few letters and many wildcards, so that much of it matches. */
const glob = fc.string({ unit: fc.constantFrom('a', 'b', '/', ':', '*', '?'), maxLength: 6 });
const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', ':', '?', '@'), maxLength: 8 });

const fact: fc.Arbitrary<EndpointFact> = fc
  .record({ image: glob, path: glob, command: glob }, { requiredKeys: [] })
  .map((globs) => ({ ...globs, asks: 'process', dependencies: [] }));

const handler: fc.Arbitrary<Handler> = fc.oneof(
  text.map((path): Handler => ({ kind: 'httpGet', path, port: 80, scheme: 'HTTP', headers: [] })),
  fc.array(text, { maxLength: 3 }).map((command): Handler => ({ kind: 'exec', command })),
);

function containerOf(image: string): Container {
  const [container] = readPodSpec({ containers: [{ name: 'app', image }] }, []).containers;
  if (container === undefined) throw new Error('a container');
  return container;
}

/** The entry in words of the documentation: every glob that it has matches. */
function fits(entry: EndpointFact, asked: Handler, container: Container): boolean {
  const texts = textsOf(asked, container);
  return (['image', 'path', 'command'] as const).every((field) => {
    const wanted = entry[field];
    return wanted === undefined || texts[field].some((value) => matchesGlob(wanted, value));
  });
}

describe('the index of what a policy says of endpoints', () => {
  it('leaves out no entry that fits', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 30 }), handler, text, (facts, asked, image) => {
        const container = containerOf(image);
        const found = new Set(candidates(indexFacts(facts), textsOf(asked, container)).map(({ fact: entry }) => entry));
        for (const entry of facts) if (fits(entry, asked, container)) expect(found).toContain(entry);
      }),
      { numRuns: 2000 },
    );
  });

  it('looks at few of many entries that have nothing to do with a container', () => {
    const facts = Array.from({ length: 500 }, (_, index): EndpointFact => {
      const image = `registry.example.com/team-${index % 10}/*`;
      return { image, path: index % 2 === 0 ? `/team/${index}/*` : `*/check-${index}`, asks: 'dependency', dependencies: [] };
    });
    const asked: Handler = { kind: 'httpGet', path: '/health?full=1', port: 80, scheme: 'HTTP', headers: [] };
    const texts = textsOf(asked, containerOf('registry.example.com/team-3/shop:1.0'));
    expect(candidates(indexFacts(facts), texts)).toHaveLength(0);
  });

  it('holds an image against a glob with and without its tag, and a path with and without its query', () => {
    const asked: Handler = { kind: 'httpGet', path: '/health?full=1', port: 80, scheme: 'HTTP', headers: [] };
    expect(textsOf(asked, containerOf('localhost:5000/shop:1.0@sha256:00'))).toEqual({
      image: ['localhost:5000/shop:1.0@sha256:00', 'localhost:5000/shop'],
      path: ['/health?full=1', '/health'],
      command: [],
    });
  });
});
