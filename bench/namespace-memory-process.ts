/** Lists so many namespaces in pages, as the watch does, asks for each, and sends its resident memory in megabytes. */
import { readNamespaceFacts } from '../src/core/namespace-facts.ts';
import { BUILT_IN_POLICY } from '../src/core/policy.ts';
import type { NamespaceFacts } from '../src/core/resolve.ts';
import { property, list } from '../src/core/json.ts';
import { policyState } from '../src/kube/policy-state.ts';

const count = Number(process.argv[2] ?? 1);
const PAGE = 500;
const namespaces = new Map<string, NamespaceFacts>();
const policies = [{ ...BUILT_IN_POLICY, name: 'default' }];
const state = policyState({ policies: () => policies, namespaces, now: Date.now });

for (let first = 0; first < count; first += PAGE) {
  const page: unknown = JSON.parse(JSON.stringify({ items: namespacesFrom(first, Math.min(PAGE, count - first)) }));
  for (const object of list(property(page, 'items'))) {
    const facts = readNamespaceFacts(object);
    if (facts !== undefined) namespaces.set(facts.name, facts);
  }
}
for (const name of namespaces.keys()) state.policyFor(name);
process.send?.(process.memoryUsage.rss() / 1024 / 1024);
process.disconnect?.();

function namespacesFrom(first: number, size: number): object[] {
  return Array.from({ length: size }, (_, index) => {
    const name = `team-${first + index}-production`;
    return {
      metadata: {
        name,
        uid: `705ab4f5-6393-11e8-b7cc-${String(first + index).padStart(12, '0')}`,
        labels: { 'kubernetes.io/metadata.name': name, team: `team-${first + index}`, environment: 'production' },
        annotations: {
          'scheduler.alpha.kubernetes.io/node-selector': 'pool=general',
          ...(index % 10 === 0 && { 'probewise.dev/mode': 'Warn', 'probewise.dev/reason': `ticket OPS-${first + index}` }),
        },
        managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:metadata': { 'f:labels': {} } } }],
      },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    };
  });
}
