import { isObject, property, text } from '../../core/json.ts';
import type { NamespaceFacts } from '../../core/resolve.ts';

/** May the text hold a Namespace object? Its labels and annotations must be known before any workload is judged. */
export const mayHoldNamespace = (content: string): boolean => /["']?kind["']?\s*:\s*["']?Namespace(List)?\b/.test(content);

export function readNamespace(object: unknown): NamespaceFacts | undefined {
  if (property(object, 'apiVersion') !== 'v1' || property(object, 'kind') !== 'Namespace') return undefined;
  const metadata = property(object, 'metadata');
  const name = text(property(metadata, 'name'));
  if (name === undefined) return undefined;
  return { name, labels: strings(property(metadata, 'labels')), annotations: strings(property(metadata, 'annotations')) };
}

/** Keys of our annotations that are no text: `Off` without quotes is false for kubectl, and the API server refuses the object. */
export function unquotedAnnotations(object: unknown): string[] {
  if (readNamespace(object) === undefined) return [];
  const annotations = property(property(object, 'metadata'), 'annotations');
  if (!isObject(annotations)) return [];
  return Object.entries(annotations).flatMap(([key, value]) =>
    /(^|\.)probewise\.dev\//.test(key) && value !== null && typeof value !== 'string' ? [key] : [],
  );
}

function strings(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (typeof item === 'string' ? [[key, item]] : [])));
}
