import type { Edit } from '../core/edit.ts';
import { applyEdits } from '../core/edit.ts';
import type { Evaluate } from '../core/evaluate.ts';
import type { Json } from '../core/json.ts';
import { type Path, startsWith } from '../core/path.ts';
import { readWorkload } from '../core/workload.ts';
import { unsafeFixes } from '../knowledge/unsafe-fixes.ts';
import type { Judged } from './judge.ts';

export interface UnsafeEdits {
  readonly edits: readonly Edit[];
  /** For each check that is moved, a sentence for the person who has to say yes. */
  readonly reasons: readonly { readonly container: string; readonly at: Path; readonly reason: string }[];
}

/** Checks moved to where they do no harm, and then what is safe to make of the result. */
export function unsafeEdits({ workload, policy, evaluation }: Judged, evaluate: Evaluate): UnsafeEdits {
  const fixes = unsafeFixes(workload, policy);
  if (fixes.length === 0) return { edits: evaluation.edits, reasons: [] };
  const moved = fixes.flatMap(({ edits }) => edits);
  const after = readWorkload(applyEdits(workload.object, moved), [workload.type]);
  const safe = after === undefined ? [] : evaluate({ ...after, namespace: workload.namespace }, policy).edits;
  return {
    edits: safe.reduce<readonly Edit[]>(joined, moved),
    reasons: fixes.map(({ container, edits, reason }) => ({ container, at: edits[0]?.at ?? [], reason })),
  };
}

/** One more edit; what changes a value that an edit before it puts there becomes a part of that value. */
function joined(edits: readonly Edit[], edit: Edit): readonly Edit[] {
  const around = edits.findLast((before) => before.op === 'set' && startsWith(edit.at, before.at));
  if (around?.op !== 'set' || edit.op !== 'set') return [...edits, edit];
  const value = withValue(around.value, edit.at.slice(around.at.length), edit.value);
  return edits.map((before) => (before === around ? { ...around, value } : before));
}

function withValue(whole: Json, [step, ...rest]: Path, value: Json): Json {
  if (step === undefined) return value;
  const entries = typeof whole === 'object' && whole !== null ? Object.entries(whole) : [];
  const key = String(step);
  const inner = entries.find(([name]) => name === key)?.[1] ?? {};
  return Object.fromEntries([...entries.filter(([name]) => name !== key), [key, withValue(inner, rest, value)]]);
}
