import * as z from 'zod';
import { RULE_IDS } from '../core/rule-ids.ts';
import { celList, must } from './kubernetes-validation.ts';

const known: ReadonlySet<string> = new Set(RULE_IDS);

const LISTED = '`probewise rules` lists them';

/** For the API server, which cannot say which one was meant. */
const ALL = `${LISTED}: ${RULE_IDS.join(', ')}`;

/** A string for the API server, which then answers with our sentence instead of its own. */
export const oneOfRules = must(
  z.string().min(1).max(64),
  (name) => known.has(name),
  `self in ${celList(RULE_IDS)}`,
  `this is not a rule; ${LISTED}`,
  { known: RULE_IDS, celMessage: `this is not a rule; ${ALL}` },
);

const isGlob = (text: string): boolean => /[*?]/.test(text);

/** The id of a rule, or a glob. */
export const ruleGlob = must(
  z.string().min(1).max(64),
  (name) => isGlob(name) || known.has(name),
  `self.contains('*') || self.contains('?') || self in ${celList(RULE_IDS)}`,
  `this is neither a rule nor a glob; ${LISTED}`,
  { known: RULE_IDS, celMessage: `this is neither a rule nor a glob; ${ALL}` },
);
