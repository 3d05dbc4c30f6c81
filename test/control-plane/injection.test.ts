import { afterAll, beforeAll, expect, it } from 'vitest';
import { property } from '../../src/core/json.ts';
import { describeOnCluster, ENFORCE } from './harness/cluster.ts';
import { container, inNamespace, LIVE, pod, podSpec } from './harness/manifests.ts';
import { probesIn } from './harness/probes.ts';
import { type RecordingWebhook, startRecordingWebhook } from './harness/recording-webhook.ts';
import { until } from './harness/until.ts';

const INJECTOR = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';

describeOnCluster('Another webhook that adds a container after us', ENFORCE, (cluster) => {
  let injector: RecordingWebhook;

  /** A probe that is too tight, in a container that the user never wrote. */
  const added = container({ livenessProbe: LIVE }, 'injected');

  beforeAll(async () => {
    injector = await startRecordingWebhook([{ op: 'add', path: '/spec/containers/-', value: added }]);
    await cluster().admin.request('POST', INJECTOR, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'sidecar-injector' },
      webhooks: [
        {
          name: 'injector.example.com',
          clientConfig: { url: `${injector.url}/inject`, caBundle: Buffer.from(injector.authority).toString('base64') },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
          objectSelector: { matchLabels: { inject: 'yes' } },
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
  });

  afterAll(async () => {
    await cluster().admin.request('DELETE', `${INJECTOR}/sidecar-injector`);
    await injector.close();
  });

  it('is patched as well: the API server calls us again', async () => {
    const namespace = await cluster().namespace();
    const written = inNamespace(pod('app', podSpec({ livenessProbe: LIVE }), { labels: { inject: 'yes' } }), namespace);
    const path = `/api/v1/namespaces/${namespace}/pods?dryRun=All`;
    const body = await until('the injector to be called', async () => {
      const answer = await cluster().developer.request('POST', path, written);
      return JSON.stringify(answer.body).includes('"injected"') && answer.body;
    });
    const patched = {
      livenessProbe: expect.objectContaining({ timeoutSeconds: 5 }),
      startupProbe: expect.objectContaining({ periodSeconds: 2, failureThreshold: 146 }),
    };
    expect(probesIn(property(body, 'spec'))).toEqual([patched, patched]);
  });
});
