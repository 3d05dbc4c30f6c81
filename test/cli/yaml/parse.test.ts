import { describe, expect, it } from 'vitest';
import { documentsOf, sourceText, valuesOf } from '../../../src/cli/yaml/parse.ts';

function read(text: string): unknown {
  const [document] = documentsOf(sourceText('input', text));
  if (document === undefined) throw new Error('no document');
  expect(document.errors).toEqual([]);
  return valuesOf(document);
}

/** What `kubectl create --dry-run=client -o json` 1.35 makes of each. */
const SCALARS: readonly (readonly [string, unknown])[] = [
  ['1_000', 1000],
  ['1__0_', 10],
  ['010', 8],
  ['0_10', 8],
  ['-010', -8],
  ['0o10', 8],
  ['0O10', 8],
  ['089', 89],
  ['0o8', '0o8'],
  ['0x1F', 31],
  ['+0x_1f', 31],
  ['0b11', 3],
  ['-0b11', -3],
  ['0b12', '0b12'],
  ['_1', '_1'],
  ['-_1', -1],
  ['+12', 12],
  ['1e3', 1000],
  ['1_000.5', 1000.5],
  ['.5', 0.5],
  ['5.', 5],
  ['._5', '._5'],
  ['.e1', '.e1'],
  ['2e400', '2e400'],
  ['0xFFFFFFFFFFFFFFFFFF', '0xFFFFFFFFFFFFFFFFFF'],
  ['0777777777777777777777777', 7.777777777777778e23],
  ['yes', true],
  ['Yes', true],
  ['on', true],
  ['y', true],
  ['TRUE', true],
  ['No', false],
  ['off', false],
  ['N', false],
  ['yEs', 'yEs'],
  ['~', null],
  ['NULL', null],
  ['', null],
  ['22:22', '22:22'],
  ['2026-01-01', '2026-01-01'],
  ['=', '='],
  ['"010"', '010'],
  ["'yes'", 'yes'],
  ['!!str 010', '010'],
  ['!!int "12"', 12],
  ['!!float 3', 3],
];

describe('a value', () => {
  it.each(SCALARS)('%s is what kubectl reads', (text, value) => {
    expect(read(`a: ${text}\n`)).toEqual({ a: value });
  });

  it('that JSON does not have is an error, as for kubectl', () => {
    for (const text of ['.inf', '-.Inf', '.NaN']) {
      const [document] = documentsOf(sourceText('input', `a: ${text}\n`));
      expect(document?.errors.map(({ message }) => message)).toEqual([`${text} is a number that JSON does not have`]);
    }
  });

  it('is written by JSON as it is', () => {
    const values = { a: [1, -0.5, 1e21, 'yes', '010', '', null, true], y: {} };
    expect(read(JSON.stringify(values))).toEqual(values);
  });
});

describe('a map', () => {
  it('has keys that kubectl makes text of', () => {
    expect(read('yes: 1\n010: 2\n1_1: 3\n')).toEqual({ true: 1, 8: 2, 11: 3 });
  });

  it('takes the last of equal keys', () => {
    expect(read('a: 1\nb: 2\na: 3\n')).toEqual({ a: 3, b: 2 });
    expect(read('{"a":1,"a":2}')).toEqual({ a: 2 });
  });

  it('takes a merge key where it stands, and the first of what it merges', () => {
    const text = 'x: &x { p: 1 }\na: { <<: *x, p: 2 }\nb: { p: 3, <<: *x }\nc: { <<: [*x, { p: 5, q: 6 }] }\nd: { "<<": 1 }\n';
    expect(read(text)).toEqual({ x: { p: 1 }, a: { p: 2 }, b: { p: 1 }, c: { p: 1, q: 6 }, d: { '<<': 1 } });
  });

  it('keeps a key that every object inherits to itself', () => {
    expect(read('x: &x { __proto__: 1 }\na: { <<: *x }\n')).toEqual(JSON.parse('{"x":{"__proto__":1},"a":{"__proto__":1}}'));
  });
});
