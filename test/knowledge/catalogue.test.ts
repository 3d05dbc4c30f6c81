import { describe, expect, it } from 'vitest';
import { ASKS, CONFIDENCES } from '../../src/core/verdict.ts';
import { catalogue } from '../../src/knowledge/catalogue.ts';
import type { CatalogueEntry } from '../../src/knowledge/catalogue-entry.ts';
import { pathsOf } from '../../src/knowledge/catalogue-index.ts';
import { expectations } from './expectations.ts';
import { judge, judgeHttp } from './pod.ts';

/** What is wrong with an entry by itself, in words; empty where nothing is. */
function problemsOf(entry: CatalogueEntry): string[] {
  const problems: string[] = [];
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(entry.id)) problems.push('its id is not in kebab case');
  if (!URL.canParse(entry.source) || !entry.source.startsWith('https://')) problems.push('it has no source');
  if (entry.product.trim() === '') problems.push('it names no product');
  if (!ASKS.includes(entry.asks) || !CONFIDENCES.includes(entry.confidence)) problems.push('its verdict is not one');
  if (!/^[a-z].{2,100}[^.]$/.test(entry.checks)) problems.push('`checks` is not the end of a sentence without its full stop');
  if (!/^\d+\.\d+$/.test(entry.since)) problems.push('it does not say since which ruleset');
  if (entry.asks === 'process' && entry.safe !== undefined) problems.push('what is safe needs no safe alternative');
  const isMany = pathsOf(entry).some((path) => entry.kind === undefined && !path.startsWith('/') && !path.startsWith('.../'));
  if (isMany) problems.push('a path begins with a slash, or with .../');
  const hints = [...(entry.images ?? []), ...(entry.ports ?? [])];
  if (new Set(hints).size !== hints.length || entry.images?.length === 0 || entry.ports?.length === 0)
    problems.push('its hints are empty or repeated');
  return problems;
}

/** Where an entry holds, one key for each combination: two entries with the same one would contradict or repeat each other. */
function placesOf(entry: CatalogueEntry): string[] {
  const images = entry.images ?? [''];
  const ports = entry.ports ?? [0];
  const where = JSON.stringify([entry.kind ?? '', entry.query ?? {}, entry.headers ?? {}]);
  return pathsOf(entry).flatMap((path) => images.flatMap((image) => ports.map((port) => `${path} ${image} ${port} ${where}`)));
}

describe('the catalogue', () => {
  it.each(catalogue.map((entry) => [entry.id, entry] as const))('has a well-formed entry %s', (_, entry) => {
    expect(problemsOf(entry)).toEqual([]);
  });

  it('refuses an entry without a source, and one whose text is no sentence', () => {
    const entry: CatalogueEntry = {
      id: 'x',
      product: 'X',
      path: '/x',
      asks: 'process',
      confidence: 'high',
      checks: 'Does it.',
      source: '',
      since: '0.1',
    };
    expect(problemsOf(entry)).toEqual(['it has no source', '`checks` is not the end of a sentence without its full stop']);
  });

  it('has no id twice', () => {
    const ids = catalogue.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('says of one endpoint only one thing', () => {
    const seen = new Map<string, string>();
    const clashes: string[] = [];
    for (const entry of catalogue) {
      for (const place of placesOf(entry)) {
        const other = seen.get(place);
        if (other !== undefined) clashes.push(`${place}: ${other} and ${entry.id}`);
        seen.set(place, entry.id);
      }
    }
    expect(clashes).toEqual([]);
  });

  it('never offers as safe what it knows to ask others', () => {
    const wrong = catalogue.flatMap((entry) => {
      if (entry.safe?.startsWith('/') !== true || entry.safe.includes(' ')) return [];
      const image = imageFor(entry);
      const verdict = judge({ image, livenessProbe: { httpGet: { path: entry.safe, port: entry.ports?.[0] ?? 8080 } } });
      return verdict.asks === 'process' || verdict.asks === 'unknown' ? [] : [`${entry.id}: ${entry.safe} is ${verdict.asks}`];
    });
    expect(wrong).toEqual([]);
  });

  it('is found by every one of its own entries', () => {
    const lost = catalogue.flatMap((entry) => {
      if (entry.kind !== undefined || entry.headers !== undefined) return [];
      const query = Object.entries(entry.query ?? {}).map(
        ([name, [value = '']]) => `${name}=${value.replaceAll('?', '0').replaceAll('*', 'x')}`,
      );
      return pathsOf(entry).flatMap((path) => {
        const plain = path.replaceAll('.../', '/').replaceAll('/...', '').replaceAll('*', 'x').replace('//', '/');
        const verdict = judgeHttp(
          query.length > 0 ? `${plain}?${query.join('&')}` : plain,
          imageFor(entry),
          entry.ports?.[0] ?? 18_080,
        );
        return verdict.entry === undefined ? [`${entry.id} at ${plain}`] : [];
      });
    });
    expect(lost).toEqual([]);
  });
});

const imageFor = (entry: CatalogueEntry): string => {
  const [image = 'example/app'] = entry.images ?? [];
  return image.endsWith('/*') ? `${image.slice(0, -1)}x` : image.startsWith('/') ? `example${image}` : image;
};

describe('endpoints whose source has been read', () => {
  it.each(expectations)('%s %s on port %i asks %s', (image, path, port, asks) => {
    expect(judgeHttp(path, image, port === 0 ? 18_080 : port).asks).toBe(asks);
  });
});
