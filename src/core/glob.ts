/**
 * Does the text match the glob? `*` is any text, `?` one character, all else is itself. Globs come from policies, so this takes
 * time in the product of the lengths at worst, and never builds a regular expression that could backtrack without bound.
 */
export function matchesGlob(glob: string, value: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let pattern = 0;
  while (at < value.length) {
    const symbol = glob[pattern];
    if (symbol === '*') {
      star = pattern++;
      resume = at;
    } else if (symbol === '?' || symbol === value[at]) {
      pattern++;
      at++;
    } else if (star >= 0) {
      pattern = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (glob[pattern] === '*') pattern++;
  return pattern === glob.length;
}
