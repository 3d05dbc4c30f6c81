import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelSelector } from '../../src/core/policy.ts';
import { matchesNamespace, overlap } from '../../src/core/selector.ts';

const expression = (
  key: string,
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist',
  values: readonly string[] = [],
): LabelSelector => ({ matchExpressions: [{ key, operator, values }] });

const labels = { team: 'shop', tier: '1' };

describe('matchesNamespace', () => {
  it.each<[string, LabelSelector, boolean]>([
    ['an empty selector', {}, true],
    ['all labels', { matchLabels: { team: 'shop', tier: '1' } }, true],
    ['a label with another value', { matchLabels: { team: 'shop', tier: '2' } }, false],
    ['a label that is not there', { matchLabels: { zone: 'a' } }, false],
    ['In with the value', expression('team', 'In', ['x', 'shop']), true],
    ['In without the value', expression('team', 'In', ['x']), false],
    ['In of a label that is not there', expression('zone', 'In', ['x']), false],
    ['NotIn with the value', expression('team', 'NotIn', ['shop']), false],
    ['NotIn without the value', expression('team', 'NotIn', ['x']), true],
    ['NotIn of a label that is not there', expression('zone', 'NotIn', ['x']), true],
    ['Exists', expression('team', 'Exists'), true],
    ['Exists of a label that is not there', expression('zone', 'Exists'), false],
    ['DoesNotExist', expression('team', 'DoesNotExist'), false],
    ['DoesNotExist of a label that is not there', expression('zone', 'DoesNotExist'), true],
    ['what every object inherits', expression('constructor', 'Exists'), false],
    ['labels and expressions, one of which fails', { matchLabels: { team: 'shop' }, ...expression('tier', 'In', ['2']) }, false],
  ])('%s', (_, selector, matches) => {
    expect(matchesNamespace(selector, 'shop-1', labels)).toBe(matches);
  });

  it('knows the label of the name without being told, and believes no other', () => {
    const selector = { matchLabels: { 'kubernetes.io/metadata.name': 'shop-1' } };
    expect(matchesNamespace(selector, 'shop-1', {})).toBe(true);
    expect(matchesNamespace(selector, 'evil', { 'kubernetes.io/metadata.name': 'shop-1' })).toBe(false);
  });
});

describe('overlap', () => {
  it.each<[string, LabelSelector, LabelSelector, boolean]>([
    ['two that take all', {}, {}, true],
    ['different keys', { matchLabels: { a: '1' } }, { matchLabels: { b: '1' } }, true],
    ['different values of one key', { matchLabels: { a: '1' } }, { matchLabels: { a: '2' } }, false],
    ['In and In without a common value', expression('a', 'In', ['1', '2']), expression('a', 'In', ['3']), false],
    ['In and In with one', expression('a', 'In', ['1', '2']), expression('a', 'In', ['2']), true],
    ['In and NotIn of all of them', expression('a', 'In', ['1']), expression('a', 'NotIn', ['1', '2']), false],
    ['Exists and DoesNotExist', expression('a', 'Exists'), expression('a', 'DoesNotExist'), false],
    ['NotIn and DoesNotExist', expression('a', 'NotIn', ['1']), expression('a', 'DoesNotExist'), true],
  ])('%s', (_, a, b, expected) => {
    expect(overlap(a, b)).toBe(expected);
    expect(overlap(b, a)).toBe(expected);
  });

  it('agrees with trying all namespaces', () => {
    const value = fc.constantFrom('1', '2');
    const selectors = fc
      .array(
        fc.record({
          key: fc.constantFrom('a', 'b'),
          operator: fc.constantFrom('In' as const, 'NotIn' as const, 'Exists' as const, 'DoesNotExist' as const),
          values: fc.uniqueArray(value, { minLength: 1 }),
        }),
        { maxLength: 3 },
      )
      .map((matchExpressions): LabelSelector => ({ matchExpressions }));
    const values = [undefined, '1', '2', 'another'];
    const namespaces = values.flatMap((a) => values.map((b) => JSON.parse(JSON.stringify({ a, b }))));
    fc.assert(
      fc.property(selectors, selectors, (a, b) => {
        const both = namespaces.some((each) => matchesNamespace(a, 'n', each) && matchesNamespace(b, 'n', each));
        expect(overlap(a, b)).toBe(both);
      }),
      { numRuns: 2000 },
    );
  });
});
