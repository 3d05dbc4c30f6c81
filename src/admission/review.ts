import { isObject, type JsonObject, property, text } from '../core/json.ts';

/** An AdmissionReview v1 request, as far as we read it. Its object has been through the API server's own decoding. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly operation: string;
  readonly subResource: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: string;
  readonly dryRun: boolean;
  readonly object: JsonObject | undefined;
  readonly oldObject: JsonObject | undefined;
}

/** Only what is read is checked. The error is a sentence for whoever sent it. */
export function readReview(body: unknown): { request: AdmissionRequest } | { refused: string } {
  if (!isObject(body) || property(body, 'kind') !== 'AdmissionReview') {
    return { refused: 'The body is not an AdmissionReview.' };
  }
  const version = property(body, 'apiVersion');
  if (version !== 'admission.k8s.io/v1') {
    return { refused: `AdmissionReview of apiVersion ${JSON.stringify(version)} is not supported: send admission.k8s.io/v1.` };
  }
  const request = property(body, 'request');
  if (!isObject(request)) return { refused: 'The AdmissionReview carries no request.' };
  const uid = text(property(request, 'uid'));
  if (uid === undefined || uid === '') return { refused: "The AdmissionReview's request has no uid." };
  const object = property(request, 'object');
  const oldObject = property(request, 'oldObject');
  return {
    request: {
      uid,
      operation: text(property(request, 'operation')) ?? '',
      subResource: text(property(request, 'subResource')) ?? '',
      kind: text(property(property(request, 'kind'), 'kind')) ?? '',
      namespace: text(property(request, 'namespace')) ?? '',
      name: text(property(request, 'name')) ?? '',
      user: text(property(property(request, 'userInfo'), 'username')) ?? '',
      dryRun: property(request, 'dryRun') === true,
      object: isObject(object) ? object : undefined,
      oldObject: isObject(oldObject) ? oldObject : undefined,
    },
  };
}
