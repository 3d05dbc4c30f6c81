/**
 * How well the detector judges liveness probes that people have labelled: `npm run measure:detector FILE.jsonl [--list] [--repository NAME …]`.
 *
 * A line is `{ repo, name, podSpec, labels: [{ container, label }] }`. Every pod spec is wrapped in a Deployment and judged by the real
 * engine under the built-in policy. Labels `dependency`, `readiness-endpoint` and `aggregate-health` are positive, `process-only` is
 * negative, `ambiguous` is left out. Only rules that speak of what liveness asks count; thresholds warn about most probes there are.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isObject, list, property, text } from '../src/core/json.ts';
import type { EffectivePolicy } from '../src/core/policy.ts';
import { type Severity, SEVERITIES } from '../src/core/rule.ts';
import { PROFILES } from '../src/core/thresholds.ts';
import { WORKLOAD_KINDS } from '../src/core/workload-kinds.ts';
import { readWorkload } from '../src/core/workload.ts';
import { evaluate } from '../src/engine.ts';

/** The dependency rules alone, and together with the one that compares liveness with readiness. */
const COUNTED = {
  'what liveness asks': ['liveness-dependency', 'liveness-resource'],
  'with liveness-equals-readiness': ['liveness-dependency', 'liveness-resource', 'liveness-equals-readiness'],
} as const;
const POSITIVE = new Set(['dependency', 'readiness-endpoint', 'aggregate-health']);

const POLICY: EffectivePolicy = {
  policy: 'standard',
  mode: 'Warn',
  patch: 'Never',
  ruleset: 'Latest',
  thresholds: PROFILES.Standard,
  rules: new Map(),
  endpoints: [],
  exemptions: [],
};

interface Judged {
  readonly repository: string;
  readonly where: string;
  readonly label: string;
  readonly positive: boolean;
  readonly severity: Severity | undefined;
  readonly evidence: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean', default: false }, repository: { type: 'string', multiple: true } },
});
const [file] = positionals;
if (file === undefined) {
  console.error('usage: npm run measure:detector FILE.jsonl -- [--list] [--repository NAME …]');
  process.exit(2);
}
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '');

for (const [title, rules] of Object.entries(COUNTED)) {
  const judged = lines
    .flatMap((line) => judge(JSON.parse(line), rules))
    .filter(({ repository }) => values.repository === undefined || values.repository.includes(repository));
  console.log(`\n${title} (${rules.join(', ')}): ${judged.length} labelled liveness probes`);
  report('overall', judged);
  const repositories = [...new Set(judged.map(({ repository }) => repository))].sort();
  for (const repository of repositories)
    report(
      repository,
      judged.filter((item) => item.repository === repository),
    );
  if (values.list) for (const item of judged) showIfWrong(item);
}

function judge(record: unknown, rules: readonly string[]): Judged[] {
  const name = text(property(record, 'name')) ?? '';
  const repository = text(property(record, 'repo')) ?? '';
  const labels = { app: 'x' };
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'x' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: property(record, 'podSpec') } },
  };
  const workload = readWorkload(object, WORKLOAD_KINDS);
  if (workload === undefined) return [];
  const { findings } = evaluate(workload, POLICY);
  return list(property(record, 'labels')).flatMap((label) => {
    const container = text(property(label, 'container')) ?? '';
    const verdict = text(property(label, 'label')) ?? '';
    if (!isObject(label) || (!POSITIVE.has(verdict) && verdict !== 'process-only')) return [];
    const found = findings.filter(
      (finding) => finding.container === container && finding.probe === 'livenessProbe' && rules.includes(finding.rule),
    );
    const worst = SEVERITIES.find((severity) => found.some((finding) => finding.severity === severity));
    const probe = workload.pods[0]?.containers.find((item) => item.name === container)?.livenessProbe;
    return [
      {
        repository,
        where: `${repository} ${name}/${container} ${JSON.stringify(probe?.handler)?.slice(0, 160)}`,
        label: verdict,
        positive: POSITIVE.has(verdict),
        severity: worst,
        evidence: found[0]?.evidence ?? '',
      },
    ];
  });
}

function report(title: string, judged: readonly Judged[]): void {
  const positives = judged.filter(({ positive }) => positive);
  const negatives = judged.filter(({ positive }) => !positive);
  const errors = judged.filter(({ severity }) => severity === 'Error');
  const flagged = (items: readonly Judged[]) => items.filter(({ severity }) => severity === 'Error' || severity === 'Warning');
  const trueErrors = errors.filter(({ positive }) => positive);
  console.log(
    [
      title.padEnd(42),
      `precision of Errors ${share(trueErrors.length, errors.length)}`,
      `recall of Errors ${share(trueErrors.length, positives.length)}`,
      `of Errors + Warnings ${share(flagged(positives).length, positives.length)}`,
      `process-only warned ${share(flagged(negatives).length, negatives.length)}`,
    ].join('  '),
  );
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${(part / whole).toFixed(3)} (${part}/${whole})`;
}

function showIfWrong({ where, label, positive, severity, evidence }: Judged): void {
  const warned = severity === 'Error' || severity === 'Warning';
  if (positive === warned) return;
  console.log(`  ${positive ? 'missed' : 'WRONG '} ${label} ${severity ?? 'nothing'}: ${where}\n         ${evidence}`);
}
