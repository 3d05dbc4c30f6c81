import { webhookConfigurations } from '../../../src/kube/webhook-configuration.ts';
import type { ApiClient } from './api-client.ts';
import { until } from './until.ts';
import type { WebhookServer } from './webhook-server.ts';

const COLLECTIONS = {
  MutatingWebhookConfiguration: '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  ValidatingWebhookConfiguration: '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
} as const;

/** Registers both configurations, as the chart does, and waits until the API server calls both webhooks. */
export async function register(admin: ApiClient, server: Pick<WebhookServer, 'url' | 'authority'>): Promise<void> {
  await unregister(admin);
  const client = { url: server.url, caBundle: Buffer.from(server.authority).toString('base64') };
  for (const configuration of webhookConfigurations({ client })) {
    const answer = await admin.request('POST', COLLECTIONS[configuration.kind], configuration);
    if (answer.status !== 201) throw new Error(`${configuration.kind} was refused: ${JSON.stringify(answer.body)}`);
  }
  await until('the API server to call both webhooks', async () => {
    const { status, body } = await admin.request('POST', '/api/v1/namespaces/default/pods?dryRun=All', canary());
    const patched = status === 201 && JSON.stringify(body).includes('probewise.dev/patched');
    const { warnings } = await admin.request('POST', '/api/v1/namespaces/default/pods?dryRun=All', canary({ dead: true }));
    return patched && warnings.length > 0;
  });
}

export async function unregister(admin: ApiClient): Promise<void> {
  for (const collection of Object.values(COLLECTIONS)) {
    const { status } = await admin.request('DELETE', `${collection}/admission.probewise.dev`);
    if (status !== 200 && status !== 404) throw new Error(`DELETE ${collection} answered ${status}`);
  }
}

/** Patched under every mode but Audit; with `dead`, a port name that nobody declares, about which validate has something to say. */
function canary({ dead = false } = {}): unknown {
  const port = dead ? 'nobody' : 8080;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'canary', namespace: 'default' },
    spec: { containers: [{ name: 'canary', image: 'example/canary:1', livenessProbe: { tcpSocket: { port } } }] },
  };
}
