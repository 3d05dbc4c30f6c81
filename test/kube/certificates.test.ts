import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { list, type JsonObject, text, valueAt } from '../../src/core/json.ts';
import { type Certificates, keepCertificates } from '../../src/kube/certificates.ts';
import { KubeError } from '../../src/kube/error.ts';
import { webhookConfigurations } from '../../src/kube/webhook-configuration.ts';
import { FakeClock } from './support/clockwork.ts';
import { FakeApi } from './support/fake-api.ts';

const SECRET = '/api/v1/namespaces/home/secrets/certificate';
const CONFIGURATIONS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'].map(
  (plural) => `/apis/admissionregistration.k8s.io/v1/${plural}/admission.probewise.dev`,
);
const NAMES = ['probewise.home.svc'];
const DAY = 86_400;

const running: Certificates[] = [];
afterEach(() => Promise.all(running.splice(0).map((one) => one.stop())));

function replica(api: FakeApi, clock: FakeClock, leads: () => boolean) {
  const served: string[] = [];
  const steps: string[] = [];
  const failures: string[] = [];
  const certificates = keepCertificates({
    api,
    namespace: 'home',
    secretName: 'certificate',
    dnsNames: NAMES,
    isLeader: leads,
    clockwork: clock,
    changed: ({ cert }) => served.push(cert),
    stepTaken: (step) => steps.push(step),
    bundleRestored: () => undefined,
    failed: (sentence) => failures.push(sentence),
  });
  running.push(certificates);
  return { certificates, served, steps, failures };
}

function install(api: FakeApi): void {
  const client = { service: { namespace: 'home', name: 'probewise', port: 443 } };
  for (const [index, { kind, ...configuration }] of webhookConfigurations({ client }).entries()) {
    api.put(CONFIGURATIONS[index] ?? '', { kind, ...configuration });
  }
}

/** Of every webhook of both configurations: one text where all are the same. */
const bundles = (api: FakeApi): Set<string> =>
  new Set(
    CONFIGURATIONS.flatMap((path) =>
      list(api.objects.get(path)?.['webhooks']).map((webhook) =>
        Buffer.from(text(valueAt(webhook, ['clientConfig', 'caBundle'])) ?? '', 'base64').toString(),
      ),
    ),
  );

const annotate = (api: FakeApi, annotations: JsonObject): void => {
  const secret = api.objects.get(SECRET) ?? {};
  api.put(SECRET, { ...secret, metadata: { ...Object(secret['metadata']), annotations } });
};

/** Making a certificate takes real time, in which the clock of the test stands still, or goes very slowly. */
const eventually = (check: () => void, clock: FakeClock): Promise<void> =>
  vi.waitFor(
    async () => {
      await clock.pass(0.02, 0.02);
      check();
    },
    { timeout: 30_000, interval: 5 },
  );

