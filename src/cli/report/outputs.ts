export const OUTPUTS = ['text', 'json', 'sarif', 'junit', 'github'] as const;
/** The form of lint's results. */
export type Output = (typeof OUTPUTS)[number];
