import type { Log, ReportingDescriptor, Result } from 'sarif';
import type { Severity } from '../../core/rule.ts';
import type { Rule } from '../../core/rule.ts';
import { rules as allRules } from '../../rules/index.ts';
import { VERSION } from '../version.ts';
import type { Region } from '../yaml/locate.ts';
import type { Report, ReportedFinding, ReportedObject } from './report.ts';
import { display } from '../../core/path.ts';

const LEVELS = { Error: 'error', Warning: 'warning', Info: 'note' } as const satisfies Record<Severity, string>;

/** SARIF 2.1.0 (OASIS), as GitHub code scanning reads it. */
export function renderSarif({ objects, skipped }: Report, rules: readonly Rule[] = allRules): string {
  const used = [...new Set(objects.flatMap(({ findings }) => findings.map(({ finding }) => finding.rule)))];
  const descriptors = used.map((id) =>
    descriptor(
      id,
      rules.find((rule) => rule.id === id),
    ),
  );
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Probewise', semanticVersion: VERSION, rules: descriptors } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: skipped.length === 0,
            toolExecutionNotifications: skipped.map(({ file, line, column, message }) => ({
              level: 'error',
              message: { text: message },
              locations: [location(file, line === undefined ? undefined : { startLine: line, startColumn: column ?? 1 })],
            })),
          },
        ],
        results: objects.flatMap((object) => object.findings.map((finding) => result(object, finding, used))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor(id: string, rule: Rule | undefined): ReportingDescriptor {
  if (rule === undefined) return { id };
  return {
    id,
    shortDescription: { text: rule.summary },
    help: { text: `${rule.remedy} \`probewise explain ${id}\` says more.` },
    defaultConfiguration: { level: LEVELS[rule.severity] },
  };
}

function result(object: ReportedObject, reported: ReportedFinding, used: readonly string[]): Result {
  const { finding, region, replacements } = reported;
  const evidence = finding.evidence ?? finding.verdict?.evidence;
  const text = [`${finding.message}.`, evidence, finding.remedy].filter((part) => part !== undefined).join(' ');
  const name = `${object.kind} ${object.namespace}/${object.name}`;
  return {
    ruleId: finding.rule,
    ruleIndex: used.indexOf(finding.rule),
    level: LEVELS[finding.severity],
    message: { text },
    locations: [
      {
        ...location(object.file, asRegion(region)),
        logicalLocations: [{ fullyQualifiedName: `${name}/${display(finding.path)}`, kind: 'member' }],
      },
    ],
    // The object belongs to what is the same result: two Deployments may have the same finding.
    partialFingerprints: { 'probewise/v1': JSON.stringify([object.kind, object.namespace, object.name, finding.identity]) },
    properties: { container: finding.container, probe: finding.probe, docs: reported.docs },
    ...(replacements.length > 0 && {
      fixes: [
        {
          description: { text: finding.remedy },
          artifactChanges: [
            {
              artifactLocation: { uri: uriOf(object.file) },
              replacements: replacements.map((replacement) => ({
                deletedRegion: asRegion(replacement.region),
                insertedContent: { text: replacement.text },
              })),
            },
          ],
        },
      ],
    }),
  };
}

const asRegion = ({ line, column, endLine, endColumn }: Region) => ({ startLine: line, startColumn: column, endLine, endColumn });

const location = (file: string, region: object | undefined) => ({
  physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...(region !== undefined && { region }) },
});

/** Relative to where the command ran, which is the root of the repository in CI. */
const uriOf = (file: string): string =>
  file === '-' ? 'stdin' : file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
