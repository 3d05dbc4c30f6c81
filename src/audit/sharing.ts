import type { Finding } from '../core/finding.ts';

/** A finding like this one, which shares its texts with those before it: what thousands of workloads say is mostly the same. */
export type Share = (finding: Finding) => Finding;

export function createShare(): Share {
  const texts = new Map<string, string>();
  const verdicts = new Map<string, Finding['verdict']>();

  function text(given: string): string {
    const known = texts.get(given);
    if (known !== undefined) return known;
    texts.set(given, given);
    return given;
  }

  function verdict(given: NonNullable<Finding['verdict']>): NonNullable<Finding['verdict']> {
    const key = JSON.stringify(given);
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    verdicts.set(key, given);
    return given;
  }

  return (finding) => ({
    ...finding,
    container: text(finding.container),
    message: text(finding.message),
    remedy: text(finding.remedy),
    identity: text(finding.identity),
    ...(finding.evidence !== undefined && { evidence: text(finding.evidence) }),
    ...(finding.verdict !== undefined && { verdict: verdict(finding.verdict) }),
  });
}
