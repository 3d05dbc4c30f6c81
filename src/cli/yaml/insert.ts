import { isMap, isScalar, type Pair, Scalar, type YAMLMap } from 'yaml';
import type { Json } from '../../core/json.ts';
import { indentation, isFirstOnLine, lineBreakOf, lineEnd, lineStart } from './layout.ts';
import { keyText, lastOffset, span } from './node.ts';
import type { YamlDocument } from './parse.ts';
import { blockEntryLines, flowEntry, type FlowStyle, flowText, jsonEntryLines, PLAIN_FLOW } from './render.ts';
import type { Replacement } from './replacement.ts';

export type Entry = readonly [key: string, value: Json];

/** Puts keys that it does not have into a map, in the map's own style, or undefined where that cannot be done. */
export function insertInto(
  text: string,
  document: YamlDocument,
  map: YAMLMap,
  entries: readonly Entry[],
  removed: ReadonlySet<Pair>,
): Replacement[] | undefined {
  const kept = map.items.filter((item) => !removed.has(item));
  if (map.flow === true) {
    const root = document.contents;
    const rootItem = isFlowMap(root) ? root.items.at(-1) : undefined;
    const usual = isFlowMap(root) && rootItem !== undefined ? styleOf(text, root, rootItem) : PLAIN_FLOW;
    return insertIntoFlow(text, map, entries, kept, usual);
  }
  const replacements = entries.map((entry) => insertIntoBlock(text, map, entry, kept));
  return replacements.every((item) => item !== undefined) ? replacements : undefined;
}

/** A probe stands beside the other probes, anything else at the end. */
function neighbour(items: readonly Pair[], key: string): Pair | undefined {
  const probe = key.endsWith('Probe') ? items.findLast((item) => keyText(item)?.endsWith('Probe') === true) : undefined;
  return probe ?? items.at(-1);
}

function insertIntoBlock(text: string, map: YAMLMap, [key, value]: Entry, items: readonly Pair[]): Replacement | undefined {
  const after = neighbour(items, key);
  const end = lastOffset(after);
  // The map's own beginning, not a key's: a key may stand behind a question mark.
  const start = span(map)?.[0];
  if (after === undefined || end === undefined || start === undefined) return undefined;
  const lineBreak = lineBreakOf(text);
  const column = start - lineStart(text, start);
  const indent = ' '.repeat(column);
  const lines =
    isFlowMap(after.value) && isObject(value) && isSingleLine(text, after.value)
      ? [flowEntry(key, value, { ...PLAIN_FLOW, padding: paddingOf(text, after.value) })]
      : blockEntryLines(key, value, stepOf(text, column, items));
  const entry = lines.map((line) => (line === '' ? '' : indent + line)).join(lineBreak);
  // A block scalar ends behind its line break, anything else before it, perhaps with a comment in between.
  const behindBreak = text[end - 1] === '\n';
  const at = commentsEnd(text, behindBreak ? end - 1 : lineEnd(text, end), column);
  if (behindBreak && at < end) return { start: end, end, text: entry + lineBreak };
  return { start: at, end: at, text: lineBreak + entry };
}

/** The end of the comments on the lines below that stand deeper than a column, and so belong to what is above them; or the offset given. */
function commentsEnd(text: string, offset: number, column: number): number {
  let end = offset;
  for (let feed = text.indexOf('\n', offset); feed >= 0;) {
    const start = feed + 1;
    const next = lineEnd(text, start);
    const line = text.slice(start, next);
    const depth = line.search(/\S/);
    if (depth >= 0 && (line[depth] !== '#' || depth <= column)) break;
    if (depth >= 0) end = next;
    feed = text.indexOf('\n', next);
  }
  return end;
}

const isFlowMap = (node: unknown): node is YAMLMap => isMap(node) && node.flow === true;

const isObject = (value: Json): boolean => typeof value === 'object' && value !== null;

function isSingleLine(text: string, node: YAMLMap): boolean {
  const range = span(node);
  return range !== undefined && !text.slice(...range).includes('\n');
}

const paddingOf = (text: string, map: YAMLMap): string => (/^\{\s/.test(text.slice(...(span(map) ?? [0, 0]))) ? ' ' : '');

/** By how many columns the file indents: as the first nested map here does, or two. */
function stepOf(text: string, column: number, items: readonly Pair[]): number {
  for (const { value } of items) {
    const inner = isMap(value) && value.flow !== true ? span(value)?.[0] : undefined;
    if (inner === undefined) continue;
    const step = inner - lineStart(text, inner) - column;
    if (step >= 1 && step <= 8) return step;
  }
  return 2;
}

function insertIntoFlow(
  text: string,
  map: YAMLMap,
  entries: readonly Entry[],
  items: readonly Pair[],
  usual: FlowStyle,
): Replacement[] | undefined {
  const range = span(map);
  if (range === undefined || text[range[1] - 1] !== '}') return undefined;
  const last = items.at(-1);
  if (last === undefined) {
    return [{ start: range[0], end: range[1], text: flowText(Object.fromEntries(entries), usual) }];
  }
  const key = span(last.key);
  const end = lastOffset(last);
  if (key === undefined || end === undefined) return undefined;
  const style = styleOf(text, map, last);
  const before = lastOffset(items.at(-2)) ?? range[0];
  if (!text.slice(before, key[0]).includes('\n') || !isFirstOnLine(text, key[0])) {
    const added = entries.map(([name, value]) => style.comma + flowEntry(name, value, style)).join('');
    return [{ start: end, end, text: added }];
  }
  return insertLines(text, range[0], key[0], end, entries, style);
}

/** One key a line, as the map has it: the comma goes behind the value before, the new lines behind that line's comment. */
function insertLines(
  text: string,
  open: number,
  key: number,
  end: number,
  entries: readonly Entry[],
  style: FlowStyle,
): Replacement[] {
  const lineBreak = lineBreakOf(text);
  const indent = indentation(text, key);
  const outer = indentation(text, open);
  const step =
    indent.startsWith(outer) && indent.length > outer.length ? indent.slice(outer.length) : indent.includes('\t') ? '\t' : '  ';
  const written = entries.map(([name, value]) => {
    const lines = style.quoted ? jsonEntryLines(name, value, style.colon, step) : [flowEntry(name, value, style)];
    return lines.map((line) => lineBreak + indent + line).join('');
  });
  const eol = lineEnd(text, end);
  const rest = /^[ \t]*(,?)[ \t]*(#.*)?$/.exec(text.slice(end, eol));
  if (rest === null) return [{ start: end, end, text: `,${written.join(',')}` }];
  if (rest[1] === ',') return [{ start: eol, end: eol, text: written.map((entry) => `${entry},`).join('') }];
  return [
    { start: end, end, text: ',' },
    { start: eol, end: eol, text: written.join(',') },
  ];
}

function styleOf(text: string, map: YAMLMap, last: Pair): FlowStyle {
  const quoted = isScalar(last.key) && last.key.type === Scalar.QUOTE_DOUBLE;
  const between = text.slice(span(last.key)?.[1] ?? 0, span(last.value)?.[0] ?? 0);
  const compact = quoted && between === ':';
  return { quoted, colon: compact ? ':' : ': ', comma: compact ? ',' : ', ', padding: quoted ? '' : paddingOf(text, map) };
}
