export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value that so large a part of the values does not exceed; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** Least and most, as `0.97–1.02`. */
export const spread = (values: readonly number[], digits: number): string =>
  values.length === 0 ? '' : `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
