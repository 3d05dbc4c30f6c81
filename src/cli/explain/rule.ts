import type { Rule } from '../../core/rule.ts';
import { PROFILES, THRESHOLD_NAMES, type ThresholdName } from '../../core/thresholds.ts';
import type { Colors } from '../report/colors.ts';
import { section } from './section.ts';

export function explainRule(rule: Rule, colors: Colors): string {
  const floors = floorsOf(rule).map(
    (name) => `${name}: ${PROFILES.Standard[name]} s (profile Standard), ${PROFILES.Resilient[name]} s (Resilient)`,
  );
  return [
    `${colors.bold(rule.id)}\n${rule.summary}\n`,
    section('Why', [rule.why], colors),
    section('What to do', [rule.remedy], colors),
    section('Reads', [rule.fields], colors),
    section('Passes', [rule.allowed], colors),
    section('Floors', floors, colors),
    section('Severity', [`${rule.severity.toLowerCase()} at worst`], colors),
    section('Fix', [rule.fixable ? 'safe: `probewise fix` makes it' : 'none that is safe: a person has to decide'], colors),
    section(
      'Turn it down',
      [
        `in a ClusterProbePolicy: spec.rules: [{ name: ${rule.id}, severity: Info }] (or Off)`,
        `in one namespace, where the policy allows it: the annotation rule.probewise.dev/${rule.id}: Info`,
      ],
      colors,
    ),
  ].join('');
}

/** The thresholds that a rule goes by: those that it names, and those that are named after it. */
function floorsOf({ id, allowed }: Rule): ThresholdName[] {
  const stem = id.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return THRESHOLD_NAMES.filter((name) => allowed.includes(name) || name.startsWith(stem));
}
