/** Every rule's id, for the policy's schema and for suggestions: what reads a policy must not need the rules themselves. */
export const RULE_IDS = [
  'liveness-dependency',
  'liveness-resource',
  'startup-dependency',
  'probe-port-undeclared',
  'liveness-equals-readiness',
  'startup-missing',
  'startup-budget',
  'liveness-timeout',
  'liveness-tolerance',
  'readiness-timeout',
  'readiness-tolerance',
  'readiness-delay',
  'timeout-exceeds-period',
  'exec-probe-cost',
  'probe-always-passes',
  'liveness-side-port',
  'startup-exceeds-progress-deadline',
  'readiness-missing',
] as const;

export type RuleId = (typeof RULE_IDS)[number];
