import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const token = readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/token', 'utf8');
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port, CANARY_NAMESPACE: namespace } = process.env;
const address = `https://${host.includes(':') ? `[${host}]` : host}:${port}/apis/apps/v1/namespaces/${namespace}/deployments?dryRun=All`;
const labels = { app: 'helm-test' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'helm-test', namespace },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: 'app',
            image: 'example/app:1',
            livenessProbe: { exec: { command: ['pg_isready', '-h', 'database'] } },
          },
        ],
      },
    },
  },
};

// The API server takes a moment to see a new webhook configuration.
let last = '';
for (const end = Date.now() + 90_000; Date.now() < end; await delay(2000)) {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(deployment),
    });
    const body = await answer.json();
    const said = `${answer.headers.get('warning') ?? ''} ${answer.ok ? '' : body.message}`.trim();
    if (said.includes('liveness-dependency')) {
      console.log(`Probewise was asked, and said: ${said}`);
      process.exit(0);
    }
    last = `${answer.status} ${said || 'without a word from Probewise'}`;
  } catch (error) {
    last = String(error.cause ?? error);
  }
}
console.error(`The API server did not ask Probewise about a Deployment in ${namespace}. Its last answer: ${last}`);
process.exit(1);
