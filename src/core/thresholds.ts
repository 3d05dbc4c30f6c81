import type { Asks } from './verdict.ts';

/** The floors under a probe's numbers, in seconds. */
export interface Thresholds {
  readonly livenessTimeoutSeconds: number;
  readonly livenessToleranceSeconds: number;
  readonly livenessToleranceUnknownSeconds: number;
  readonly livenessToleranceDependencySeconds: number;
  readonly readinessTimeoutSeconds: number;
  readonly readinessToleranceSeconds: number;
  readonly startupBudgetSeconds: number;
}

export type ThresholdName = keyof Thresholds;

/** A day: floors beyond it are refused, so that no sum of them can overflow an int32. */
export const MAX_FLOOR_SECONDS = 86_400;

export const PROFILES = {
  Standard: {
    livenessTimeoutSeconds: 5,
    livenessToleranceSeconds: 20,
    livenessToleranceUnknownSeconds: 60,
    livenessToleranceDependencySeconds: 150,
    readinessTimeoutSeconds: 5,
    readinessToleranceSeconds: 30,
    startupBudgetSeconds: 290,
  },
  Resilient: {
    livenessTimeoutSeconds: 10,
    livenessToleranceSeconds: 60,
    livenessToleranceUnknownSeconds: 150,
    livenessToleranceDependencySeconds: 300,
    readinessTimeoutSeconds: 10,
    readinessToleranceSeconds: 60,
    startupBudgetSeconds: 570,
  },
} as const satisfies Record<string, Thresholds>;

export type Profile = keyof typeof PROFILES;

export const THRESHOLD_NAMES: readonly ThresholdName[] = [
  'livenessTimeoutSeconds',
  'livenessToleranceSeconds',
  'livenessToleranceUnknownSeconds',
  'livenessToleranceDependencySeconds',
  'readinessTimeoutSeconds',
  'readinessToleranceSeconds',
  'startupBudgetSeconds',
];

export const livenessToleranceFloor = (thresholds: Thresholds, asks: Asks): number => {
  if (asks === 'process') return thresholds.livenessToleranceSeconds;
  if (asks === 'unknown') return thresholds.livenessToleranceUnknownSeconds;
  return thresholds.livenessToleranceDependencySeconds;
};
