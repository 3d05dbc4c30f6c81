import { classify } from '../../knowledge/classify.ts';
import { lookupCommand, lookupImage, lookupImageCommands, lookupPath } from '../../knowledge/lookup.ts';
import type { Lookups } from './endpoint.ts';

/** What the catalogue knows. */
export const lookups: Lookups = { classify, lookupCommand, lookupImage, lookupImageCommands, lookupPath };
