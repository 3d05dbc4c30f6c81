import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import { isObject, list, property, text } from '../core/json.ts';
import { display, type Path } from '../core/path.ts';
import type { Policy } from '../core/policy.ts';
import { quoted } from '../core/suggest.ts';
import { oneLine } from '../core/text.ts';
import type { FieldProblem } from './policy-problem.ts';
import { API_VERSION, KIND } from './policy-schema.ts';
import { readPolicy } from './read-policy.ts';

interface PolicyFileProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The field as people write it: `spec.rules[0].name`; empty where it is about the whole file. */
  readonly path: string;
  readonly message: string;
}

export interface PolicyFile {
  /** In the order of the file. To be used only where there are no problems: a file is taken whole or not at all. */
  readonly policies: readonly Policy[];
  readonly problems: readonly PolicyFileProblem[];
}

/** Reads YAML of several documents, or JSON, with `List`s in it. Never throws. `fileName` is only for the problems. */
export function loadPolicies(source: string, fileName: string): PolicyFile {
  const lines = new LineCounter();
  const policies: Policy[] = [];
  const problems: PolicyFileProblem[] = [];
  const report = (offset: number, path: Path, message: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push({ file: fileName, line: Math.max(1, line), column: Math.max(1, col), path: display(path), message });
  };

  for (const document of parse(source, lines, report)) {
    const object = plain(document, report);
    for (const { value, at } of objectsIn(object)) {
      const told = (problem: FieldProblem): void => {
        const path = [...at, ...problem.at];
        report(offsetOf(document, path, problem.target), path, problem.message);
      };
      const foreign = isForeign(value);
      if (foreign !== undefined) {
        told(foreign);
        continue;
      }
      const { policy, problems: wrong } = readPolicy(value);
      for (const problem of wrong) told(problem);
      if (policy === undefined) continue;
      if (policies.some(({ name }) => name === policy.name)) {
        told({ at: ['metadata', 'name'], target: 'value', message: `there is a policy ${quoted(policy.name)} before this one` });
      }
      policies.push(policy);
    }
  }
  if (policies.length === 0 && problems.length === 0) report(0, [], `there is no ${KIND} in this file`);
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return { policies, problems };
}

type Report = (offset: number, path: Path, message: string) => void;

function parse(source: string, lines: LineCounter, report: Report): Document.Parsed[] {
  try {
    const documents = parseAllDocuments(source, { lineCounter: lines, prettyErrors: false, merge: true, logLevel: 'silent' });
    if (!Array.isArray(documents)) return [];
    return documents.filter((document) => {
      const [error] = document.errors;
      if (error === undefined) return true;
      const hint = source.includes('{{') ? ' This looks like a Helm template: render it with `helm template` first.' : '';
      report(error.pos[0], [], `this is neither YAML nor JSON: ${oneLine(error.message)}.${hint}`);
      return false;
    });
  } catch (error) {
    report(0, [], unreadable(error));
    return [];
  }
}

function plain(document: Document.Parsed, report: Report): unknown {
  try {
    return document.toJS();
  } catch (error) {
    report(document.range[0], [], unreadable(error));
    return null;
  }
}

/** The parser gives up on aliases that multiply, and on nesting that exhausts the stack. */
const unreadable = (error: unknown): string =>
  error instanceof RangeError
    ? 'this is nested too deeply'
    : `this cannot be read: ${error instanceof Error ? oneLine(error.message) : ''}`;

function objectsIn(value: unknown): { value: unknown; at: Path }[] {
  if (value === null || value === undefined) return [];
  const kind = text(property(value, 'kind'));
  if (kind !== 'List' && kind !== `${KIND}List`) return [{ value, at: [] }];
  return list(property(value, 'items')).map((item, index) => ({ value: item, at: ['items', index] }));
}

function isForeign(value: unknown): FieldProblem | undefined {
  if (!isObject(value))
    return { at: [], target: 'value', message: `a ${KIND} is an object with apiVersion, kind, metadata and spec` };
  const kind = text(property(value, 'kind'));
  if (kind !== undefined && kind !== KIND) {
    return {
      at: ['kind'],
      target: 'value',
      message: `this is a ${quoted(kind)}: a policy file holds objects of kind ${KIND} and no others`,
    };
  }
  const version = text(property(value, 'apiVersion'));
  if (version !== undefined && version !== API_VERSION) {
    return { at: ['apiVersion'], target: 'value', message: `this is ${quoted(version)}, and this release reads ${API_VERSION}` };
  }
  return undefined;
}

/** Where a field begins in the text: its value, or its key. Where it is missing, the nearest one around it. */
function offsetOf(document: Document.Parsed, path: Path, target: FieldProblem['target']): number {
  let node: unknown = document.contents;
  let offset = document.range[0];
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    let key: unknown;
    if (isSeq(node) && typeof step === 'number') node = node.items[step];
    else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
      key = pair?.key;
      node = pair?.value;
    } else return offset;
    const wanted = (target === 'key' && index === path.length - 1) || !begins(node) ? key : node;
    if (begins(wanted)) offset = wanted.range[0];
  }
  return offset;
}

const begins = (node: unknown): node is { range: [number, number, number] } =>
  isNode(node) && node.range !== null && node.range !== undefined;
