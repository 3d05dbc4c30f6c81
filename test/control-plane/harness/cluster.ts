import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { type ApiClient, apiClient } from './api-client.ts';
import { type Kubectl, kubectl } from './kubectl.ts';
import { register, unregister, untilEnforced } from './registration.ts';
import { until } from './until.ts';
import { startWebhookServer, type WebhookServer } from './webhook-server.ts';

/** A real API server that calls the real webhook. */
export interface Cluster {
  readonly admin: ApiClient;
  /** A normal user, as the one who types `kubectl apply`. */
  readonly developer: ApiClient;
  readonly server: WebhookServer;
  /** A namespace of the test's own, in which pods can be made. */
  namespace(labels?: Readonly<Record<string, string>>): Promise<string>;
  /** kubectl as the normal user, in a namespace. */
  kubectl(namespace: string): Kubectl;
  /** Makes something while Probewise is not there. */
  withoutProbewise<T>(make: () => Promise<T>): Promise<T>;
}

/**
 * Tests that run against the API server with both webhooks registered, and a server under this policy. Skipped where there is no
 * control plane.
 */
export function describeOnCluster(title: string, policy: string, body: (cluster: () => Cluster) => void): void {
  const access = inject('controlPlane');
  describe.skipIf(access === null)(title, () => {
    let cluster: Cluster | undefined;

    beforeAll(async () => {
      if (access === null) return;
      const admin = apiClient(access.adminKubeconfig);
      const developer = apiClient(access.developerKubeconfig);
      const server = await startWebhookServer(policy);
      cluster = {
        admin,
        developer,
        server,
        namespace: (labels) => createNamespace(admin, labels),
        kubectl: (namespace) => kubectl(access.kubectl, access.developerKubeconfig, namespace),
        async withoutProbewise(make) {
          await unregister(admin);
          const made = await make();
          await register(admin, server);
          await untilEnforced(admin);
          return made;
        },
      };
      await register(admin, server);
      await untilEnforced(admin);
    });

    afterAll(async () => {
      if (cluster === undefined) return;
      await unregister(cluster.admin);
      await cluster.server.stop();
      cluster.admin.close();
      cluster.developer.close();
    });

    body(() => {
      if (cluster === undefined) throw new Error('the cluster is there only while tests run');
      return cluster;
    });
  });
}

let namespaces = 0;

export async function createNamespace(admin: ApiClient, labels: Readonly<Record<string, string>> = {}): Promise<string> {
  const name = `test-${process.pid}-${++namespaces}`;
  await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  await until(`the default account of ${name}`, async () => {
    const { status } = await admin.request('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`);
    return status === 200;
  });
  return name;
}

/** The text of a file in `examples/`. */
export const example = (name: string): string => readFileSync(examplePath(name), 'utf8');

export const examplePath = (name: string): string => join(import.meta.dirname, '../../../examples', name);

/** Errors deny, the rest warns, all that is safe is patched. */
export const ENFORCE = example('policy.yaml');

/** The same policy in mode Warn: nothing is denied. */
export const WARN = ENFORCE.replace('mode: Enforce', 'mode: Warn');
