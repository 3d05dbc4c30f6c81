/** Where lines begin and end in a text, whatever its line breaks. */

export const lineBreakOf = (text: string): string => {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
};

export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** The offset of the line break that ends the line, or of the text's end. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed < 0) return text.length;
  return feed > offset && text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** The white space that the line of this offset starts with. */
export function indentation(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? '';
}

/** Is there only white space before this offset on its line? */
export const isFirstOnLine = (text: string, offset: number): boolean => text.slice(lineStart(text, offset), offset).trim() === '';
