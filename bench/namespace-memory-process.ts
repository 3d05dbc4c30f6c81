/**
 * `namespace-memory-process.ts FOLDER COUNT`: reads the pages of a list of namespaces, as the watch does, keeps so many of them, asks
 * for each, and sends its resident memory in megabytes. All are read in any case: what the reading leaves behind until the next
 * collection is not what they cost.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { list, property } from '../src/core/json.ts';
import { readNamespaceFacts } from '../src/core/namespace-facts.ts';
import { BUILT_IN_POLICY } from '../src/core/policy.ts';
import type { NamespaceFacts } from '../src/core/resolve.ts';
import { policyState } from '../src/kube/policy-state.ts';

const [folder = '', count = '1'] = process.argv.slice(2);
const namespaces = new Map<string, NamespaceFacts>();
const policies = [{ ...BUILT_IN_POLICY, name: 'default' }];
const state = policyState({ policies: () => policies, namespaces, now: Date.now });

for (const page of readdirSync(folder)) {
  const read: unknown = JSON.parse(readFileSync(join(folder, page), 'utf8'));
  for (const object of list(property(read, 'items'))) {
    const facts = readNamespaceFacts(object);
    if (facts !== undefined && namespaces.size < Number(count)) namespaces.set(facts.name, facts);
  }
}
for (const name of namespaces.keys()) state.policyFor(name);
process.send?.(process.memoryUsage.rss() / 1024 / 1024);
// Until here, they are in use.
if (namespaces.size !== Number(count)) throw new Error(`${namespaces.size} namespaces were kept`);
process.disconnect?.();
