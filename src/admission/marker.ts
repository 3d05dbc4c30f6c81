import type { Container } from '../core/container.ts';
import type { Edit } from '../core/edit.ts';
import { isObject, type Json, type JsonObject, property, text, valueAt } from '../core/json.ts';
import { samePath, startsWith } from '../core/path.ts';
import { annotationsOf, type Workload } from '../core/workload.ts';

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

/** Containers as the marker names them: by their name, unique in a pod spec; the few kinds with several pod specs number them. */
export function markedContainers(workload: Workload): ReadonlyMap<string, Container> {
  const named = new Map<string, Container>();
  workload.pods.forEach((pod, index) => {
    for (const container of pod.containers) named.set(index === 0 ? container.name : `${index}/${container.name}`, container);
  });
  return named;
}

/** The edits that bring the marker in step with the edits made: nothing left behind where nothing of ours is left. */
export function markerEdits(workload: Workload, edits: readonly Edit[]): Edit[] {
  const recorded = readMarker(workload);
  if (edits.length === 0 && recorded.size === 0 && !isMarked(workload)) return [];
  const marker: [string, JsonObject][] = [];
  for (const [name, container] of markedContainers(workload)) {
    const own = edits.filter(({ at }) => startsWith(at, container.at));
    const before = recorded.get(name);
    if (before === undefined && own.length === 0) continue;
    const marks = own.reduce((probes, edit) => withEdit(probes, container, edit), before ?? {});
    const left = Object.entries(marks).filter(([probe]) => isThere(workload, container, probe, own));
    if (left.length > 0) marker.push([name, Object.fromEntries(left)]);
  }

  const at = ['metadata', 'annotations', PATCHED_ANNOTATION];
  if (marker.length === 0) return isMarked(workload) ? [{ op: 'remove', at }] : [];
  const value = JSON.stringify(inOrder(Object.fromEntries(marker)));
  return property(annotationsOf(workload.object), PATCHED_ANNOTATION) === value ? [] : [{ op: 'set', at, value }];
}

const isMarked = (workload: Workload): boolean => Object.hasOwn(annotationsOf(workload.object), PATCHED_ANNOTATION);

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
function isThere(workload: Workload, container: Container, probe: string, edits: readonly Edit[]): boolean {
  const at = [...container.at, probe];
  const edit = edits.find((candidate) => samePath(candidate.at, at));
  return edit === undefined ? valueAt(workload.object, at) !== undefined : edit.op === 'set';
}

function withEdit(probes: JsonObject, container: Container, edit: Edit): JsonObject {
  const [probe, field] = edit.at.slice(container.at.length).map(String);
  if (probe === undefined) return probes;
  const others = Object.entries(probes).filter(([name]) => name !== probe);
  if (edit.op === 'remove') return Object.fromEntries(others);
  if (field === undefined) return Object.fromEntries([...others, [probe, edit.value]]);
  const numbers = property(probes, probe);
  const merged: { [key: string]: unknown } = { ...(isObject(numbers) ? numbers : {}), [field]: edit.value satisfies Json };
  return Object.fromEntries([...others, [probe, merged]]);
}
