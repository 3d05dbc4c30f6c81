import type { Severity } from '../core/rule.ts';

/** Exit codes of all commands. */
export const EXIT = { clean: 0, findings: 1, unusable: 2 } as const;

export const FAIL_ON = ['error', 'warning', 'info', 'never'] as const;
export type FailOn = (typeof FAIL_ON)[number];

const COUNTED: Readonly<Record<FailOn, readonly Severity[]>> = {
  error: ['Error'],
  warning: ['Error', 'Warning'],
  info: ['Error', 'Warning', 'Info'],
  never: [],
};

/** A finding that fails the run is the clearer word; otherwise a part that nobody judged must not look clean. */
export function lintExitCode(severities: readonly Severity[], failOn: FailOn, unreadable: boolean): number {
  if (severities.some((severity) => COUNTED[failOn].includes(severity))) return EXIT.findings;
  return unreadable ? EXIT.unusable : EXIT.clean;
}
