import { isObject, type JsonObject, list, property, text, valueAt } from '../core/json.ts';

export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly uid: string;
}

/** The owner that manages this object, as its metadata says. */
export function managingOwner(object: JsonObject): Owner | undefined {
  const owners = list(valueAt(object, ['metadata', 'ownerReferences'])).filter(isObject);
  const owner = owners.find((candidate) => property(candidate, 'controller') === true);
  if (owner === undefined) return undefined;
  const field = (name: string): string => text(property(owner, name)) ?? '';
  return { apiVersion: field('apiVersion'), kind: field('kind'), uid: field('uid') };
}
