import type { Json } from './json.ts';
import type { Path } from './path.ts';

/** One change to an object, as data: it feeds the JSON Patch, the comment-preserving YAML edit and the report alike. */
export type Edit = { readonly op: 'set'; readonly at: Path; readonly value: Json } | { readonly op: 'remove'; readonly at: Path };

/**
 * What a rule offers to change. `safe` changes make a probe more patient and nothing else: admission and `fix` make them.
 * The others move a check, which needs a person's yes (`fix --unsafe`).
 */
export interface Fix {
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}

/** A new value with the edits made, in order; the input is not touched. Missing objects on the way are created. */
export const applyEdits = (root: unknown, edits: readonly Edit[]): unknown =>
  edits.reduce((value, edit) => applyAt(value, edit, 0), root);

function applyAt(value: unknown, edit: Edit, depth: number): unknown {
  const step = edit.at[depth];
  if (step === undefined) return edit.op === 'set' ? edit.value : undefined;
  const last = depth === edit.at.length - 1;
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    if (typeof step !== 'number') throw new TypeError(`cannot step to ${step} in a list`);
    if (last && edit.op === 'remove') copy.splice(step, 1);
    else copy[step] = applyAt(copy[step], edit, depth + 1);
    return copy;
  }
  const source = typeof value === 'object' && value !== null ? value : {};
  const entries = new Map(Object.entries(source));
  const key = String(step);
  if (last && edit.op === 'remove') entries.delete(key);
  else entries.set(key, applyAt(entries.get(key), edit, depth + 1));
  return Object.fromEntries(entries);
}
