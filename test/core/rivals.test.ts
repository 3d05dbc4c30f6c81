import { describe, expect, it } from 'vitest';
import { BUILT_IN_POLICY, type Policy } from '../../src/core/policy.ts';
import { rivalsOf } from '../../src/core/rivals.ts';

const policy = (name: string, fields: Partial<Policy> = {}): Policy => ({ ...BUILT_IN_POLICY, name, ...fields });

const rivals = (one: Policy, ...others: readonly Policy[]): string[] => rivalsOf(one, [one, ...others]).map(({ name }) => name);

describe('rivals of a policy', () => {
  it('are those of its priority that can select the same namespace, the oldest first', () => {
    expect(rivals(policy('a', { createdAt: 3 }), policy('new', { createdAt: 2 }), policy('old', { createdAt: 1 }))).toEqual([
      'old',
      'new',
    ]);
  });

  it('are none where the priority decides', () => {
    expect(rivals(policy('a'), policy('b', { priority: 1 }))).toEqual([]);
  });

  it('are none where no namespace has both labels', () => {
    const team = (name: string): Policy => policy(name, { namespaceSelector: { matchLabels: { team: name } } });
    expect(rivals(team('a'), team('b'))).toEqual([]);
    expect(rivals(policy('all'), team('b'), team('a'))).toEqual(['a', 'b']);
  });
});
