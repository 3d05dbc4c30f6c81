import { isObject, property, text } from '../../core/json.ts';
import type { Path } from '../../core/path.ts';

/** An object of a document: the document itself, or an item of a List. */
export interface DocumentObject {
  readonly object: unknown;
  /** From the root of the document to the object. */
  readonly at: Path;
}

/** Lists in Lists: nobody writes more than one, and the depth must have a bound. */
const MAX_DEPTH = 8;

/** Items of a `DeploymentList` may leave out apiVersion and kind: the list's own name says them. */
export function* objectsIn(object: unknown, at: Path = []): Generator<DocumentObject> {
  const kind = text(property(object, 'kind'));
  const items = property(object, 'items');
  if (kind === undefined || !kind.endsWith('List') || !Array.isArray(items) || at.length >= 2 * MAX_DEPTH) {
    yield { object, at };
    return;
  }
  const implied = kind === 'List' ? {} : { apiVersion: property(object, 'apiVersion'), kind: kind.slice(0, -'List'.length) };
  for (const [index, item] of items.entries()) {
    yield* objectsIn(isObject(item) ? { ...implied, ...item } : item, [...at, 'items', index]);
  }
}

export const isKubernetes = (object: unknown): boolean =>
  text(property(object, 'apiVersion')) !== undefined && text(property(object, 'kind')) !== undefined;
