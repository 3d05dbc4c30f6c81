import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import jsonPatch from 'fast-json-patch';
import { parse } from 'yaml';
import { list, property, text, valueAt } from '../../src/core/json.ts';
import { groupOf } from '../../src/core/workload.ts';
import { VALIDATING_WEBHOOK } from '../../src/kube/webhook-configuration.ts';
import { startWebhookServer, type WebhookServer } from '../../test/control-plane/harness/webhook-server.ts';
import { withDefaults } from './defaults.ts';
import type { Applied, Stage } from './stage.ts';

/** No API server: sends the webhook what one would send, over HTTPS, and does with the answers what one would do. */
export async function reviewStage(policy: string): Promise<Stage> {
  let server = await startWebhookServer(policy);
  return {
    async underPolicy(next) {
      await server.stop();
      server = await startWebhookServer(next);
    },
    apply: (file) => apply(server, file),
  };
}

async function apply(server: WebhookServer, file: string): Promise<Applied> {
  const manifest = withDefaults(parse(await readFile(file, 'utf8')));
  const mutated = await ask(server, '/mutate', manifest);
  const patch = text(property(mutated, 'patch'));
  const stored = patch === undefined ? manifest : withDefaults(patched(manifest, patch));
  const validated = await ask(server, '/validate', stored);
  const warnings = [mutated, validated].flatMap((answer) => list(property(answer, 'warnings')));
  const lines = warnings.map((line) => `Warning: ${String(line)}`);
  if (property(validated, 'allowed') === true) {
    const kind = (text(property(manifest, 'kind')) ?? '').toLowerCase();
    const name = text(valueAt(manifest, ['metadata', 'name'])) ?? '';
    return {
      terminal: [...lines, `${kind}.${groupOf(text(property(manifest, 'apiVersion')) ?? '')}/${name} created`].join('\n'),
      stored,
    };
  }
  const message = text(valueAt(validated, ['status', 'message'])) ?? '';
  const refusal = `Error from server (Forbidden): error when creating "${file}": admission webhook "${VALIDATING_WEBHOOK}" denied the request: ${message}`;
  return { terminal: [...lines, refusal].join('\n'), stored: undefined };
}

function patched(manifest: unknown, patch: string): unknown {
  const operations: jsonPatch.Operation[] = JSON.parse(Buffer.from(patch, 'base64').toString());
  return jsonPatch.applyPatch(structuredClone(manifest), operations).newDocument;
}

async function ask(server: WebhookServer, path: string, object: unknown): Promise<unknown> {
  const [group = '', version = ''] = (text(property(object, 'apiVersion')) ?? '').split('/');
  const kind = text(property(object, 'kind')) ?? '';
  const resource = { group, version, resource: `${kind.toLowerCase()}s` };
  const review = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: randomUUID(),
      kind: { group, version, kind },
      resource,
      requestKind: { group, version, kind },
      requestResource: resource,
      name: valueAt(object, ['metadata', 'name']),
      namespace: 'default',
      operation: 'CREATE',
      userInfo: { username: 'jane', groups: ['developers', 'system:authenticated'] },
      object,
      oldObject: null,
      dryRun: false,
      options: { apiVersion: 'meta.k8s.io/v1', kind: 'CreateOptions' },
    },
  };
  return property(await server.post(`${path}?timeout=2s`, review), 'response');
}
