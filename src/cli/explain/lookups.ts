import { classify } from '../../knowledge/classify.ts';
import { containerOf, type Lookups } from './endpoint.ts';

/** What is known, as far as the classifier tells it. */
export const lookups: Lookups = {
  classify,
  lookupPath: () => [],
  lookupImage: () => [],
  lookupCommand: (command, image) => ({
    verdict: classify(
      { kind: 'exec', command: ['sh', '-c', command] },
      containerOf(image),
      { at: [], hostNetwork: false, containers: [] },
      [],
    ),
    programs: [],
  }),
};
