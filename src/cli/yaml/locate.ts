import { isMap, isSeq } from 'yaml';
import type { Path } from '../../core/path.ts';
import { findPair, lastOffset, span, target } from './node.ts';
import type { SourceText, YamlDocument } from './parse.ts';

/** A stretch of source text. Lines and columns count from 1, columns in UTF-16 units; the end is the one behind the last character. */
export interface Region {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/**
 * Where a field stands: its key, together with its value where that is a plain scalar on the same line. Where the field is missing,
 * the nearest field around it.
 */
export function locate(document: YamlDocument, source: SourceText, path: Path): Region {
  let node: unknown = document.contents;
  let found: readonly [number, number] = [span(node)?.[0] ?? 0, span(node)?.[0] ?? 0];
  for (const step of path) {
    const holder = target(document, node);
    if (isMap(holder)) {
      const pair = findPair(document, holder, String(step));
      const key = span(pair?.key);
      if (pair === undefined || key === undefined) break;
      node = pair.value;
      found = [key[0], isMap(node) || isSeq(node) ? key[1] : (lastOffset(pair) ?? key[1])];
    } else if (isSeq(holder) && typeof step === 'number') {
      const item = span(holder.items[step]);
      if (item === undefined) break;
      node = holder.items[step];
      found = [item[0], item[0]];
    } else {
      break;
    }
  }
  return regionOf(source, found[0], found[1]);
}

export function regionOf({ lines }: SourceText, start: number, end: number): Region {
  const from = lines.linePos(start);
  const to = lines.linePos(end);
  return {
    line: Math.max(from.line, 1),
    column: Math.max(from.col, 1),
    endLine: Math.max(to.line, 1),
    endColumn: Math.max(to.col, 1),
  };
}

/** How much of a line is shown behind the field: a minified manifest is one line of megabytes. */
const SHOWN_BEHIND = 400;

/** The line that a region starts on, without its line break; of a long line no more than what stands around the region. */
export function excerptOf({ text, lines }: SourceText, { line, column }: Region): string {
  const start = lines.lineStarts[line - 1] ?? text.length;
  const [excerpt = ''] = text.slice(start, start + column + SHOWN_BEHIND).split('\n', 1);
  return excerpt.endsWith('\r') ? excerpt.slice(0, -1) : excerpt;
}
