import type { Pair, YAMLMap } from 'yaml';
import { isFirstOnLine, lineEnd, lineStart } from './layout.ts';
import { lastOffset, span } from './node.ts';
import type { Replacement } from './replacement.ts';

/** Takes a pair out of its map, or undefined where that cannot be done without touching what is around it. */
export function removeFrom(text: string, map: YAMLMap, pair: Pair): Replacement | undefined {
  const at = map.items.indexOf(pair);
  const start = span(pair.key)?.[0];
  const end = lastOffset(pair);
  if (at < 0 || start === undefined || end === undefined) return undefined;
  const before = lastOffset(map.items[at - 1]);
  const next = span(map.items[at + 1]?.key)?.[0];
  if (map.flow === true) {
    if (before !== undefined) return { start: before, end, text: '' };
    return { start, end: next ?? end, text: '' };
  }
  if (!isFirstOnLine(text, start)) return next === undefined ? undefined : { start, end: next, text: '' };
  if (map.items.length === 1) return undefined;
  const from = lineStart(text, start);
  if (text[end - 1] === '\n') return { start: from, end, text: '' };
  const eol = lineEnd(text, end);
  const feed = text.indexOf('\n', eol);
  // The last line of a text without a final line break takes the line break before it along.
  return feed < 0 ? { start: Math.max(0, from - 1), end: eol, text: '' } : { start: from, end: feed + 1, text: '' };
}
