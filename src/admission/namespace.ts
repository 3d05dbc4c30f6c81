import { sameJson } from '../core/json.ts';
import { readNamespaceFacts } from '../core/namespace-facts.ts';
import type { NamespaceFacts, Resolution } from '../core/resolve.ts';
import type { AdmissionRequest } from './review.ts';

export type ResolveNamespace = (facts: NamespaceFacts) => Resolution;

/** Somebody creates or changes a Namespace itself. */
export const isNamespaceWrite = ({ kind, operation, subResource, object }: AdmissionRequest): boolean =>
  kind === 'Namespace' &&
  subResource === '' &&
  (operation === 'CREATE' || operation === 'UPDATE') &&
  object?.['apiVersion'] === 'v1';

/**
 * What is wrong with the annotations of a Namespace that is written, in sentences: for whoever wrote them, at the moment when it can
 * be mended. Nothing where the change has nothing to do with us. A Namespace is never denied.
 */
export function namespaceProblems(request: AdmissionRequest, resolveNamespace: ResolveNamespace): readonly string[] {
  const facts = readNamespaceFacts(request.object);
  if (facts === undefined) return [];
  if (request.operation === 'UPDATE' && sameJson(facts, readNamespaceFacts(request.oldObject))) return [];
  return resolveNamespace(facts).annotationProblems;
}
