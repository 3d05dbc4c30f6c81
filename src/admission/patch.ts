import type { Edit } from '../core/edit.ts';
import { isObject, type Json, valueAt } from '../core/json.ts';
import { pointer } from '../core/path.ts';
import type { Workload } from '../core/workload.ts';

export type Operation =
  | { readonly op: 'add'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

/**
 * Edits as a JSON Patch (RFC 6902). A patch that does not apply rejects the request even under `failurePolicy: Ignore`, so there
 * are only `add`s into objects that are there (`add` also replaces) and `remove`s of what is there.
 */
export function toOperations(workload: Workload, edits: readonly Edit[]): Operation[] {
  const operations: Operation[] = [];
  const needsAnnotations = edits.some(({ op, at }) => op === 'set' && at[0] === 'metadata');
  if (needsAnnotations && !isObject(valueAt(workload.object, ['metadata', 'annotations']))) {
    operations.push({ op: 'add', path: '/metadata/annotations', value: {} });
  }
  for (const edit of edits) {
    const path = pointer(edit.at);
    if (edit.op === 'set') operations.push({ op: 'add', path, value: edit.value });
    else if (valueAt(workload.object, edit.at) !== undefined) operations.push({ op: 'remove', path });
  }
  return operations;
}