describe('keepCertificates', () => {
  it('makes a certificate for the names of the Service, and every webhook trusts it', async () => {
    const [api, clock] = [new FakeApi(), new FakeClock()];
    install(api);
    const { certificates, served, steps } = replica(api, clock, () => true);
    await clock.pass(1);
    await eventually(() => expect(bundles(api).size).toBe(1), clock);
    await eventually(() => expect([...bundles(api)][0]).toContain('BEGIN CERTIFICATE'), clock);
    const leaf = new X509Certificate(served[0] ?? '');
    expect(leaf.checkHost('probewise.home.svc')).toBe('probewise.home.svc');
    expect(leaf.verify(new X509Certificate([...bundles(api)][0] ?? '').publicKey)).toBe(true);
    expect(certificates.current()?.cert).toBe(served[0]);
    expect(steps).toEqual(['start-over']);
  });

  it('fills an empty Secret that somebody has prepared, and leaves its labels', async () => {
    const [api, clock] = [new FakeApi(), new FakeClock()];
    api.put(SECRET, { kind: 'Secret', metadata: { namespace: 'home', name: 'certificate', labels: { a: 'b' } } });
    const { served } = replica(api, clock, () => true);
    await clock.pass(1);
    await eventually(() => expect(served).toHaveLength(1), clock);
    expect(valueAt(api.objects.get(SECRET), ['metadata', 'labels'])).toEqual({ a: 'b' });
  });

  it('only follows where it does not lead', async () => {
    const [api, clock] = [new FakeApi(), new FakeClock()];
    install(api);
    const follower = replica(api, clock, () => false);
    await clock.pass(60, 5);
    expect(api.calls.filter(({ verb }) => !['list', 'watch'].includes(verb))).toEqual([]);
    const leader = replica(api, clock, () => true);
    await clock.pass(1);
    await eventually(() => expect(leader.served).toHaveLength(1), clock);
    await eventually(() => expect(follower.served).toEqual(leader.served), clock);
  });

  it('has one Secret in the end where two leaders write at the same time', async () => {
    const [api, clock] = [new FakeApi(), new FakeClock()];
    const both = [replica(api, clock, () => true), replica(api, clock, () => true)];
    await clock.pass(1);
    await eventually(() => expect(both.map(({ served }) => served.length)).toEqual([1, 1]), clock);
    expect(both[0]?.served).toEqual(both[1]?.served);
    expect(both.flatMap(({ failures }) => failures)).toEqual([]);
  });

  it('trusts a new authority for the overlap before it serves with it, and notes anew where the bundle was taken away', async () => {
    const [api, clock] = [new FakeApi(), new FakeClock()];
    install(api);
    const { served, steps } = replica(api, clock, () => true);
    await clock.pass(1);
    await eventually(() => expect(served).toHaveLength(1), clock);
    annotate(api, { 'probewise.dev/rotate': 'authority' });
    await eventually(() => expect(steps).toContain('start-overlap'), clock);
    await clock.pass(2);
    await eventually(() => expect(steps).toContain('note-published'), clock);
    expect([...bundles(api)][0]?.match(/BEGIN/g)).toHaveLength(2);
    await clock.pass(200, 5);
    expect(served).toHaveLength(1);
    await clock.pass(130, 5);
    await eventually(() => expect(served).toHaveLength(2), clock);
    await clock.pass(DAY + 60, 600);
    await eventually(
      () => expect(steps).toEqual(['start-over', 'start-overlap', 'note-published', 'promote-next', 'drop-previous']),
      clock,
    );
    await clock.pass(2);
    await eventually(() => expect([...bundles(api)][0]?.match(/BEGIN/g)).toHaveLength(1), clock);
  });

  it('renews what it serves with after two thirds of its life, by the same authority', async () => {
    const [api, clock] = [new FakeApi(), new FakeClock()];
    install(api);
    const { served, steps } = replica(api, clock, () => true);
    await clock.pass(1);
    await eventually(() => expect(served).toHaveLength(1), clock);
    const before = [...bundles(api)];
    await clock.pass(59 * DAY, DAY);
    expect(served).toHaveLength(1);
    await clock.pass(2 * DAY, DAY / 4);
    await eventually(() => expect(served).toHaveLength(2), clock);
    expect(steps).toEqual(['start-over', 'issue-serving']);
    expect([...bundles(api)]).toEqual(before);
  });

  it('says once what keeps it from writing, and goes on with what it serves', async () => {
    const [api, clock] = [new FakeApi(), new FakeClock()];
    api.intercept = ({ verb }) => {
      if (verb === 'create') throw new KubeError('forbidden', 'Not permitted: secrets is forbidden.');
    };
    const { failures, served } = replica(api, clock, () => true);
    await clock.pass(1);
    await eventually(() => expect(failures).toHaveLength(1), clock);
    api.intercept = () => undefined;
    await clock.pass(20, 1);
    await eventually(() => expect(served).toHaveLength(1), clock);
    expect(failures).toEqual(['Not permitted: secrets is forbidden.']);
  });
});
