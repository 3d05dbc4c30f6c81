import { createServer } from 'node:https';
import type { Operation } from '../../../src/admission/patch.ts';
import { text, valueAt } from '../../../src/core/json.ts';
import { createAuthority } from './certificates.ts';
import type { WebhookTarget } from './registration.ts';

/** Something that the API server sent: `/mutate CREATE Deployment shop`. */
export interface Call {
  readonly path: string;
  readonly operation: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A webhook that lets everything pass, patched as told, and remembers what it was asked. */
export interface RecordingWebhook extends WebhookTarget {
  readonly calls: readonly Call[];
  close(): Promise<void>;
}

export async function startRecordingWebhook(patch?: readonly Operation[]): Promise<RecordingWebhook> {
  const authority = await createAuthority('recording-webhook');
  const serving = await authority.issue({ commonName: 'recording-webhook', addresses: ['127.0.0.1'] });
  const calls: Call[] = [];
  const server = createServer({ cert: serving.certificate, key: serving.key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const review: unknown = JSON.parse(Buffer.concat(chunks).toString());
      const said = (...path: string[]): string => text(valueAt(review, ['request', ...path])) ?? '';
      calls.push({
        path: new URL(request.url ?? '', 'https://webhook').pathname,
        operation: said('operation'),
        kind: said('kind', 'kind'),
        namespace: said('namespace'),
        name: said('name'),
      });
      const patched = patch !== undefined && {
        patchType: 'JSONPatch',
        patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
      };
      const answer = {
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: said('uid'), allowed: true, ...patched },
      };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  return {
    url: `https://127.0.0.1:${port}`,
    authority: authority.certificate,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
