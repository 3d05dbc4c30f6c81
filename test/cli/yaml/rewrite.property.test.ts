import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, isCollection, isMap, isNode, isPair, isScalar, Scalar, visit } from 'yaml';
import { applyEdits, type Edit } from '../../../src/core/edit.ts';
import { isObject } from '../../../src/core/json.ts';
import type { Path } from '../../../src/core/path.ts';
import { documentsOf, sourceText, valuesOf } from '../../../src/cli/yaml/parse.ts';
import { rewrite } from '../../../src/cli/yaml/rewrite.ts';

const probe = fc.record(
  {
    httpGet: fc.record({
      path: fc.constantFrom('/', '/health', '/a#b', '/x: y', '*'),
      port: fc.oneof(fc.nat(), fc.constant('http')),
    }),
    exec: fc.record({ command: fc.array(fc.constantFrom('sh', '-c', 'a: b', 'x\ny\n', '{', "it's", '- no', 'yes', ' ')) }),
    timeoutSeconds: fc.nat(),
    periodSeconds: fc.option(fc.nat()),
    failureThreshold: fc.nat(),
  },
  { requiredKeys: [] },
);
const container = fc.record(
  {
    name: fc.constantFrom('app', 'web', 'true', '1'),
    image: fc.constantFrom('a:1', 'registry.example.com/b@sha256:0'),
    script: fc.constantFrom('line one\nline two\n', 'no end', 'kept\n\n\n', '  led by spaces\n'),
    livenessProbe: probe,
    readinessProbe: probe,
    empty: fc.constant({}),
    nothing: fc.constant(null),
    nested: fc.array(fc.array(fc.record({ a: fc.nat() }, { requiredKeys: [] }), { maxLength: 2 }), { maxLength: 2 }),
  },
  { requiredKeys: ['name'] },
);
const object = fc.record({
  kind: fc.constant('Pod'),
  spec: fc.record({ containers: fc.array(container, { minLength: 1, maxLength: 3 }) }),
});

/** One decision after another, so that a failure shrinks to few of them. */
const decisions = fc.array(fc.nat(11), { minLength: 8, maxLength: 40 });
const decider = (numbers: readonly number[]): ((of: number) => number) => {
  let at = 0;
  return (of) => (numbers[at++ % numbers.length] ?? 0) % of;
};

let comments = 0;

/** The value as somebody might write it: block and flow mixed, quotes, blank lines, comments wherever they may stand. */
function written(value: unknown, decide: (of: number) => number): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, (_, node) => {
    if (isScalar(node) && typeof node.value === 'string' && decide(4) === 0) node.type = Scalar.QUOTE_DOUBLE;
    if (isMap(node) && decide(4) === 0) for (const { key } of node.items) if (isScalar(key)) key.type = Scalar.QUOTE_DOUBLE;
    if (isCollection(node)) {
      if (decide(4) === 0) node.flow = true;
      const inner = node.items[0];
      const first = isPair(inner) ? inner.key : inner;
      if (isNode(first) && decide(3) === 0) first.commentBefore = ` before\t${comments++}`;
      if (isNode(first) && decide(6) === 0) first.spaceBefore = true;
    }
    if (isScalar(node) && decide(4) === 0 && typeof node.value !== 'string') node.comment = ` behind ${comments++}`;
  });
  if (decide(3) === 0) document.comment = ` at the end ${comments++}`;
  const indent = [2, 4, 3][decide(3)] ?? 2;
  return document.toString({ indent, indentSeq: decide(2) === 0, lineWidth: decide(2) === 0 ? 0 : 40 });
}

function mapsIn(value: unknown, at: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => mapsIn(item, [...at, index]));
  if (!isObject(value)) return [];
  return [at, ...Object.entries(value).flatMap(([key, item]) => mapsIn(item, [...at, key]))];
}

const derived = { httpGet: { path: '/a#b', port: 'http' }, timeoutSeconds: 5, exec: { command: ['sh', '-c', 'a\nb', 'yes'] } };

