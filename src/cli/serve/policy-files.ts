import { createPolicyLookup } from '../../config/policy-lookup.ts';
import { readPolicySet } from '../../config/policy-set.ts';
import { watchFiles } from '../../config/watch-file.ts';
import { readAll } from './read-all.ts';
import type { PolicySource, SourceContext } from './sources.ts';
import { StartError } from './start-error.ts';

/** Policies from files, read again when they change; a broken new set is refused whole. Rejects with a StartError. */
export async function policiesFromFiles(files: readonly string[], { log, metrics, now }: SourceContext): Promise<PolicySource> {
  const texts = await readAll(files);
  const first = readPolicySet(files, texts);
  if (first.problems.length > 0) throw new StartError(first.problems);
  const lookup = createPolicyLookup(first.policies, now);
  metrics.policyLoaded(now());
  const watch = watchFiles(files, texts, {
    changed(changed) {
      const { policies, problems } = readPolicySet(files, changed);
      if (problems.length > 0) {
        metrics.policyRefused();
        log.error({ problems }, 'policies refused: the old ones stay in force');
        return;
      }
      lookup.use(policies);
      metrics.policyLoaded(now());
      log.info({ files, policies: policies.map(({ name }) => name) }, 'policies loaded');
    },
    unreadable(error) {
      metrics.policyRefused();
      log.error({ error: error.message }, 'a policy file cannot be read: the old policies stay in force');
    },
  });
  return {
    policyFor: lookup.policyFor,
    kinds: lookup.kinds,
    // The policies are there before the port is.
    notReady: () => undefined,
    stop: () => Promise.resolve(watch.close()),
  };
}
