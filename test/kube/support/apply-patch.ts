import jsonPatch from 'fast-json-patch';
import { list } from '../../../src/core/json.ts';

/** The object after the patch of a response, base64 of JSON; the object itself where there is none. */
export function applyPatch(object: unknown, patch: string | undefined): unknown {
  if (patch === undefined) return object;
  const operations: unknown = JSON.parse(Buffer.from(patch, 'base64').toString());
  let document: unknown = structuredClone(object);
  for (const operation of list(operations)) {
    if (!isOperation(operation)) throw new Error('the patch holds something that is no operation');
    document = jsonPatch.applyOperation(document, operation, true, false).newDocument;
  }
  return document;
}

const isOperation = (value: unknown): value is jsonPatch.Operation =>
  typeof value === 'object' && value !== null && 'op' in value && 'path' in value;
