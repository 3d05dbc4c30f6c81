/** One line of the result. */
export interface Figure {
  readonly name: string;
  /** As text: `≥ 0.85`. Absent where the figure is only told. */
  readonly goal?: string;
  /** With its unit, and in brackets the spread over the repetitions. */
  readonly measured: string;
  readonly verdict: Verdict;
}

/** `inconclusive` only where a control says that the machine is too noisy for this figure. */
export type Verdict = 'met' | 'missed' | 'inconclusive' | 'told';

export interface Goal {
  readonly least?: number;
  readonly most?: number;
}

export interface Measured {
  readonly value: number;
  readonly digits?: number;
  readonly unit?: string;
  readonly spread?: string;
  /** Did the control of this figure land where it must? */
  readonly trusted?: boolean;
}

export function figure(name: string, goal: Goal | undefined, measured: Measured): Figure {
  const { value, digits = 2, unit = '', trusted = true } = measured;
  const shown = `${value.toFixed(digits)}${unit}${measured.spread === undefined ? '' : ` (${measured.spread})`}`;
  if (goal === undefined) return { name, measured: shown, verdict: 'told' };
  const met = value >= (goal.least ?? -Infinity) && value <= (goal.most ?? Infinity);
  return {
    name,
    goal: goal.least === undefined ? `≤ ${goal.most}${unit}` : `≥ ${goal.least}${unit}`,
    measured: shown,
    verdict: trusted ? (met ? 'met' : 'missed') : 'inconclusive',
  };
}

/** A control compares two of the same: it must find nothing. */
export const isQuiet = (ratio: number): boolean => ratio >= 0.95 && ratio <= 1.05;

export const showTable = (figures: readonly Figure[]): string => {
  const rows = [
    ['figure', 'goal', 'measured', ''],
    ...figures.map(({ name, goal = '', measured, verdict }) => [name, goal, measured, verdict === 'told' ? '' : verdict]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** 1 where a goal is missed, 2 where only noise keeps one from being judged. */
export function exitCode(figures: readonly Figure[]): number {
  if (figures.some(({ verdict }) => verdict === 'missed')) return 1;
  return figures.some(({ verdict }) => verdict === 'inconclusive') ? 2 : 0;
}
