import { describe, expect, it } from 'vitest';
import { conflicts } from '../../src/core/conflicts.ts';
import { BUILT_IN_POLICY, type Policy } from '../../src/core/policy.ts';

const policy = (name: string, fields: Partial<Policy> = {}): Policy => ({ ...BUILT_IN_POLICY, name, ...fields });

const told = (policies: readonly Policy[]): string[] =>
  conflicts(policies).map(({ winner, loser }) => `${winner.name} before ${loser.name}`);

describe('conflicts', () => {
  it('are policies of one priority that can select the same namespace; the older one wins', () => {
    expect(told([policy('new', { createdAt: 2 }), policy('old', { createdAt: 1 })])).toEqual(['old before new']);
  });

  it('are none where the priority decides', () => {
    expect(told([policy('a'), policy('b', { priority: 1 })])).toEqual([]);
  });

  it('are none where no namespace has both labels', () => {
    const team = (name: string): Policy => policy(name, { namespaceSelector: { matchLabels: { team: name } } });
    expect(told([team('a'), team('b')])).toEqual([]);
    expect(told([team('a'), team('b'), policy('all')])).toEqual(['a before all', 'all before b'].toSorted());
  });
});
