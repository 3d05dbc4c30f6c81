import type { Edit } from '../core/edit.ts';
import { isObject, type Json, type JsonObject, property, text, valueAt } from '../core/json.ts';
import { samePath, startsWith } from '../core/path.ts';
import { annotationsOf, containersOf, type Workload } from '../core/workload.ts';

/**
 * On the metadata of whatever we patched: what we put in, as JSON, by container.
 * `{"orders":{"livenessProbe":{"timeoutSeconds":5},"startupProbe":{…}}}`
 */
export const PATCHED_ANNOTATION = 'probewise.dev/patched';

/** By container, then by probe: the numbers that we set, and a whole startupProbe where it is ours. */
export type Marker = ReadonlyMap<string, JsonObject>;

/** What the marker says, or nothing where it is not ours to read: a user may have written anything there. */
export function readMarker(workload: Workload): Marker {
  const value = text(property(annotationsOf(workload.object), PATCHED_ANNOTATION));
  if (value === undefined) return new Map();
  try {
    const parsed: unknown = JSON.parse(value);
    if (!isObject(parsed)) return new Map();
    return new Map(Object.entries(parsed).flatMap(([name, probes]) => (isObject(probes) ? [[name, probes]] : [])));
  } catch {
    return new Map();
  }
}

/** A container in the marker: by its name, which is unique in a pod spec; the few kinds with several pod specs number them. */
export function markerKey(workload: Workload, at: Edit['at']): string | undefined {
  for (const { container, pod } of containersOf(workload)) {
    if (!startsWith(at, container.at)) continue;
    const index = workload.pods.indexOf(pod);
    return index === 0 ? container.name : `${index}/${container.name}`;
  }
  return undefined;
}

/** The edits that bring the marker in step with the edits made: nothing left behind where nothing of ours is left. */
export function markerEdits(workload: Workload, edits: readonly Edit[]): Edit[] {
  const marker = new Map<string, JsonObject>(readMarker(workload));
  for (const edit of edits) {
    const key = markerKey(workload, edit.at);
    const container = containersOf(workload).find((item) => markerKey(workload, item.container.at) === key)?.container;
    if (key === undefined || container === undefined) continue;
    const [probe, field] = edit.at.slice(container.at.length).map(String);
    if (probe !== undefined) marker.set(key, withEdit(marker.get(key) ?? {}, probe, field, edit));
  }
  for (const [name, probes] of marker) {
    const left = Object.entries(probes).filter(([probe]) => isThere(workload, name, probe, edits));
    if (left.length > 0) marker.set(name, Object.fromEntries(left));
    else marker.delete(name);
  }

  const at = ['metadata', 'annotations', PATCHED_ANNOTATION];
  const has = Object.hasOwn(annotationsOf(workload.object), PATCHED_ANNOTATION);
  if (marker.size === 0) return has ? [{ op: 'remove', at }] : [];
  const value = JSON.stringify(inOrder(Object.fromEntries(marker)));
  return property(annotationsOf(workload.object), PATCHED_ANNOTATION) === value ? [] : [{ op: 'set', at, value }];
}

/**
 * With sorted keys: the same marks are the same text, in whatever order they came about. A Deployment's generation rises with its
 * annotations (seen where a Deployment goes over from client-side to server-side apply, which patches it anew).
 */
const inOrder = (value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, item]) => [key, inOrder(item)]),
      )
    : value;

/** Does the probe still exist once the edits are made? The user may have taken away what we once changed. */
function isThere(workload: Workload, name: string, probe: string, edits: readonly Edit[]): boolean {
  const at = containersOf(workload).find(({ container }) => markerKey(workload, container.at) === name)?.container.at;
  if (at === undefined) return false;
  const edit = edits.find((candidate) => samePath(candidate.at, [...at, probe]));
  return edit === undefined ? valueAt(workload.object, [...at, probe]) !== undefined : edit.op === 'set';
}

function withEdit(probes: JsonObject, probe: string, field: string | undefined, edit: Edit): JsonObject {
  const others = Object.entries(probes).filter(([name]) => name !== probe);
  if (edit.op === 'remove') return Object.fromEntries(others);
  if (field === undefined) return Object.fromEntries([...others, [probe, edit.value]]);
  const numbers = property(probes, probe);
  const merged: { [key: string]: unknown } = { ...(isObject(numbers) ? numbers : {}), [field]: edit.value satisfies Json };
  return Object.fromEntries([...others, [probe, merged]]);
}
