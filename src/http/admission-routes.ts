import type { FastifyInstance, RawServerBase } from 'fastify';
import type { Admit, AdmissionReviewResponse, Door } from '../admission/record.ts';
import { property, text } from '../core/json.ts';
import type { Observer } from '../observe/observer.ts';
import { RequestError } from './refusal.ts';

const DOORS: readonly Door[] = ['mutate', 'validate'];

const PASSED_WARNING = 'probewise: an error of its own kept it from judging this object, which is admitted as it is';

/** What the JSON parser hands to the route. */
class ReceivedBody {
  readonly json: unknown;
  /** From `performance.now()`: when the whole body was there. */
  readonly since: number;

  constructor(json: unknown, since: number) {
    this.json = json;
    this.since = since;
  }
}

export function addAdmissionRoutes<Server extends RawServerBase>(
  app: FastifyInstance<Server>,
  admit: Admit,
  observer: Observer,
): void {
  app.removeAllContentTypeParsers();
  // Not Fastify's own: that one refuses or drops keys such as `__proto__`, which are legal in an object and must be judged.
  // JSON.parse makes them own properties, and nothing here merges.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const since = performance.now();
    let json: unknown;
    try {
      json = JSON.parse(String(body));
    } catch {
      done(new RequestError(400, 'The body is not valid JSON.'));
      return;
    }
    done(null, new ReceivedBody(json, since));
  });

  for (const door of DOORS) {
    app.post(`/${door}`, async (request) => {
      const { json, since } =
        request.body instanceof ReceivedBody ? request.body : new ReceivedBody(undefined, performance.now());
      const admitted = await admitOrPass(admit, door, json, observer);
      if ('refused' in admitted) throw new RequestError(400, clipped(admitted.refused));
      if ('record' in admitted) observer.decided(admitted.record, (performance.now() - since) / 1000);
      return admitted.review;
    });
  }
}

/** The sentence may quote what was sent. */
const clipped = (sentence: string): string => (sentence.length > 300 ? `${sentence.slice(0, 300)}…` : sentence);

/** An error of ours is not a denial, whatever it is. */
async function admitOrPass(
  admit: Admit,
  door: Door,
  json: unknown,
  observer: Observer,
): Promise<Awaited<ReturnType<Admit>> | { readonly review: AdmissionReviewResponse }> {
  try {
    return await admit(door, json);
  } catch (error) {
    const uid = text(property(property(json, 'request'), 'uid')) ?? '';
    observer.failed(door, uid, error);
    return {
      review: {
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid, allowed: true, warnings: [PASSED_WARNING] },
      },
    };
  }
}
