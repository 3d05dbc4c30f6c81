import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { WEBHOOKS_FILE, webhooksText } from '../../scripts/generate-webhooks.ts';
import { CONTROLLER_ACCOUNTS } from '../../src/admission/controllers.ts';
import { type WebhookOptions, webhookConfigurations } from '../../src/kube/webhook-configuration.ts';
import { helm, render, type Values } from './support/helm.ts';

const CLIENT = { service: { namespace: 'guard', name: 'probewise', port: 443 } };
const AUTHORITY = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const EXCLUDED = ['kube-system', 'guard'];

describe('the webhook configurations of the chart', () => {
  it('are generated from their one source', async () => {
    expect(await readFile(WEBHOOKS_FILE, 'utf8')).toBe(webhooksText());
  });

  const cases: readonly [string, Values, Partial<WebhookOptions>][] = [
    ['as they come', {}, {}],
    [
      'with all that is a value',
      {
        service: { port: 8443 },
        webhook: { failurePolicy: 'Fail', timeoutSeconds: 5 },
        excludedNamespaces: ['legacy', 'guard'],
        controllerAccounts: ['system:serviceaccount:ops:operator', 'system:serviceaccount:mesh:*'],
      },
      {
        client: { service: { ...CLIENT.service, port: 8443 } },
        failurePolicy: 'Fail',
        timeoutSeconds: 5,
        excludedNamespaces: [...EXCLUDED, 'legacy'],
        controllerAccounts: [...CONTROLLER_ACCOUNTS, 'system:serviceaccount:ops:operator', 'system:serviceaccount:mesh:*'],
      },
    ],
    [
      'with an authority that is brought',
      { certificates: { mode: 'secret', secret: { name: 'mine', caBundle: AUTHORITY } } },
      { client: { ...CLIENT, caBundle: Buffer.from(AUTHORITY).toString('base64') } },
    ],
  ];
  it.skipIf(helm === undefined).each(cases)('are what the source says, %s', (_name, values, options) => {
    const rendered = render(values).filter(({ apiVersion }) => apiVersion === 'admissionregistration.k8s.io/v1');
    const expected = webhookConfigurations({ client: CLIENT, excludedNamespaces: EXCLUDED, ...options });
    expect(rendered).toHaveLength(2);
    for (const configuration of expected) {
      const ours = rendered.find(({ kind }) => kind === configuration.kind);
      expect(ours).toMatchObject({ metadata: { name: configuration.metadata.name } });
      expect(ours?.['webhooks']).toEqual(configuration.webhooks);
    }
  });
});
