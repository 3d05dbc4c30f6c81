import type { Report, ReportedFinding, ReportedObject } from './report.ts';
import { shownFile } from '../input/problem.ts';

/**
 * JUnit's XML, as CI servers read it: a test suite for each file, a test case for each workload and finding. Errors and Warnings are
 * failures, an Info is output of its case, and what could not be read is an error.
 */
export function renderJunit({ objects, skipped, summary }: Report): string {
  const files = new Set([...objects.map(({ file }) => file), ...skipped.map(({ file }) => file)]);
  const objectsByFile = Map.groupBy(objects, ({ file }) => file);
  const suites = [...files].map((file) => {
    const cases = (objectsByFile.get(file) ?? []).flatMap(objectCases);
    const unread = skipped
      .filter((problem) => problem.file === file)
      .map(({ line, column, message }) => {
        const place = [line, column].filter((part) => part !== undefined).join(':');
        return element('testcase', { name: place === '' ? 'read' : `read ${place}`, classname: shownFile(file) }, [
          element('error', { message, type: 'not-judged' }, []),
        ]);
      });
    const failures = cases.filter((item) => item.includes('<failure ')).length;
    const attributes = { name: shownFile(file), tests: cases.length + unread.length, failures, errors: unread.length };
    return element('testsuite', attributes, [...cases, ...unread]);
  });
  const findings = summary.errors + summary.warnings;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'probewise', failures: findings, errors: skipped.length }, suites)}\n`;
}

function objectCases(object: ReportedObject): string[] {
  const classname = `${object.kind} ${object.namespace}/${object.name}`;
  if (object.findings.length === 0)
    return [element('testcase', { name: 'probes', classname, file: object.file, line: object.line }, [])];
  return object.findings.map((reported) => findingCase(object, classname, reported));
}

function findingCase({ file }: ReportedObject, classname: string, { finding, region, docs }: ReportedFinding): string {
  const { rule, severity, container, probe, message, remedy } = finding;
  const evidence = finding.evidence ?? finding.verdict?.evidence;
  const detail = [`${shownFile(file)}:${region.line}:${region.column}`, evidence, remedy, docs]
    .filter((part) => part !== undefined)
    .join('\n');
  const outcome =
    severity === 'Info'
      ? element('system-out', {}, [escapeXml(`${message}\n${detail}`)])
      : element('failure', { message, type: severity.toLowerCase() }, [escapeXml(detail)]);
  return element('testcase', { name: `${rule} ${container} ${probe}`, classname, file, line: region.line }, [outcome]);
}

function element(name: string, attributes: Readonly<Record<string, string | number>>, content: readonly string[]): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return content.length === 0 ? `<${name}${given.join('')}/>` : `<${name}${given.join('')}>${content.join('\n')}</${name}>`;
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  ['\n', '&#10;'],
  ['\t', '&#9;'],
]);

/** XML 1.0 cannot hold most control characters, not even escaped, nor half a surrogate pair: they become U+FFFD. */
const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[&<>"'\n\t]/g, (character) => ENTITIES.get(character) ?? character)
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, '\uFFFD');
