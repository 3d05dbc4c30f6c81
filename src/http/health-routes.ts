import type { FastifyInstance, RawServerBase } from 'fastify';
import type { Admit } from '../admission/record.ts';

/** Why the server should get no requests now, as a sentence; undefined where it should. */
export type NotReady = () => string | undefined;

const LIVENESS_LIMIT_MILLISECONDS = 1000;

/**
 * A Pod without a fault: judging it goes through the whole chain, and never to a denial, for which the cluster might be asked.
 * What this endpoint says depends on this process alone.
 */
const SAMPLE_REVIEW = {
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'livez',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    name: 'livez',
    namespace: 'probewise-livez',
    operation: 'CREATE',
    userInfo: { username: 'system:probewise' },
    dryRun: true,
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'livez', namespace: 'probewise-livez' },
      spec: {
        containers: [
          {
            name: 'livez',
            image: 'livez',
            readinessProbe: { tcpSocket: { port: 8080 }, timeoutSeconds: 30, periodSeconds: 30, failureThreshold: 30 },
          },
        ],
      },
    },
  },
};

export function addHealthRoutes<Server extends RawServerBase>(
  app: FastifyInstance<Server>,
  admit: Admit,
  notReady: NotReady,
): void {
  app.get('/livez', async (_request, reply) => {
    const answered = await answers(admit);
    return reply.code(answered ? 200 : 503).send(answered ? 'ok' : 'A sample review was not answered within a second.');
  });

  app.get('/readyz', (_request, reply) => {
    const reason = notReady();
    return reply.code(reason === undefined ? 200 : 503).send(reason ?? 'ok');
  });
}

/**
 * Is a review answered at all? A restart mends a chain that hangs. It does not mend one that throws: the same review throws
 * again after it, and every replica would be restarted for ever; requests are let pass meanwhile, and the error is counted.
 */
async function answers(admit: Admit): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), LIVENESS_LIMIT_MILLISECONDS);
  try {
    return await Promise.race([
      late,
      admit('validate', SAMPLE_REVIEW).then(
        () => true,
        () => true,
      ),
    ]);
  } catch {
    return true;
  } finally {
    clearTimeout(timer);
  }
}
