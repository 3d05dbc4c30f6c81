import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isObject, property } from '../../src/core/json.ts';
import { messageOf } from './harness/api-client.ts';
import { describeOnCluster, WARN } from './harness/cluster.ts';
import { anyPod } from './harness/pod-arbitrary.ts';
import { annotation, probesIn } from './harness/probes.ts';

const PODS = 1000;

/** What of a stored Pod Probewise may change. */
const touched = (pod: unknown): unknown => [probesIn(property(pod, 'spec')), annotation(pod, 'probewise.dev/patched')];

/** A stored Pod as a person would send it again. */
const resent = (pod: unknown): unknown => {
  const { metadata, spec } = isObject(pod) ? pod : {};
  const kept = ['name', 'annotations', 'labels'].map((key) => [key, property(metadata, key)]);
  return { apiVersion: 'v1', kind: 'Pod', metadata: Object.fromEntries(kept), spec };
};

describeOnCluster('1 000 generated Pods, under Warn', WARN, (cluster) => {
  it('the API server accepts every patch; patched again, nothing changes', async () => {
    const namespace = await cluster().namespace();
    const path = `/api/v1/namespaces/${namespace}/pods?dryRun=All`;
    const seed = Date.now() % 2 ** 31;
    const pods = fc.sample(anyPod, { numRuns: PODS, seed });
    const wrong: string[] = [];
    let patched = 0;

    async function check(pod: unknown): Promise<void> {
      const first = await cluster().developer.request('POST', path, pod);
      if (first.status !== 201) {
        wrong.push(`${messageOf(first.body)}: ${JSON.stringify(pod)}`);
        return;
      }
      if (first.warnings.some((line) => line.startsWith('probewise patched'))) patched++;
      const again = await cluster().developer.request('POST', path, resent(first.body));
      const same = JSON.stringify(touched(again.body)) === JSON.stringify(touched(first.body));
      if (again.status !== 201 || !same || again.warnings.some((line) => line.startsWith('probewise patched'))) {
        wrong.push(`patched again, it changed:\n${JSON.stringify(touched(first.body))}\n${JSON.stringify(touched(again.body))}`);
      }
    }

    const queue = [...pods];
    const worker = async (): Promise<void> => {
      for (let pod = queue.pop(); pod !== undefined; pod = queue.pop()) await check(pod);
    };
    await Promise.all(Array.from({ length: 8 }, worker));

    expect(wrong.slice(0, 3), `${wrong.length} of ${PODS} pods, seed ${seed}`).toEqual([]);
    expect(patched).toBeGreaterThan(PODS / 2);
  });
});
