import { applyEdits, type Edit } from '../core/edit.ts';
import { type Path, pointer } from '../core/path.ts';
import type { Policy } from '../core/policy.ts';
import { describeProblem, type FieldProblem } from './policy-problem.ts';
import { readPolicy } from './read-policy.ts';

export interface StoredPolicyReading {
  /** Absent where what is wrong cannot be left out. */
  readonly policy?: Policy;
  /** What was left out, or what is wrong, in sentences: for the policy's status and the log. */
  readonly problems: readonly string[];
}

/**
 * Reads a policy that the API server has already taken. What this release does not know is then not a mistake but most likely from a
 * later one, after a rollback, and the rest stays in force: without it, the whole cluster would go back to warnings. What is left out
 * is a part that means nothing alone: a new field of the spec, a threshold, a rule's setting, an exemption or an endpoint as a whole (never
 * one of its limits, which would widen it).
 */
export function readStoredPolicy(value: unknown): StoredPolicyReading {
  const { policy, problems } = readPolicy(value);
  if (policy !== undefined) return { policy, problems: [] };
  const told = problems.map(describeProblem);
  const places = new Map<string, Path>();
  for (const problem of problems) {
    const at = dispensable(problem);
    if (at === undefined) return { problems: told };
    places.set(pointer(at), at);
  }
  const again = readPolicy(
    applyEdits(
      value,
      [...places.values()].toSorted(lastFirst).map((at): Edit => ({ op: 'remove', at })),
    ),
  );
  if (again.policy === undefined) return { problems: [...told, ...again.problems.map(describeProblem)] };
  return { policy: again.policy, problems: told.map((problem) => `left out: ${problem}`) };
}

/** The smallest part around a problem that the policy can do without. */
function dispensable({ at, target }: FieldProblem): Path | undefined {
  const [root, field, index] = at;
  if (root !== 'spec') return undefined;
  if (typeof index === 'number' && LISTS.has(field)) return at.slice(0, 3);
  const own = at.length === 2 || (at.length === 3 && field === 'thresholds');
  return target === 'key' && own ? at : undefined;
}

const LISTS: ReadonlySet<unknown> = new Set(['rules', 'exemptions', 'endpoints', 'workloads']);

/** The later entries of a list go first, so that the places of the others stay. */
function lastFirst(a: Path, b: Path): number {
  const [left, right] = [a.at(-1), b.at(-1)];
  return typeof left === 'number' && typeof right === 'number' ? right - left : 0;
}
