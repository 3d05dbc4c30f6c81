import { structuredPatch } from 'diff';
import { stringify } from 'yaml';
import { PROBE_FIELDS, readProbe } from '../../src/core/probe.ts';
import { isObject, list, property, text, valueAt } from '../../src/core/json.ts';
import { withDefaults } from './defaults.ts';

/** What was changed, as the lines of a diff of nothing but probes; empty where nothing was. */
export function probeDiff(manifest: unknown, stored: unknown): string[] {
  const { hunks } = structuredPatch('', '', probes(withDefaults(manifest)), probes(stored), '', '', { context: 9 });
  return hunks.flatMap(({ lines }) => lines);
}

/** The probes of all containers as YAML: Kubernetes' defaults are filled in on both sides, so that only the patch differs. */
function probes(object: unknown): string {
  const containers = list(valueAt(object, ['spec', 'template', 'spec', 'containers']));
  const byName = containers.map((container) => [
    text(property(container, 'name')) ?? '',
    Object.fromEntries(PROBE_FIELDS.flatMap((field) => shown(field, property(container, field)))),
  ]);
  return stringify(Object.fromEntries(byName), { lineWidth: 0 });
}

/** The handler in one line, then the numbers, always in the same order. */
function shown(field: string, value: unknown): [string, unknown][] {
  const probe = readProbe(value);
  if (probe === undefined || !isObject(value)) return [];
  const { handler, initialDelaySeconds, timeoutSeconds, periodSeconds, failureThreshold } = probe;
  const asked =
    handler.kind === 'exec'
      ? handler.command.join(' ')
      : handler.kind === 'httpGet'
        ? `${handler.path} port ${handler.port}`
        : `port ${handler.port}`;
  const delay = initialDelaySeconds > 0 ? { initialDelaySeconds } : {};
  return [[field, { [handler.kind]: asked, ...delay, timeoutSeconds, periodSeconds, failureThreshold }]];
}
