import { expect, it } from 'vitest';
import { type ApiAnswer } from './harness/api-client.ts';
import { describeOnCluster, ENFORCE } from './harness/cluster.ts';
import { ASKS_DATABASE, deployment, inNamespace, LIVE, pod, podSpec } from './harness/manifests.ts';
import { untilEnforced } from './harness/registration.ts';

describeOnCluster('An outage of the webhook', ENFORCE, (cluster) => {
  const dryRun = (namespace: string, probe: typeof LIVE): Promise<ApiAnswer> =>
    cluster().developer.request(
      'POST',
      `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
      inNamespace(pod('app', podSpec({ livenessProbe: probe })), namespace),
    );

  it('killed in the middle of 200 requests: none fails; while it is away all is admitted; started again, it enforces again', async () => {
    const namespace = await cluster().namespace();
    const statuses: number[] = [];
    let waiting = 200;
    const worker = async (): Promise<void> => {
      while (waiting-- > 0) {
        statuses.push((await dryRun(namespace, LIVE)).status);
        if (statuses.length === 100) await cluster().server.kill();
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(statuses).toHaveLength(200);
    expect(new Set(statuses)).toEqual(new Set([201]));

    const unchecked = await dryRun(namespace, ASKS_DATABASE);
    expect(unchecked.status).toBe(201);
    const made = inNamespace(deployment('made-unchecked', podSpec({ livenessProbe: ASKS_DATABASE })), namespace);
    await cluster().developer.create(made);

    await cluster().server.start();
    await untilEnforced(cluster().admin);
    expect((await dryRun(namespace, ASKS_DATABASE)).status).toBe(403);
  });

  it('asked to end in the middle of 200 requests, it answers what is in flight, and none fails', async () => {
    const namespace = await cluster().namespace();
    const statuses: number[] = [];
    let waiting = 200;
    const ending: Promise<void>[] = [];
    const worker = async (): Promise<void> => {
      while (waiting-- > 0) {
        statuses.push((await dryRun(namespace, LIVE)).status);
        if (statuses.length === 100) ending.push(cluster().server.stop());
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    await Promise.all(ending);
    expect(new Set(statuses)).toEqual(new Set([201]));
    await cluster().server.start();
    await untilEnforced(cluster().admin);
  });
});
