export const OUTPUTS = ['text', 'json', 'sarif', 'junit', 'github'] as const;
/** The form of lint's results. */
export type Output = (typeof OUTPUTS)[number];

export const AUDIT_OUTPUTS = [...OUTPUTS, 'html', 'exemptions'] as const;
/** The form of audit's results. */
export type AuditOutput = (typeof AUDIT_OUTPUTS)[number];
