import { readdirSync, readFileSync } from 'node:fs';
import safe from 'safe-regex2';
import { describe, expect, it } from 'vitest';

/** Every regular expression that stands in the source as a literal, with where it stands. */
function literals(): { where: string; pattern: string; flags: string }[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      readFileSync(`src/${file}`, 'utf8')
        .split('\n')
        .flatMap((line, index) => {
          if (/^\s*(?:\*|\/\/|\/\*)/.test(line)) return [];
          // A literal stands where a value may: after an opening, an operator or a keyword.
          const found = [
            ...line.matchAll(/(?:^|[(,=:[!&|?{};]|return|=>)\s*\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g),
          ];
          return found
            .filter(([, pattern = '']) => !pattern.startsWith('*') && !pattern.startsWith('/') && !pattern.includes('`'))
            .map(([, pattern = '', flags = '']) => ({ where: `${file}:${index + 1}`, pattern, flags }));
        }),
    );
}

/** Texts on which a pattern that tries every split of its input takes very long. */
const NASTY = ['a', '0', ' ', '-', '.', '/', 'a-', '1.', '$(', 'x=', '"'].map((unit) => `${unit.repeat(20_000)}\u0000`);

/** The pattern with what repeats a bounded number of times taken once: safe-regex2 counts `?` and `{1,5}` as if they had no bound. */
const unboundedParts = (pattern: string): string =>
  pattern
    .replaceAll(/\\[pP]\{[^}]*\}/g, 'p')
    .replaceAll(/\{\d+(?:,\d+)?\}/g, '')
    .replaceAll('(?:', '(')
    // `(\.label)*`: each turn begins with a dot, which nothing else in it takes, so there is one way to split a text.
    .replaceAll(/\(\\\.(?:[^().]|\([^().]*\))*\)\*/g, 'D*')
    .replaceAll(/(?<=[)\]\w.*+])\?/g, '');

describe('no regular expression of ours can backtrack without bound', () => {
  const all = literals();

  it('finds the literals', () => {
    expect(all.length).toBeGreaterThan(10);
  });

  it.each(all)('$where /$pattern/', ({ pattern, flags }) => {
    const expression = new RegExp(pattern, flags);
    expect(safe(unboundedParts(pattern))).toBe(true);
    const start = performance.now();
    for (const text of NASTY) expression.test(text);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('builds none from what comes from outside', () => {
    const built = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .filter((file) => /new RegExp\(|RegExp\(/.test(readFileSync(`src/${file}`, 'utf8')));
    expect(built).toEqual([]);
  });
});
