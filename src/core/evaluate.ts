import type { Container } from './container.ts';
import { applicableExemption } from './exempt.ts';
import type { Edit } from './edit.ts';
import type { Evaluation, Finding } from './finding.ts';
import { pointer } from './path.ts';
import { type Patience, patienceOf } from './patience.ts';
import type { EffectivePolicy } from './policy.ts';
import { handlerIdentity, type ProbeField } from './probe.ts';
import { type ProbeSite, type Rule, type RuleContext, SEVERITIES, type Severity, type Violation } from './rule.ts';
import { isLater } from './ruleset.ts';
import { oneLine } from './text.ts';
import type { Classify } from './verdict.ts';
import { containersOf, type Workload } from './workload.ts';

/** Judges a workload. The same object, policy and engine give the same findings at every door. Never throws. */
export type Evaluate = (workload: Workload, policy: EffectivePolicy) => Evaluation;

export const createEngine =
  (rules: readonly Rule[], classify: Classify): Evaluate =>
  (workload, policy) => {
    const context = createContext(workload, policy, classify);
    const findings: Finding[] = [];
    const errors: Evaluation['errors'][number][] = [];
    for (const rule of rules) {
      const setting = policy.rules.get(rule.id);
      if (setting?.severity === 'Off') continue;
      // A rule that throws is our error, not the caller's: the workload is judged by what is left.
      try {
        for (const violation of rule.check(context)) {
          findings.push(toFinding(rule, violation, workload, policy));
        }
      } catch (error) {
        errors.push({ rule: rule.id, error });
      }
    }
    findings.sort((a, b) => rank(a.severity) - rank(b.severity));
    return { findings, edits: joint(findings), errors };
  };

function createContext(workload: Workload, policy: EffectivePolicy, classify: Classify): RuleContext {
  const containers = containersOf(workload);
  const sites = new Map<ProbeField, ReadonlyMap<Container, ProbeSite>>();
  const patiences = new Map<Container, Patience>();

  function sitesOf(field: ProbeField): ReadonlyMap<Container, ProbeSite> {
    const known = sites.get(field);
    if (known !== undefined) return known;
    const found = new Map<Container, ProbeSite>();
    for (const { container, pod } of containers) {
      const probe = container[field];
      if (probe === undefined) continue;
      const verdict = classify(probe.handler, container, pod, policy.endpoints);
      found.set(container, { container, pod, field, probe, at: [...container.at, field], verdict });
    }
    sites.set(field, found);
    return found;
  }

  function patience(container: Container): Patience {
    const known = patiences.get(container);
    if (known !== undefined) return known;
    const found = patienceOf({
      workload,
      container,
      thresholds: policy.thresholds,
      verdict: (field) => sitesOf(field).get(container)?.verdict,
      mends: (rule) => mends(rule, container, workload, policy),
    });
    patiences.set(container, found);
    return found;
  }

  const probes = (field: ProbeField): Iterable<ProbeSite> => sitesOf(field).values();
  return { workload, thresholds: policy.thresholds, containers: () => containers, probes, patience };
}

function mends(rule: string, container: Container, workload: Workload, policy: EffectivePolicy): boolean {
  const setting = policy.rules.get(rule);
  if (setting?.severity === 'Off' || setting?.fix === 'Never') return false;
  return applicableExemption(policy.exemptions, workload, container.name, rule) === undefined;
}

function toFinding(rule: Rule, violation: Violation, workload: Workload, policy: EffectivePolicy): Finding {
  const { container, field, verdict, evidence, remedy, edits = [] } = violation;
  const exemption = applicableExemption(policy.exemptions, workload, container.name, rule.id);
  const probe = container[field];
  const fixable = edits.length > 0 && policy.rules.get(rule.id)?.fix !== 'Never' && exemption === undefined;
  return {
    rule: rule.id,
    severity: exemption === undefined ? capped(rule, violation, policy) : lowered(capped(rule, violation, policy)),
    container: container.name,
    probe: field,
    path: violation.at,
    message: oneLine(violation.message),
    remedy: remedy === undefined ? rule.remedy : oneLine(remedy),
    ...(evidence !== undefined && { evidence: oneLine(evidence) }),
    ...(verdict !== undefined && { verdict }),
    ...(fixable && { fix: { safe: true, edits } }),
    identity: JSON.stringify([rule.id, container.name, field, probe === undefined ? '' : handlerIdentity(probe.handler)]),
    ...(exemption !== undefined && { exempt: exemption.reason }),
  };
}

/** The rule's own severity, under the policy's cap; what came after the ruleset that the policy pins is a Warning at most. */
function capped(rule: Rule, { severity, verdict }: Violation, policy: EffectivePolicy): Severity {
  const cap = policy.rules.get(rule.id)?.severity;
  const isNews = isLater(rule.since, policy.ruleset) || (verdict?.since !== undefined && isLater(verdict.since, policy.ruleset));
  const mild = isNews ? milder(severity, 'Warning') : severity;
  return cap === undefined || cap === 'Off' ? mild : milder(mild, cap);
}

const milder = (a: Severity, b: Severity): Severity => (rank(a) > rank(b) ? a : b);

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** What an exemption lets in is still said, one step milder. */
const lowered = (severity: Severity): Severity => (severity === 'Error' ? 'Warning' : 'Info');

function joint(findings: readonly Finding[]): Edit[] {
  const edits = new Map<string, Edit>();
  for (const finding of findings) for (const edit of finding.fix?.edits ?? []) edits.set(pointer(edit.at), edit);
  return [...edits.values()];
}
