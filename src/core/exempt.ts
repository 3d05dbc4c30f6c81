import { matchesGlob } from './glob.ts';
import { text, valueAt } from './json.ts';
import type { Exemption } from './policy.ts';
import type { Workload } from './workload.ts';

/** The first exemption that lets this rule pass for this container. What an exemption does not name, it does not limit. */
export function applicableExemption(
  exemptions: readonly Exemption[],
  workload: Workload,
  container: string,
  rule: string,
): Exemption | undefined {
  const name = workload.name || (text(valueAt(workload.object, ['metadata', 'generateName'])) ?? '');
  return exemptions.find(
    (exemption) =>
      matchesAny(exemption.namespaces, workload.namespace || 'default') &&
      matchesAny(exemption.kinds, workload.kind) &&
      matchesAny(exemption.names, name) &&
      matchesAny(exemption.containers, container) &&
      matchesAny(exemption.rules, rule),
  );
}

const matchesAny = (globs: readonly string[] | undefined, value: string): boolean =>
  globs === undefined || globs.some((glob) => matchesGlob(glob, value));
