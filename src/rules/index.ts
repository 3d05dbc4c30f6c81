import type { Rule } from '../core/rule.ts';

/** All rules, in the order in which findings of the same severity are told. */
export const rules: readonly Rule[] = [];
