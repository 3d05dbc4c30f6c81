import type { Finding } from './finding.ts';
import type { EffectivePolicy } from './policy.ts';

/** What bears on a decision besides the findings. */
export interface Circumstances {
  /** Identities of findings that the object had before: nobody is denied for what was there already. */
  readonly known: ReadonlySet<string>;
  /** Does admission patch this object, or the Pods that are made from it? Then nobody need be told of what it mends. */
  readonly isMended: boolean;
  /** Why nothing may be denied here: a controller asks (it would fail in the dark), or the template already ran. */
  readonly mayNotDeny?: string;
}

export interface Decision {
  /** Findings for which the request is denied; empty where it is admitted. */
  readonly denied: readonly Finding[];
  /** Findings that the caller is told of. */
  readonly warned: readonly Finding[];
}

/**
 * Severity says how bad, mode says what is done.
 *
 * | mode    | Error, new, may deny | other Error | Warning         | Info |
 * |---------|----------------------|-------------|-----------------|------|
 * | Audit   | –                    | –           | –               | –    |
 * | Warn    | warned               | warned      | warned, if open | –    |
 * | Enforce | denied               | warned      | warned, if open | –    |
 *
 * Open is what no patch mends, at the workload or at its Pods.
 */
export function decide(findings: readonly Finding[], policy: EffectivePolicy, circumstances: Circumstances): Decision {
  if (policy.mode === 'Audit') return { denied: [], warned: [] };
  const denies = (finding: Finding): boolean =>
    policy.mode === 'Enforce' &&
    finding.severity === 'Error' &&
    circumstances.mayNotDeny === undefined &&
    !circumstances.known.has(finding.identity);
  return {
    denied: findings.filter(denies),
    warned: findings.filter(
      (finding) => !denies(finding) && finding.severity !== 'Info' && !(circumstances.isMended && finding.fix !== undefined),
    ),
  };
}
