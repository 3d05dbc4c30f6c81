import type { Path } from './path.ts';

/** A JSON object that came from outside: nothing is known of its values until they have been looked at. */
export interface JsonObject {
  readonly [key: string]: unknown;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Own properties only: a key such as `__proto__` or `constructor` must not reach what every object inherits. */
export const property = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The value at `path`, or undefined where any step is missing. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof step === 'string') value = property(value, step);
    else value = Array.isArray(value) ? value[step] : undefined;
  }
  return value;
}

/** Are two JSON values the same, whatever the order of their keys? Undefined counts as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  // A list of pairs, not a recursion: an object from outside may be nested deeper than the stack is.
  const pairs: (readonly [unknown, unknown])[] = [[a, b]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    if (Array.isArray(left) && Array.isArray(right)) {
      if (left.length !== right.length) return false;
      for (const [index, item] of left.entries()) pairs.push([item, right[index]]);
    } else if (isObject(left) && isObject(right)) {
      for (const key of Object.keys(left)) pairs.push([left[key], property(right, key)]);
      for (const key of Object.keys(right)) if (!Object.hasOwn(left, key)) pairs.push([undefined, right[key]]);
    } else {
      return false;
    }
  }
  return true;
}

/** A scalar as text; anything else is empty, since it has no text that a person would recognise. */
export const scalarText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
