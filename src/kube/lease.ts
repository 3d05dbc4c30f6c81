import type { JsonObject } from '../core/json.ts';
import { isObject, property, scalarText, text } from '../core/json.ts';
import type { KubeApi } from './api.ts';
import { isProblem, sentenceOf } from './error.ts';
import { LEASES, pathOf } from './resources.ts';
import { keyOf, resourceVersionOf } from './watch-event.ts';
import type { Clockwork } from './watch.ts';

export interface LeaseOptions {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly name: string;
  /** Of this process among its replicas: the pod's name. */
  readonly identity: string;
  readonly clockwork: Clockwork;
  readonly changed: (leading: boolean) => void;
  readonly failed: (sentence: string) => void;
  readonly durationSeconds?: number;
}

export interface Leadership {
  isLeader(): boolean;
  /** Gives the lease back, so that the next one need not wait for its end. */
  stop(): Promise<void>;
}

const DURATION_SECONDS = 15;
const CALL_MILLISECONDS = 5000;

/**
 * One of the replicas leads: the one whose name stands in the Lease, as long as it renews it. As in client-go, another's lease has
 * ended when it has not been seen to change for its whole duration by our own clock: clocks of other machines are not compared.
 * Who cannot renew stops leading while a third of the duration is still left.
 */
export function leadByLease(options: LeaseOptions): Leadership {
  const { api, namespace, name, identity, clockwork, durationSeconds = DURATION_SECONDS } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const retryMilliseconds = (durationSeconds * 1000) / 6;
  const renewWithin = (durationSeconds * 1000 * 2) / 3;
  let leading = false;
  let renewed = Number.NEGATIVE_INFINITY;
  let held: JsonObject | undefined;
  let seen = { version: '', at: 0 };
  let complaint = '';

  function lead(now: boolean): void {
    if (leading === now) return;
    leading = now;
    options.changed(now);
  }

  async function attempt(): Promise<void> {
    const began = clockwork.now();
    const stored = held ?? (await read());
    const spec = property(stored, 'spec');
    const holder = text(property(spec, 'holderIdentity')) ?? '';
    if (stored !== undefined && holder !== '' && holder !== identity && !ended(stored, spec)) return lead(false);
    held = await write(stored, identity, holder === identity);
    renewed = began;
    complaint = '';
    lead(true);
  }

  async function read(): Promise<JsonObject | undefined> {
    try {
      return await api.get(pathOf(LEASES, { namespace, name }), { signal, timeoutMilliseconds: CALL_MILLISECONDS });
    } catch (error) {
      if (isProblem(error, 'not-found')) return undefined;
      throw error;
    }
  }

  function ended(stored: JsonObject, spec: unknown): boolean {
    const version = resourceVersionOf(stored);
    if (version !== seen.version) seen = { version, at: clockwork.now() };
    const seconds = property(spec, 'leaseDurationSeconds');
    return clockwork.now() - seen.at >= (typeof seconds === 'number' ? seconds : DURATION_SECONDS) * 1000;
  }

  async function write(stored: JsonObject | undefined, holderIdentity: string, mine: boolean): Promise<JsonObject> {
    const now = microTime(clockwork.now());
    const before = property(stored, 'spec');
    const transitions = property(before, 'leaseTransitions');
    const count = typeof transitions === 'number' ? transitions : 0;
    const metadata = property(stored, 'metadata');
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: isObject(metadata) ? metadata : { name, namespace },
      spec: {
        ...(isObject(before) ? before : {}),
        holderIdentity,
        leaseDurationSeconds: holderIdentity === '' ? 1 : durationSeconds,
        acquireTime: mine ? scalarText(property(before, 'acquireTime')) || now : now,
        renewTime: now,
        leaseTransitions: mine || keyOf(stored) === undefined ? count : count + 1,
      },
    };
    const call = { timeoutMilliseconds: CALL_MILLISECONDS };
    if (stored === undefined) return (await api.create(pathOf(LEASES, { namespace }), lease, call)).object;
    return api.replace(pathOf(LEASES, { namespace, name }), lease, call);
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await attempt();
      } catch (error) {
        if (signal.aborted) return;
        // Somebody has written it meanwhile, or it is not certain that we have: read it anew.
        held = undefined;
        if (clockwork.now() - renewed >= renewWithin) lead(false);
        const sentence = sentenceOf(error);
        if (!isProblem(error, 'conflict') && sentence !== complaint) {
          complaint = sentence;
          options.failed(sentence);
        }
      }
      await clockwork.delay(retryMilliseconds * (0.9 + 0.2 * clockwork.random()), signal);
    }
  }

  const running = run();
  return {
    // Also between two tries: a process that was paused must not go on as if it had renewed.
    isLeader: () => leading && clockwork.now() - renewed < renewWithin,
    async stop() {
      stopping.abort();
      await running;
      if (!leading) return;
      lead(false);
      // Whether or not it succeeds: it ends by itself.
      await write(held ?? (await read().catch(() => undefined)), '', true).catch(() => undefined);
    },
  };
}

/** Kubernetes' MicroTime: six digits after the point. */
const microTime = (time: number): string => new Date(time).toISOString().replace('Z', '000Z');
