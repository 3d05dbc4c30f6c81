import { describe, expect, it } from 'vitest';
import { RULE_IDS } from '../../src/core/rule-ids.ts';
import { nearest, quoted } from '../../src/core/suggest.ts';

describe('nearest', () => {
  it.each([
    ['liveness-dependancy', 'liveness-dependency'],
    ['Startup-Missing', 'startup-missing'],
    ['livenessTimeout', 'liveness-timeout'],
    ['xyz', undefined],
    ['', undefined],
    ['x'.repeat(1_000_000), undefined],
  ])('of %.30s is %s', (word, meant) => {
    expect(nearest(word, RULE_IDS)).toBe(meant);
  });

  it('is nothing where nothing is known', () => {
    expect(nearest('mode', [])).toBeUndefined();
  });
});

describe('quoted', () => {
  it('makes one short line of whatever stands there', () => {
    expect(quoted('a\r\nb\u2028c')).toBe('"a b c"');
    expect(quoted('x'.repeat(1000))).toHaveLength(65);
  });
});
