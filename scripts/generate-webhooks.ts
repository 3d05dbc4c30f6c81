import { writeFile } from 'node:fs/promises';
import { CONTROLLER_ACCOUNTS } from '../src/admission/controllers.ts';
import { webhookConfigurations } from '../src/kube/webhook-configuration.ts';

export const WEBHOOKS_FILE = new URL('../charts/probewise/files/webhooks.json', import.meta.url);

/** What both webhook configurations say in every installation; the chart's template adds what is a value. */
export function webhooksText(): string {
  const [mutating, validating] = webhookConfigurations({ client: { service: { namespace: '', name: '', port: 443 } } });
  const content = {
    '': 'Generated from src/kube/webhook-configuration.ts by `npm run generate:chart`: change that, not this.',
    name: mutating.metadata.name,
    controllerAccounts: CONTROLLER_ACCOUNTS,
    mutating: mutating.webhooks,
    validating: validating.webhooks,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

if (import.meta.main) await writeFile(WEBHOOKS_FILE, webhooksText());
