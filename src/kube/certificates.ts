import type { JsonObject } from '../core/json.ts';
import { readCertificate, type ServingCertificate } from '../tls/certificate.ts';
import { bundleOf, type CertificateMaterial, stateOf } from '../tls/material.ts';
import { type CertificateStep, planCertificates } from '../tls/plan.ts';
import type { KubeApi } from './api.ts';
import { Backoff } from './backoff.ts';
import { bundlePatch, isPublished, type KnownConfiguration, readConfiguration } from './ca-bundle.ts';
import { emptySecret, readSecret, writeSecret } from './certificate-secret.ts';
import { isProblem, sentenceOf } from './error.ts';
import { MUTATING_CONFIGURATIONS, pathOf, type Resource, SECRETS, VALIDATING_CONFIGURATIONS } from './resources.ts';
import { type Clockwork, type Watch, watchCollection } from './watch.ts';
import { CONFIGURATION_NAME } from './webhook-configuration.ts';

export interface CertificatesOptions {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly secretName: string;
  /** The names under which API servers call: the Service's. */
  readonly dnsNames: readonly string[];
  readonly isLeader: () => boolean;
  readonly clockwork: Clockwork;
  /** There is a certificate to serve with, or another one. */
  readonly changed: (certificate: ServingCertificate) => void;
  readonly stepTaken: (step: CertificateStep) => void;
  readonly bundleRestored: (kind: string) => void;
  readonly failed: (sentence: string) => void;
  /** How long every API server and replica may take to see a change. */
  readonly overlapMilliseconds?: number;
}

export interface Certificates {
  current(): ServingCertificate | undefined;
  /** Something else has changed on which the work depends: leadership. */
  wake(): void;
  stop(): Promise<void>;
}

const OVERLAP_MILLISECONDS = 300_000;
/** What is due by the clock alone is seen so much later at most. */
const LOOK_AGAIN_MILLISECONDS = 15_000;
/** Whoever fights us over the `caBundle` gets this much time between two rounds. */
const PAUSE_MILLISECONDS = 500;

interface KnownSecret {
  readonly object: JsonObject;
  readonly material: CertificateMaterial;
}

/**
 * The Secret is the source of truth: every replica serves with what is in it, and the leader alone changes it, as
 * `tls/plan.ts` says, and keeps the `caBundle` of both configurations as it follows from it. Both are watched: what somebody takes
 * away is put back at once.
 */
export function keepCertificates(options: CertificatesOptions): Certificates {
  const { api, namespace, secretName, dnsNames, clockwork, overlapMilliseconds = OVERLAP_MILLISECONDS } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const backoff = new Backoff(clockwork.random);
  let wakening = new AbortController();
  let current: ServingCertificate | undefined;
  let complaint = '';

  const wake = (): void => wakening.abort();

  const secrets = watchCollection<KnownSecret>({
    api,
    path: pathOf(SECRETS, { namespace }),
    fieldSelector: `metadata.name=${secretName}`,
    keep: (object) => ({ object, material: readSecret(object) }),
    changed() {
      adopt();
      wake();
    },
    failed: options.failed,
    clockwork,
  });
  const configurations = new Map<Resource, Watch<KnownConfiguration>>(
    [MUTATING_CONFIGURATIONS, VALIDATING_CONFIGURATIONS].map((resource) => [
      resource,
      watchCollection({
        api,
        path: pathOf(resource),
        fieldSelector: `metadata.name=${CONFIGURATION_NAME}`,
        keep: readConfiguration,
        changed: wake,
        failed: options.failed,
        clockwork,
      }),
    ]),
  );

  const known = (): KnownSecret | undefined => secrets.items.get(`${namespace}/${secretName}`);
  const watches = (): Watch<unknown>[] => [secrets, ...configurations.values()];

  /** Serves with what the Secret holds, if that can be served with. */
  function adopt(): void {
    const pair = known()?.material.serving;
    if (pair === undefined || pair.cert === current?.cert) return;
    const read = readCertificate(pair);
    if (!('certificate' in read)) return;
    current = read.certificate;
    options.changed(current);
  }

  async function restoreBundles(material: CertificateMaterial): Promise<boolean> {
    const bundle = bundleOf(material);
    let restored = false;
    for (const [resource, watch] of configurations) {
      for (const configuration of watch.items.values()) {
        const patch = bundlePatch(configuration, bundle);
        if (patch === undefined) continue;
        await api.patch(pathOf(resource, { name: CONFIGURATION_NAME }), patch, { signal });
        options.bundleRestored(resource.plural);
        restored = true;
      }
    }
    return restored;
  }

  /** Resolves to how long nothing more is to be done. */
  async function work(): Promise<number> {
    if (!options.isLeader() || !watches().every((watch) => watch.hasSynced())) return LOOK_AGAIN_MILLISECONDS;
    const secret = known();
    const { object, material } = secret ?? { object: emptySecret(namespace, secretName), material: {} };
    // First what is trusted, then what is served.
    if (await restoreBundles(material)) {
      await clockwork.delay(PAUSE_MILLISECONDS, signal);
      return 0;
    }
    const published = [...configurations.values()].every(({ items }) => isPublished(material.next, items.values()));
    const now = clockwork.now();
    const step = planCertificates(stateOf(material, dnsNames, published), now, { overlap: overlapMilliseconds });
    if (step === 'nothing') return Math.min(LOOK_AGAIN_MILLISECONDS, Math.max(PAUSE_MILLISECONDS, overlapMilliseconds / 4));
    // Once in two months: until then, what makes certificates need not be in memory.
    const { AUTHORITY_DAYS, KEEP_PREVIOUS_MILLISECONDS, SERVING_DAYS, takeStep } = await import('../tls/rotate.ts');
    const after = await takeStep(step, material, {
      now,
      dnsNames,
      authorityDays: AUTHORITY_DAYS,
      servingDays: SERVING_DAYS,
      keepPrevious: Math.max(KEEP_PREVIOUS_MILLISECONDS, overlapMilliseconds),
    });
    const next = writeSecret(after, object);
    if (secret === undefined) await api.create(pathOf(SECRETS, { namespace }), next, { signal });
    else await api.replace(pathOf(SECRETS, { namespace, name: secretName }), next, { signal });
    options.stepTaken(step);
    // The watch brings what was written, and wakes us.
    return LOOK_AGAIN_MILLISECONDS;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      wakening = new AbortController();
      let pause: number;
      try {
        pause = await work();
        complaint = '';
        backoff.reset();
      } catch (error) {
        pause = backoff.next();
        // Somebody was faster: the watch brings what is there now.
        const sentence = isProblem(error, 'conflict') ? complaint : sentenceOf(error);
        if (sentence !== complaint && !signal.aborted) options.failed(sentence);
        complaint = sentence;
        // What keeps failing must not go on at the pace of the watch.
        await clockwork.delay(pause, signal);
        continue;
      }
      await clockwork.delay(pause, AbortSignal.any([signal, wakening.signal]));
    }
  }

  const running = run();
  return {
    current: () => current,
    wake,
    async stop() {
      stopping.abort();
      await Promise.all([running, ...watches().map((watch) => watch.stop())]);
    },
  };
}
