import type { Origin, Resolution } from './resolve.ts';
import { cut, oneLine } from './text.ts';
import { THRESHOLD_NAMES } from './thresholds.ts';
import { showTime } from './time.ts';

/** One value that is in force in a namespace, and whence. */
export interface ExplainedValue {
  readonly name: string;
  readonly value: string;
  /** `policy default`, `profile Standard`, `annotation probewise.dev/mode until …: reason`, `built in`. */
  readonly origin: string;
}

/** All that is in force in a namespace, for `probewise explain namespace`. A rule that nobody has set is left out. */
export function explainResolution({ policy, origins }: Resolution): ExplainedValue[] {
  const explain = (name: string, value: string | number, key = name): ExplainedValue => {
    const origin = origins.get(key);
    return { name, value: String(value), origin: origin === undefined ? '' : showOrigin(origin) };
  };
  return [
    explain('mode', policy.mode),
    explain('patch', policy.patch),
    explain('ruleset', policy.ruleset),
    ...THRESHOLD_NAMES.map((name) => explain(`thresholds.${name}`, policy.thresholds[name], name)),
    ...[...policy.rules].map(([id, { severity, fix }]) => {
      const settings = [severity === undefined ? [] : [severity], fix === 'Never' ? ['never fixed'] : []].flat();
      return explain(`rules.${id}`, settings.join(', ') || 'as the rule says', id);
    }),
    explain('endpoints', policy.endpoints.length || 'none', 'patch'),
    explain('exemptions', policy.exemptions.length === 0 ? 'none' : `${policy.exemptions.length} in force`, 'patch'),
  ];
}

function showOrigin(origin: Origin): string {
  switch (origin.from) {
    case 'built-in':
      return 'built in';
    case 'profile':
      return `profile ${origin.profile}`;
    case 'policy':
      return `policy ${origin.policy}`;
    case 'annotation': {
      // The reason is a stranger's text, and goes to a terminal.
      const reason = origin.reason === undefined ? '' : `: ${cut(oneLine(origin.reason), 200)}`;
      const until = origin.until === undefined ? '' : ` until ${showTime(origin.until)}`;
      return `annotation ${origin.annotation}${until}${reason}`;
    }
    default:
      return origin satisfies never;
  }
}
