import type { Edit } from '../core/edit.ts';
import { valueAt } from '../core/json.ts';
import { display } from '../core/path.ts';
import type { Judged, JudgeSource } from './judge.ts';
import type { Source } from './input/read.ts';
import { locate } from './yaml/locate.ts';
import { documentsOf, type YamlDocument } from './yaml/parse.ts';
import { rewrite } from './yaml/rewrite.ts';

/** A text with its fixes made, and what is to be said of each. */
export interface FixedSource {
  readonly source: Source;
  readonly text: string;
  readonly changes: readonly Change[];
  readonly refusals: readonly { readonly change: Change; readonly reason: string }[];
}

interface Change {
  readonly line: number;
  readonly column: number;
  /** The object's kind, namespace and name. */
  readonly object: string;
  /** `spec.containers[0].livenessProbe.timeoutSeconds: 1 → 5` */
  readonly what: string;
}

/** Which edits to make in a workload. Their paths start at the object. */
export type EditsOf = (judged: Judged) => readonly Edit[];

export function fixSource(source: Source, judge: JudgeSource, editsOf: EditsOf): FixedSource {
  const documents = source.parsed ?? [...documentsOf(source)];
  const wanted = new Map<YamlDocument, Edit[]>();
  const origins = new Map<Edit, Judged>();
  for (const judged of judge({ ...source, parsed: documents })) {
    for (const edit of editsOf(judged)) {
      const placed = { ...edit, at: [...judged.at, ...edit.at] };
      origins.set(placed, judged);
      const edits = wanted.get(judged.document) ?? [];
      edits.push(placed);
      wanted.set(judged.document, edits);
    }
  }
  if (wanted.size === 0) return { source, text: source.text, changes: [], refusals: [] };
  const all = [...wanted].map(([document, edits]) => ({ document, edits }));
  const { text, done, refused } = rewrite(source, all, documents);
  const change = (edit: Edit): Change[] => {
    const judged = origins.get(edit);
    return judged === undefined ? [] : [describeChange(judged, edit)];
  };
  return {
    source,
    text,
    changes: [...done.values()].flat().flatMap(change),
    refusals: [...refused.values()].flat().flatMap(({ edit, reason }) => change(edit).map((item) => ({ change: item, reason }))),
  };
}

function describeChange({ source, document, at, workload }: Judged, edit: Edit): Change {
  const { line, column } = locate(document, source, edit.at);
  const path = edit.at.slice(at.length);
  const before = shown(valueAt(workload.object, path));
  const after = edit.op === 'remove' ? 'removed' : shown(edit.value);
  return {
    line,
    column,
    object: `${workload.kind} ${workload.namespace}/${workload.name}`,
    what: `${display(path)}: ${before === undefined ? after : `${before} → ${after}`}`,
  };
}

const shown = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