function editsFor(value: unknown, decide: (of: number) => number): Edit[] {
  const maps = mapsIn(value);
  const edits = new Map<string, Edit>();
  for (let count = 0; count < 4; count += 1) {
    const map = maps[decide(maps.length)] ?? [];
    const key = ['timeoutSeconds', 'failureThreshold', 'periodSeconds', 'initialDelaySeconds', 'startupProbe'][decide(5)] ?? '';
    const at = [...map, key];
    edits.set(JSON.stringify(at), { op: 'set', at, value: key === 'startupProbe' ? derived : 300 + count });
  }
  return [...edits.values()];
}

/** A fix of several documents at once. */
function fixed(text: string, decide: (of: number) => number) {
  const source = sourceText('input', text);
  const documents = [...documentsOf(source)];
  const all = documents.map((document) => ({ document, edits: editsFor(valuesOf(document), decide) }));
  return { documents, all, ...rewrite(source, all, documents) };
}

const COMMENT = /#? ?(before\t|behind |at the end )\d+/g;

const texts = fc
  .tuple(fc.array(object, { minLength: 1, maxLength: 3 }), decisions, fc.constantFrom('\n', '\r\n'))
  .map(([values, numbers, eol]) => {
    const decide = decider(numbers);
    const text = values.map((value) => written(value, decide)).join('---\n');
    return { text: (decide(2) === 0 ? `---\n${text}` : text).replaceAll('\n', eol), numbers };
  });

describe('a rewritten text', { timeout: 60_000 }, () => {
  it('means exactly what the edits ask for, and refuses none of them, in every style', () => {
    fc.assert(
      fc.property(texts, ({ text, numbers }) => {
        const result = fixed(text, decider(numbers.toReversed()));
        expect([...result.refused.values()].flat()).toEqual([]);
        const again = [...documentsOf(sourceText('', result.text))].map(valuesOf);
        expect(again).toEqual(result.all.map(({ document, edits }) => applyEdits(valuesOf(document), edits)));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps every comment, every line break of the file and every line that no edit touches', () => {
    fc.assert(
      fc.property(texts, ({ text, numbers }) => {
        const result = fixed(text, decider(numbers.toReversed()));
        expect(result.text.match(COMMENT)?.toSorted() ?? []).toEqual(text.match(COMMENT)?.toSorted() ?? []);
        if (text.includes('\r\n')) expect(result.text.replaceAll('\r\n', '')).not.toContain('\n');
        const kept = new Set(result.text.split('\n'));
        const gone = text.split('\n').filter((line) => !kept.has(line));
        expect(gone.length).toBeLessThanOrEqual(result.all.flatMap(({ edits }) => edits).length);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same when it is rewritten again', () => {
    fc.assert(
      fc.property(texts, ({ text, numbers }) => {
        const once = fixed(text, decider(numbers));
        const source = sourceText('input', once.text);
        const documents = [...documentsOf(source)];
        const all = documents.map((document, index) => ({ document, edits: once.all[index]?.edits ?? [] }));
        expect(rewrite(source, all, documents).text).toBe(once.text);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps JSON in its own layout', () => {
    const layouts = fc.constantFrom<readonly (string | number | undefined)[]>([undefined], [2], [4], ['\t']);
    fc.assert(
      fc.property(object, decisions, layouts, (value, numbers, [space]) => {
        const text = JSON.stringify(value, null, space);
        const result = fixed(text, decider(numbers));
        expect([...result.refused.values()].flat()).toEqual([]);
        const wanted = applyEdits(
          value,
          result.all.flatMap(({ edits }) => edits),
        );
        const parsed: unknown = JSON.parse(result.text);
        expect(parsed).toEqual(wanted);
        if (space === undefined) expect(result.text).not.toContain('\n');
      }),
      { numRuns: 300 },
    );
  });
});
