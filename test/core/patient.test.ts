import { describe, expect, it } from 'vitest';
import { patient, startupFailureThreshold } from '../../src/core/patience.ts';
import { readProbe, startupBudgetSeconds, toleranceSeconds } from '../../src/core/probe.ts';

const timing = (changes: Record<string, number> = {}): NonNullable<ReturnType<typeof readProbe>> => {
  const probe = readProbe({ tcpSocket: { port: 80 }, ...changes });
  if (probe === undefined) throw new Error('no probe');
  return probe;
};

describe('the solver', () => {
  it('changes nothing where all floors are met', () => {
    const probe = timing({ timeoutSeconds: 5, failureThreshold: 7, initialDelaySeconds: 300 });
    expect(patient(probe, { timeoutSeconds: 5, toleranceSeconds: 60, budgetSeconds: 290 })).toEqual(probe);
  });

  it('raises first the timeout, then failureThreshold, then only as much delay as is still missing', () => {
    expect(patient(timing(), { timeoutSeconds: 5, toleranceSeconds: 150, budgetSeconds: 290 })).toMatchObject({
      timeoutSeconds: 5,
      failureThreshold: 16,
      initialDelaySeconds: 140,
      periodSeconds: 10,
    });
  });

  it('rounds the tolerance up to whole periods', () => {
    const solved = patient(timing({ periodSeconds: 7 }), { timeoutSeconds: 0, toleranceSeconds: 60, budgetSeconds: 0 });
    expect(toleranceSeconds(solved)).toBe(63);
  });
});

describe('a startup budget', () => {
  it.each([
    { F: 30, P: 10, D: 0, floor: 290, expected: 30 },
    { F: 29, P: 10, D: 0, floor: 290, expected: 30 },
    { F: 3, P: 60, D: 0, floor: 290, expected: 6 },
    { F: 3, P: 10, D: 270, floor: 290, expected: 3 },
    { F: 146, P: 2, D: 0, floor: 291, expected: 146 },
    { F: 1, P: 1, D: 0, floor: 86_400, expected: 86_401 },
  ])('of F=$F P=$P D=$D under a floor of $floor s needs failureThreshold $expected', ({ F, P, D, floor, expected }) => {
    const probe = timing({ failureThreshold: F, periodSeconds: P, initialDelaySeconds: D });
    expect(startupFailureThreshold(probe, floor, undefined)).toBe(expected);
  });

  it('is not raised beyond the deadline of the rollout', () => {
    const probe = timing({ failureThreshold: 2, periodSeconds: 30 });
    const failureThreshold = startupFailureThreshold(probe, 100, 100);
    expect(startupBudgetSeconds({ ...probe, failureThreshold })).toBe(90);
  });
});

describe('a probe after defaulting', () => {
  it('takes 0 as unset', () => {
    expect(timing({ timeoutSeconds: 0, periodSeconds: 0, failureThreshold: 0 })).toMatchObject({
      timeoutSeconds: 1,
      periodSeconds: 10,
      failureThreshold: 3,
    });
  });

  it('is none without a handler', () => {
    expect(readProbe({ periodSeconds: 5 })).toBeUndefined();
    expect(readProbe('yes')).toBeUndefined();
    expect(readProbe(null)).toBeUndefined();
  });
});
