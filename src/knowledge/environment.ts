import type { Container, EnvironmentVariable } from '../core/container.ts';
import { OWN_NODE, OWN_POD } from './host.ts';

/** What a variable stands for, as far as a manifest shows it; undefined where it does not. */
export type Lookup = (name: string) => string | undefined;

/**
 * The container's environment, as a shell in it sees it. Kubernetes sets HOSTNAME to the pod's name, and a later entry of the
 * same name wins.
 */
export function environmentOf(container: Container): Lookup {
  const { env } = container;
  const resolve = (name: string, depth: number): string | undefined => {
    const variable = env.findLast((item) => item.name === name);
    if (variable === undefined) return name === 'HOSTNAME' ? OWN_POD : undefined;
    return meaning(variable, (inner) => (depth > 3 ? undefined : resolve(inner, depth + 1)));
  };
  return (name) => resolve(name, 0);
}

function meaning(variable: EnvironmentVariable, lookup: Lookup): string | undefined {
  if (variable.value !== undefined) return expandReferences(variable.value.slice(0, 4096), lookup);
  if (variable.from === undefined) return undefined;
  if (OWN_POD_FIELDS.has(variable.from)) return OWN_POD;
  return OWN_NODE_FIELDS.has(variable.from) ? OWN_NODE : undefined;
}

const OWN_POD_FIELDS = new Set(['fieldRef:status.podIP', 'fieldRef:status.podIPs', 'fieldRef:metadata.name']);
const OWN_NODE_FIELDS = new Set(['fieldRef:status.hostIP', 'fieldRef:status.hostIPs', 'fieldRef:spec.nodeName']);

/**
 * `$(NAME)` as the kubelet replaces it, `$$(NAME)` as it leaves it. The kubelet itself does so only where the variable has a
 * literal value; here one that comes from a field of the pod is replaced as well, since it shows what was meant.
 */
export function expandReferences(text: string, lookup: Lookup): string {
  if (!text.includes('$(')) return text;
  let result = '';
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf('$(', at);
    const end = start < 0 ? -1 : text.indexOf(')', start);
    if (end < 0) break;
    if (start > at && text[start - 1] === '$') {
      result += `${text.slice(at, start)}${text.slice(start + 1, end + 1)}`;
    } else {
      result += text.slice(at, start) + (lookup(text.slice(start + 2, end)) ?? text.slice(start, end + 1));
    }
    at = end + 1;
  }
  return result + text.slice(at);
}
