/** What people read: one line, without control characters (the API server drops a warning that has any), not too long. */
const LONGEST_SENTENCE = 200;

export const sentence = (text: string): string => shortened(text, LONGEST_SENTENCE);

/** A text from a manifest, fit to be quoted: its own line breaks and markers must not reach the reader's terminal. */
export const quoted = (text: string, longest = 60): string => shortened(text, longest);

function shortened(text: string, longest: number): string {
  if (text.length <= longest && isPlain(text)) return text;
  // Twice the length is enough to look at: control characters may fall away, and input can be megabytes.
  const clean = text
    .slice(0, longest * 4)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return clean.length <= longest
    ? clean
    : `${clean
        .slice(0, longest - 1)
        .trimEnd()
        .toWellFormed()}…`;
}

/** Printable ASCII without two spaces in a row: nearly every text there is, and nothing to mend in it. */
function isPlain(text: string): boolean {
  let before = 32;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || code > 126 || (code === 32 && before === 32)) return false;
    before = code;
  }
  return true;
}
