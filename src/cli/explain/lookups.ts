import { classify } from '../../knowledge/classify.ts';
import { lookupCommand, lookupImage, lookupPath } from '../../knowledge/lookup.ts';
import type { Lookups } from './endpoint.ts';

/** What the catalogue knows. */
export const lookups: Lookups = { classify, lookupCommand, lookupImage, lookupPath };
