import { isObject, property, text } from './json.ts';
import type { LabelSelector } from './policy.ts';

/** Set by the API server on every namespace, and not to be forged: it always follows the name. */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** Does a namespace with these labels match? As in Kubernetes: everything is joined by "and", and an empty selector takes all. */
export function matchesNamespace(selector: LabelSelector, name: string, labels: unknown): boolean {
  const value = (key: string): string | undefined =>
    key === NAMESPACE_NAME_LABEL && name !== '' ? name : text(property(labels, key));
  for (const key in selector.matchLabels) {
    if (value(key) !== selector.matchLabels[key]) return false;
  }
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const found = value(key);
    switch (operator) {
      case 'In':
        return found !== undefined && values.includes(found);
      case 'NotIn':
        return found === undefined || !values.includes(found);
      case 'Exists':
        return found !== undefined;
      case 'DoesNotExist':
        return found === undefined;
      default:
        return false;
    }
  });
}

/** What one selector asks of one key. */
interface Demand {
  /** Undefined: any value. */
  readonly allowed: ReadonlySet<string> | undefined;
  readonly refused: ReadonlySet<string>;
  readonly present: boolean;
  readonly absent: boolean;
}

/** Is there any namespace that both would match? Exact: keys are independent of each other, and values are without number. */
export function overlap(a: LabelSelector, b: LabelSelector): boolean {
  const demands = new Map<string, Demand>();
  for (const [key, demand] of [...demandsOf(a), ...demandsOf(b)]) {
    const known = demands.get(key);
    const joint = known === undefined ? demand : join(known, demand);
    if (!satisfiable(joint)) return false;
    demands.set(key, joint);
  }
  return true;
}

function demandsOf(selector: LabelSelector): [string, Demand][] {
  const none = { allowed: undefined, refused: new Set<string>(), present: false, absent: false };
  const labels = isObject(selector.matchLabels) ? Object.entries(selector.matchLabels) : [];
  return [
    ...labels.map(([key, value]): [string, Demand] => [key, { ...none, allowed: new Set([value]), present: true }]),
    ...(selector.matchExpressions ?? []).map(({ key, operator, values = [] }): [string, Demand] => {
      if (operator === 'In') return [key, { ...none, allowed: new Set(values), present: true }];
      if (operator === 'NotIn') return [key, { ...none, refused: new Set(values) }];
      return [key, operator === 'Exists' ? { ...none, present: true } : { ...none, absent: true }];
    }),
  ];
}

function join(a: Demand, b: Demand): Demand {
  const allowed =
    a.allowed === undefined || b.allowed === undefined
      ? (a.allowed ?? b.allowed)
      : new Set([...a.allowed].filter((value) => b.allowed?.has(value)));
  return {
    allowed,
    refused: new Set([...a.refused, ...b.refused]),
    present: a.present || b.present,
    absent: a.absent || b.absent,
  };
}

function satisfiable({ allowed, refused, present, absent }: Demand): boolean {
  if (!present) return true;
  return !absent && (allowed === undefined || [...allowed].some((value) => !refused.has(value)));
}
