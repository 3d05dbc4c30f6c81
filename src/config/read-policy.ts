import { isObject } from '../core/json.ts';
import { type Path, pointer } from '../core/path.ts';
import type { Exemption, Policy, RuleSetting } from '../core/policy.ts';
import type { EndpointFact } from '../core/verdict.ts';
import { parseTime } from '../core/time.ts';
import { asksOf } from './endpoint-schema.ts';
import { type FieldProblem, problemsOf, unknownField } from './policy-problem.ts';
import { clusterProbePolicy, type PolicySpec } from './policy-schema.ts';

export type PolicyReading =
  | { readonly policy: Policy; readonly problems: readonly [] }
  | { readonly policy?: never; readonly problems: readonly FieldProblem[] };

const MAX_PROBLEMS = 50;

/** Reads a ClusterProbePolicy, whoever wrote it. Never throws; a policy with a problem is refused whole. */
export function readPolicy(value: unknown): PolicyReading {
  const forbidden = prototypeKeys(value);
  const parsed = clusterProbePolicy.safeParse(value);
  if (!parsed.success || forbidden.length > 0) {
    const problems = new Map<string, FieldProblem>();
    for (const problem of forbidden) problems.set(pointer(problem.at), problem);
    for (const issue of parsed.error?.issues.slice(0, MAX_PROBLEMS) ?? []) {
      for (const problem of problemsOf(issue, value)) problems.set(pointer(problem.at), problem);
    }
    return { problems: [...problems.values()].slice(0, MAX_PROBLEMS) };
  }
  const { metadata, spec } = parsed.data;
  return { policy: toPolicy(metadata.name, parseTime(metadata.creationTimestamp ?? '') ?? 0, spec), problems: [] };
}

function toPolicy(name: string, createdAt: number, spec: PolicySpec): Policy {
  return {
    name,
    createdAt,
    mode: spec.mode,
    profile: spec.profile,
    ruleset: spec.ruleset,
    priority: spec.priority,
    namespaceSelector: spec.namespaceSelector,
    patch: spec.patch,
    thresholds: spec.thresholds ?? {},
    rules: (spec.rules ?? []).map(toRuleSetting),
    endpoints: (spec.endpoints ?? []).map(toEndpoint),
    exemptions: (spec.exemptions ?? []).map(toExemption),
    workloads: (spec.workloads ?? []).map(({ group, kind, podSpecPath }) => ({
      group,
      kind,
      podSpecPath: podSpecPath.split('.'),
    })),
    overrides: spec.overrides,
  };
}

function toRuleSetting({ severity, ...setting }: NonNullable<PolicySpec['rules']>[number]): RuleSetting {
  return { ...setting, ...(severity !== undefined && { severity: severity === false ? 'Off' : severity }) };
}

function toEndpoint({ verdict, dependencies = [], ...hints }: NonNullable<PolicySpec['endpoints']>[number]): EndpointFact {
  return { ...hints, asks: asksOf(verdict), dependencies };
}

function toExemption({ expires, ...exemption }: NonNullable<PolicySpec['exemptions']>[number]): Exemption {
  const at = expires === undefined ? undefined : parseTime(expires);
  return { ...exemption, ...(at !== undefined && { expires: at }) };
}

/** Schemas pass over a key called `__proto__` here and there, and it is a field that is not known like any other. */
function prototypeKeys(root: unknown): FieldProblem[] {
  const found: FieldProblem[] = [];
  const seen = new Set<unknown>();
  const open: { value: unknown; at: Path }[] = [{ value: root, at: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, at } = next;
    if (seen.has(value)) continue;
    if (Array.isArray(value)) {
      seen.add(value);
      for (const [index, item] of value.entries()) open.push({ value: item, at: [...at, index] });
    } else if (isObject(value)) {
      seen.add(value);
      for (const key of Object.keys(value)) {
        if (key === '__proto__') found.push({ at: [...at, key], target: 'key', message: unknownField(at, key) });
        else open.push({ value: value[key], at: [...at, key] });
      }
    }
  }
  return found;
}
