import { distance } from 'fastest-levenshtein';
import { cut, oneLine } from './text.ts';

/** The one that was probably meant, or undefined where none is near: at most a third of the letters differ, whatever their case. */
export function nearest<T extends string>(word: string, known: readonly T[]): T | undefined {
  // Words come from strangers, and the distance takes time in the product of the lengths.
  if (word.length > 100) return undefined;
  const lower = word.toLowerCase();
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const steps = distance(lower, candidate.toLowerCase());
    if (steps < least) [best, least] = [candidate, steps];
  }
  // Two letters changed places are two steps: so two are allowed, but not in a word that hardly has more.
  return best !== undefined && least <= Math.max(best.length > 3 ? 2 : 1, Math.floor(best.length / 3)) ? best : undefined;
}

/** ` Did you mean "…"?`, to be put after a sentence, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === undefined ? '' : ` Did you mean "${meant}"?`;
}

/** A stranger's text in a message: one line, not too long, in quotes. */
export const quoted = (text: string): string => `"${cut(oneLine(text), 63)}"`;
