import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/engine.ts';
import { policyWith } from '../fixtures/policy.ts';
import { admitWith, apply, responseOf, review } from '../fixtures/review.ts';
import { deployment } from '../fixtures/workload.ts';
import { DATABASE } from '../fixtures/shop.ts';

describe('invariant 5: an error in Probewise is not a denial', () => {
  it('judges by what is left when a rule throws, and tells the caller', async () => {
    const broken = admitWith(
      {},
      {
        evaluate: (workload, policy) => ({
          ...evaluate(workload, policy),
          findings: [],
          errors: [{ rule: 'liveness-dependency', error: new Error('bug') }],
        }),
      },
    );
    const result = await apply(broken, { object: deployment({ containers: [DATABASE] }) });
    expect(result.allowed).toBe(true);
    expect(result.warnings.join()).toContain('liveness-dependency');
    expect(result.warnings.join()).not.toContain('at ');
  });

  it('admits with a warning when everything throws', async () => {
    const broken = admitWith(
      {},
      {
        evaluate: () => {
          throw new Error('bug');
        },
      },
    );
    for (const door of ['mutate', 'validate'] as const) {
      const response = responseOf(await broken(door, review({ object: deployment({ containers: [DATABASE] }) })));
      expect(response.allowed).toBe(true);
      expect(response.patch).toBeUndefined();
      expect(response.warnings?.join()).toContain(door === 'validate' ? 'unchecked' : 'as it is');
    }
  });

  it('denies all the same by what is left of an unreadable annotation', async () => {
    const admit = admitWith(
      {},
      {
        policyFor: () => ({
          policy: policyWith(),
          problems: ['annotation probewise.dev/mode: "Enforced" is no mode'],
          seen: true,
        }),
      },
    );
    const result = await apply(admit, { object: deployment({ containers: [DATABASE] }) });
    expect(result.allowed).toBe(false);
    expect(result.warnings.join()).toContain('probewise.dev/mode');
  });

  it('reads a namespace that it has not seen before it denies', async () => {
    const unseen = (
      readNamespace: () => Promise<{ policy: ReturnType<typeof policyWith>; problems: string[] }>,
    ): ReturnType<typeof admitWith> =>
      admitWith(
        {},
        {
          policyFor: () => ({ policy: policyWith(), problems: [], seen: false }),
          cluster: { readNamespace, ranBefore: () => Promise.resolve(false) },
        },
      );
    const object = deployment({ containers: [DATABASE] });
    const warnsThere = unseen(() => Promise.resolve({ policy: policyWith({ mode: 'Warn' }), problems: [] }));
    expect((await apply(warnsThere, { object })).allowed).toBe(true);
    const enforcesThere = unseen(() => Promise.resolve({ policy: policyWith(), problems: [] }));
    expect((await apply(enforcesThere, { object })).allowed).toBe(false);
    const cannotBeRead = await apply(
      unseen(() => Promise.reject(new Error('timeout'))),
      { object },
    );
    expect(cannotBeRead.allowed).toBe(true);
    expect(cannotBeRead.warnings.join()).toContain('liveness-dependency');
  });
});
