import { CONFIGURATION_NAME, webhookConfigurations } from '../../../src/kube/webhook-configuration.ts';
import type { ApiAnswer, ApiClient } from './api-client.ts';
import { until } from './until.ts';

const COLLECTIONS = {
  MutatingWebhookConfiguration: '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  ValidatingWebhookConfiguration: '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
} as const;

export interface WebhookTarget {
  readonly url: string;
  /** The authority of its certificate, PEM. */
  readonly authority: string;
}

/** Registers both configurations, as the chart does. The API server calls them a moment later. */
export async function register(admin: ApiClient, target: WebhookTarget): Promise<void> {
  await unregister(admin);
  const client = { url: target.url, caBundle: Buffer.from(target.authority).toString('base64') };
  for (const configuration of webhookConfigurations({ client })) {
    const answer = await admin.request('POST', COLLECTIONS[configuration.kind], configuration);
    if (answer.status !== 201) throw new Error(`${configuration.kind} was refused: ${JSON.stringify(answer.body)}`);
  }
}

/** Waits until both webhooks answer through the API server. */
export const untilEnforced = (admin: ApiClient): Promise<true> =>
  until('the API server to call both webhooks', async () => {
    const patched = await tryPod(admin, 8080);
    // A port that nobody declares: nothing is patched, validate has something to say.
    const warned = await tryPod(admin, 'nobody');
    return JSON.stringify(patched.body).includes('probewise.dev/patched') && warned.warnings.length > 0;
  });

export async function unregister(admin: ApiClient): Promise<void> {
  for (const collection of Object.values(COLLECTIONS)) {
    const { status } = await admin.request('DELETE', `${collection}/${CONFIGURATION_NAME}`);
    if (status !== 200 && status !== 404) throw new Error(`DELETE ${collection} answered ${status}`);
  }
}

export const tryPod = (admin: ApiClient, port: number | string): Promise<ApiAnswer> =>
  admin.request('POST', '/api/v1/namespaces/default/pods?dryRun=All', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'canary' },
    spec: { containers: [{ name: 'canary', image: 'example/canary:1', livenessProbe: { tcpSocket: { port } } }] },
  });
