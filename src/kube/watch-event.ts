import { isObject, type JsonObject, property, scalarText, text, valueAt } from '../core/json.ts';

export type WatchEvent =
  | { readonly type: 'put'; readonly object: JsonObject }
  | { readonly type: 'delete'; readonly object: JsonObject }
  /** Nothing has changed up to this version. */
  | { readonly type: 'bookmark'; readonly resourceVersion: string }
  /** The stream goes no further from here. */
  | { readonly type: 'error'; readonly expired: boolean; readonly message: string }
  /** Of no type that we know: newer than we are, and passed over. */
  | { readonly type: 'unknown' }
  /** Not a watch event at all: something may have been lost. */
  | { readonly type: 'unreadable' };

/** One line of a watch. Never throws. */
export function readWatchEvent(line: string): WatchEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return { type: 'unreadable' };
  }
  const type = text(property(event, 'type'));
  const object = property(event, 'object');
  if (type === undefined || !isObject(object)) return { type: 'unreadable' };
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'put', object };
    case 'DELETED':
      return { type: 'delete', object };
    case 'BOOKMARK':
      return { type: 'bookmark', resourceVersion: resourceVersionOf(object) };
    case 'ERROR': {
      const code = property(object, 'code');
      const message = scalarText(property(object, 'message'));
      return { type: 'error', expired: code === 410 || property(object, 'reason') === 'Expired', message };
    }
    default:
      return { type: 'unknown' };
  }
}

export const resourceVersionOf = (object: unknown): string => text(valueAt(object, ['metadata', 'resourceVersion'])) ?? '';

/** `namespace/name`, or the name alone. Undefined for an object without one, of which nothing can be kept. */
export function keyOf(object: unknown): string | undefined {
  const name = text(valueAt(object, ['metadata', 'name']));
  const namespace = text(valueAt(object, ['metadata', 'namespace']));
  if (name === undefined || name === '') return undefined;
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}
