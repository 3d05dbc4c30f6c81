import { type JsonObject, valueAt } from '../core/json.ts';
import { PATCHED_ANNOTATION } from '../admission/marker.ts';
import type { KubeApi } from './api.ts';
import { isProblem, sentenceOf } from './error.ts';
import { DEPLOYMENTS, pathOf } from './resources.ts';
import type { Clockwork } from './watch.ts';
import { VALIDATING_WEBHOOK } from './webhook-configuration.ts';

type WebhookDoor = 'mutate' | 'validate';

export interface CanaryResult {
  readonly door: WebhookDoor;
  readonly answered: boolean;
  /** What was seen instead, as a sentence; empty where all is well. */
  readonly reason: string;
}

export interface CanaryOptions {
  readonly api: KubeApi;
  /** Where nothing else is, and where every policy but the canary's is out of force. */
  readonly namespace: string;
  readonly isLeader: () => boolean;
  readonly clockwork: Clockwork;
  readonly sang: (results: readonly CanaryResult[]) => void;
  /** Nothing can be told: the API server did not answer. */
  readonly failed: (sentence: string) => void;
  readonly everySeconds?: number;
}

export interface Canary {
  /** Leadership has changed: the one who leads now looks at once. */
  wake(): void;
  stop(): Promise<void>;
}

const EVERY_SECONDS = 60;
/** After an answer that is not as it should be: whoever mends it need not wait a minute to see that it is mended. */
const AGAIN_SECONDS = 10;
const CALL_MILLISECONDS = 10_000;

/**
 * Under `failurePolicy: Ignore`, a webhook that is never called looks like one that finds nothing. So the leader asks the API
 * server, in a dry run, for two Deployments that nobody would answer as we do: one that must be denied, and one that must be patched.
 */
export function startCanary(options: CanaryOptions): Canary {
  const { api, namespace, clockwork, everySeconds = EVERY_SECONDS } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let wakening = new AbortController();

  async function run(): Promise<void> {
    while (!signal.aborted) {
      wakening = new AbortController();
      let pause = everySeconds;
      if (options.isLeader()) {
        try {
          const results = await sing(api, namespace, clockwork.random, signal);
          if (!signal.aborted) options.sang(results);
          if (results.some(({ answered }) => !answered)) pause = Math.min(everySeconds, AGAIN_SECONDS);
        } catch (error) {
          if (!signal.aborted) options.failed(`The canary could not be sent: ${sentenceOf(error)}`);
          pause = Math.min(everySeconds, AGAIN_SECONDS);
        }
      }
      await clockwork.delay(pause * 1000, AbortSignal.any([signal, wakening.signal]));
    }
  }

  const running = run();
  return {
    wake: () => wakening.abort(),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Rejects where the API server did not answer: that says nothing of us. */
async function sing(
  api: KubeApi,
  namespace: string,
  random: () => number,
  signal: AbortSignal,
): Promise<readonly CanaryResult[]> {
  const name = `canary-${Math.floor(random() * 36 ** 8)
    .toString(36)
    .padStart(8, '0')}`;
  const send = (probe: JsonObject) =>
    api.create(pathOf(DEPLOYMENTS, { namespace }), deployment(namespace, name, probe), {
      dryRun: true,
      signal,
      timeoutMilliseconds: CALL_MILLISECONDS,
    });
  return [await denied(() => send(ASKS_A_DATABASE), name), await patched(() => send(ASKS_ITSELF), name)];
}

const ASKS_A_DATABASE: JsonObject = { exec: { command: ['pg_isready', '-h', 'db'] } };
const ASKS_ITSELF: JsonObject = { tcpSocket: { port: 8080 } };

type Send = () => Promise<{ readonly object: JsonObject }>;

async function denied(send: Send, name: string): Promise<CanaryResult> {
  const door = 'validate';
  try {
    await send();
    return { door, answered: false, reason: 'A Deployment that must be denied was admitted: the webhook is not called.' };
  } catch (error) {
    if (isProblem(error, 'refused')) {
      const { message } = error;
      // Our own words about this very object: another webhook, or an old answer, says something else.
      const answered = [VALIDATING_WEBHOOK, name, 'liveness-dependency'].every((word) => message.includes(word));
      return { door, answered, reason: answered ? '' : `Something else denied it, so that it cannot be told: ${message}` };
    }
    return cannotTell(door, error);
  }
}

async function patched(send: Send, name: string): Promise<CanaryResult> {
  const door = 'mutate';
  try {
    const { object } = await send();
    const container = valueAt(object, ['spec', 'template', 'spec', 'containers', 0]);
    const answered =
      valueAt(object, ['metadata', 'name']) === name &&
      valueAt(object, ['metadata', 'annotations', PATCHED_ANNOTATION]) !== undefined &&
      valueAt(container, ['startupProbe']) !== undefined;
    const reason = 'A Deployment that must be patched came back as it was: the webhook is not called.';
    return { door, answered, reason: answered ? '' : reason };
  } catch (error) {
    if (isProblem(error, 'refused')) {
      return { door, answered: false, reason: `Something denied it, so that it cannot be told: ${error.message}` };
    }
    return cannotTell(door, error);
  }
}

/** What somebody has to put right is told as such; that the API server is away says nothing of us. */
function cannotTell(door: WebhookDoor, error: unknown): CanaryResult {
  if (isProblem(error, 'forbidden', 'not-found')) return { door, answered: false, reason: error.message };
  throw error;
}

const deployment = (namespace: string, name: string, livenessProbe: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      // A namespace that admits restricted pods alone would warn otherwise.
      spec: {
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'canary',
            image: 'example.invalid/canary:1',
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            livenessProbe,
          },
        ],
      },
    },
  },
});
