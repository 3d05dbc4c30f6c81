import type { Classify } from '../core/verdict.ts';

/** What a handler asks about, by the catalogue and by what can be read from the handler itself. */
export const classify: Classify = () => ({ asks: 'unknown', confidence: 'low', evidence: 'Nothing is known of this check.' });
