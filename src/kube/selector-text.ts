import { isObject, list, property, text } from '../core/json.ts';

/** A `spec.selector` as a query takes it: `app=web,tier in (a,b),!legacy`. Undefined where it selects nothing that can be written. */
export function selectorText(selector: unknown): string | undefined {
  if (!isObject(selector)) return undefined;
  const labels = property(selector, 'matchLabels');
  const parts: string[] = [];
  for (const [key, value] of isObject(labels) ? Object.entries(labels) : []) {
    if (typeof value !== 'string') return undefined;
    parts.push(`${key}=${value}`);
  }
  for (const expression of list(property(selector, 'matchExpressions'))) {
    const part = requirementText(expression);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts.length === 0 ? undefined : parts.join(',');
}

function requirementText(expression: unknown): string | undefined {
  const key = text(property(expression, 'key'));
  if (key === undefined) return undefined;
  const values = list(property(expression, 'values')).map(String).join(',');
  switch (property(expression, 'operator')) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return undefined;
  }
}
