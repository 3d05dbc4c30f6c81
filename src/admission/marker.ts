import type { Container } from '../core/container.ts';
import { editsByContainer } from '../core/edits-by-container.ts';
import type { Edit } from '../core/edit.ts';
import { isObject, type Json, property, text, valueAt } from '../core/json.ts';
import { PROBE_FIELDS, type ProbeField, readProbe, TIMING_FIELDS, writtenProbe } from '../core/probe.ts';
import { annotationsOf, type Workload } from '../core/workload.ts';

/**
 * On the metadata of whatever we patched: what we put in, as JSON, by container.
 * `{"orders":{"livenessProbe":{"timeoutSeconds":5},"startupProbe":{…}}}`
 */
export const PATCHED_ANNOTATION = 'probewise.dev/patched';

/** What we put into one container: numbers of its probes, or a whole startupProbe. */
export type Marks = { readonly [field in ProbeField]?: { readonly [key: string]: Json } };

/** By container. */
export type Marker = ReadonlyMap<string, Marks>;

/** What the marker says. A user may have written anything there: what is none of our marks is left out. */
export function readMarker(workload: Workload): Marker {
  const value = text(property(annotationsOf(workload.object), PATCHED_ANNOTATION));
  const parsed = value === undefined ? undefined : parse(value);
  if (!isObject(parsed)) return new Map();
  return new Map(Object.entries(parsed).map(([name, marks]) => [name, readMarks(marks)]));
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function readMarks(value: unknown): Marks {
  const marks: { [field in ProbeField]?: { readonly [key: string]: Json } } = {};
  for (const field of PROBE_FIELDS) {
    const own = property(value, field);
    const probe = field === 'startupProbe' ? readProbe(own) : undefined;
    const written = probe === undefined ? numbersOf(own) : writtenProbe(probe);
    if (Object.keys(written).length > 0) marks[field] = written;
  }
  return marks;
}

function numbersOf(value: unknown): { readonly [key: string]: number } {
  return Object.fromEntries(
    TIMING_FIELDS.flatMap((field) => {
      const number = property(value, field);
      return typeof number === 'number' ? [[field, number]] : [];
    }),
  );
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
  const edited = editsByContainer(workload, edits);
  const marker: [string, Marks][] = [];
  for (const [name, container] of markedContainers(workload)) {
    const marks = marksAfter(workload, container, recorded.get(name) ?? {}, edited.get(container) ?? []);
    if (Object.keys(marks).length > 0) marker.push([name, marks]);
  }

  const at = ['metadata', 'annotations', PATCHED_ANNOTATION];
  if (marker.length === 0) return isMarked(workload) ? [{ op: 'remove', at }] : [];
  const value = JSON.stringify(inOrder(Object.fromEntries(marker)));
  return property(annotationsOf(workload.object), PATCHED_ANNOTATION) === value ? [] : [{ op: 'set', at, value }];
}

/** apimachinery pkg/api/validation/objectmeta.go, TotalAnnotationSizeLimitB: keys and values together, in bytes. */
const ANNOTATIONS_AT_MOST = 256 * 1024;

/** A patch that leaves the annotations too long makes a legal request fail: then the object is better left alone. */
export function annotationsFit(workload: Workload, edits: readonly Edit[]): boolean {
  const mark = edits.find(({ at }) => at.at(-1) === PATCHED_ANNOTATION);
  if (mark?.op !== 'set') return true;
  const others = Object.entries(annotationsOf(workload.object)).filter(([key]) => key !== PATCHED_ANNOTATION);
  const all = [...others, [PATCHED_ANNOTATION, mark.value]];
  return all.reduce((bytes, [key, value]) => bytes + byteLength(key) + byteLength(value), 0) <= ANNOTATIONS_AT_MOST;
}

const byteLength = (value: unknown): number => (typeof value === 'string' ? Buffer.byteLength(value) : 0);

const isMarked = (workload: Workload): boolean => Object.hasOwn(annotationsOf(workload.object), PATCHED_ANNOTATION);

/** The marks of a container once the edits are made. The user may have taken away what we once changed. */
function marksAfter(workload: Workload, container: Container, before: Marks, edits: readonly Edit[]): Marks {
  const marks: { [field in ProbeField]?: { readonly [key: string]: Json } } = {};
  for (const field of PROBE_FIELDS) {
    const own = edits.filter(({ at }) => at[container.at.length] === field);
    const whole = own.find(({ at }) => at.length === container.at.length + 1);
    if (whole?.op === 'remove') continue;
    if (whole === undefined && (valueAt(workload.object, [...container.at, field]) ?? null) === null) continue;
    const probe = whole === undefined ? undefined : readProbe(whole.value);
    const numbers = own.flatMap((edit) =>
      edit.op === 'set' && edit !== whole ? [[String(edit.at.at(-1)), edit.value] as const] : [],
    );
    const after = { ...(probe === undefined ? before[field] : writtenProbe(probe)), ...Object.fromEntries(numbers) };
    if (Object.keys(after).length > 0) marks[field] = after;
  }
  return marks;
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
