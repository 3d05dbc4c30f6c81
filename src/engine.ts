import { createEngine } from './core/evaluate.ts';
import { classify } from './knowledge/classify.ts';
import { rules } from './rules/index.ts';

/** The engine with all rules and the catalogue: the one function that every door calls. */
export const evaluate = createEngine(rules, classify);
