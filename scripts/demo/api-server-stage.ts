import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { property, text, valueAt } from '../../src/core/json.ts';
import { apiClient, collectionPath } from '../../test/control-plane/harness/api-client.ts';
import type { ControlPlaneAccess } from '../../test/control-plane/harness/control-plane.ts';
import { kubectl } from '../../test/control-plane/harness/kubectl.ts';
import { register, untilEnforced } from '../../test/control-plane/harness/registration.ts';
import { startWebhookServer } from '../../test/control-plane/harness/webhook-server.ts';
import type { Stage } from './stage.ts';

const NAMESPACE = 'default';

/** A real API server that calls the webhook, as in every cluster. */
export async function apiServerStage(access: ControlPlaneAccess, policy: string): Promise<Stage> {
  const admin = apiClient(access.adminKubeconfig);
  const run = kubectl(access.kubectl, access.developerKubeconfig, NAMESPACE);

  async function underPolicy(next: string): Promise<void> {
    await register(admin, await startWebhookServer(next));
    await untilEnforced(admin);
  }

  await underPolicy(policy);
  return {
    underPolicy,
    async apply(file) {
      const { code, stdout, stderr } = await run(['apply', '-f', file]);
      const terminal = `${stderr}${stdout}`.trimEnd();
      if (code !== 0) return { terminal, stored: undefined };
      const manifest: unknown = parse(await readFile(file, 'utf8'));
      const collection = collectionPath({ ...Object(manifest), metadata: { namespace: NAMESPACE } });
      const name = text(valueAt(manifest, ['metadata', 'name'])) ?? '';
      const stored = await admin.read(`${collection}/${name}`);
      // So that the same manifest can be made again under another policy.
      await run(['delete', (text(property(manifest, 'kind')) ?? '').toLowerCase(), name, '--wait=false']);
      return { terminal, stored };
    },
  };
}
