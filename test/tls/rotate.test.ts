import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issueAuthority, issueServing } from '../../src/tls/issue.ts';
import { bundleOf, type CertificateMaterial, isInBundle, stateOf } from '../../src/tls/material.ts';
import { planCertificates } from '../../src/tls/plan.ts';
import { takeStep } from '../../src/tls/rotate.ts';

const START = Date.parse('2027-01-01T00:00:00Z');
const MINUTE = 60_000;
const DAY = 86_400_000;
const OVERLAP = 5 * MINUTE;
const NAMES = ['probewise.probewise.svc'];
const LIVES = { authorityDays: 20, servingDays: 8, keepPrevious: 20 * MINUTE };

/** What replicas served and API servers trusted, from when on. */
interface Moment {
  readonly at: number;
  readonly served: string | undefined;
  readonly bundle: string;
}

/** A leader that follows the plan, and keeps the bundle. */
class Leader {
  material: CertificateMaterial;
  bundle = '';
  readonly history: Moment[] = [];
  readonly steps: string[] = [];

  constructor(material: CertificateMaterial) {
    this.material = material;
  }

  /** Everything that is to be done at one moment; an endless loop would be a defect of the plan. */
  async work(now: number): Promise<void> {
    for (let round = 0; round < 20; round++) {
      this.bundle = bundleOf(this.material);
      this.history.push({ at: now, served: this.material.serving?.cert, bundle: this.bundle });
      const published = this.material.next !== undefined && isInBundle(this.bundle, this.material.next);
      const step = planCertificates(stateOf(this.material, NAMES, published), now, { overlap: OVERLAP });
      if (step === 'nothing') return;
      this.steps.push(step);
      this.material = await takeStep(step, this.material, { now, dnsNames: NAMES, ...LIVES });
    }
    throw new Error(`the plan comes to no end: ${this.steps.join(', ')}`);
  }
}

function isTrusted(served: string, bundle: string, now: number): boolean {
  const leaf = new X509Certificate(served);
  const certificates = bundle.split(/(?<=-----END CERTIFICATE-----\n)/).filter((pem) => pem.trim() !== '');
  const validAt = (certificate: X509Certificate): boolean =>
    certificate.validFromDate.getTime() <= now && now < certificate.validToDate.getTime();
  return (
    validAt(leaf) &&
    certificates
      .map((pem) => new X509Certificate(pem))
      .some((authority) => validAt(authority) && leaf.verify(authority.publicKey))
  );
}

/** Everything that may still be in use somewhere: a replica or an API server may be behind by up to the overlap. */
function inUse<T>(history: readonly Moment[], now: number, pick: (moment: Moment) => T): Set<T> {
  const before = history.findLastIndex(({ at }) => at <= now - OVERLAP + 1);
  return new Set(history.slice(Math.max(0, before)).map(pick));
}

describe('a rotation', () => {
  it('never leaves a moment at which what is served is not trusted, whatever is asked for, and with everybody late', async () => {
    const event = fc.record({
      minutes: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.constantFrom(720, 1440, 2880)),
      ask: fc.constantFrom('authority', 'serving', undefined, undefined),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 15, maxLength: 30 }), async (events) => {
        let now = START;
        const leader = new Leader({});
        await leader.work(now);
        // Before there was a certificate, none could be served.
        leader.history.splice(0, leader.history.length - 1);
        for (const { minutes, ask } of events) {
          now += minutes * MINUTE;
          if (ask !== undefined) leader.material = { ...leader.material, requested: ask };
          await leader.work(now);
          for (const served of inUse(leader.history, now, (moment) => moment.served)) {
            for (const bundle of inUse(leader.history, now, (moment) => moment.bundle)) {
              expect(served !== undefined && isTrusted(served, bundle, now)).toBe(true);
            }
          }
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('comes from any state to one that is trusted, and to rest', async () => {
    const [a, b, c] = await Promise.all([
      issueAuthority(START, 40),
      issueAuthority(START, 40),
      issueAuthority(START - 50 * DAY, 40),
    ]);
    const leaves = await Promise.all([
      issueServing(a, NAMES, START, 12),
      issueServing(b, NAMES, START, 12),
      issueServing(a, ['other.example'], START, 12),
      issueServing(c, NAMES, START - 50 * DAY, 12),
    ]);
    const garbage = '-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n';
    const cert = fc.constantFrom(a.cert, b.cert, c.cert, garbage, 'x');
    const key = fc.constantFrom(a.key, b.key, c.key, 'x');
    const time = fc.integer({ min: START - 3 * DAY, max: START + 3 * DAY });
    const authority = fc.record({ cert, key }, { requiredKeys: ['cert'] });
    const material: fc.Arbitrary<CertificateMaterial> = fc.record(
      {
        authority,
        next: fc.record({ cert, key, publishedAt: time }, { requiredKeys: ['cert'] }),
        previous: fc.record({ cert, until: time }),
        serving: fc.oneof(
          fc.constantFrom(...leaves),
          fc.record({ cert: fc.oneof(cert, fc.constantFrom(...leaves.map((leaf) => leaf.cert))), key }),
        ),
        requested: fc.constantFrom('authority' as const, 'serving' as const),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(material, async (damaged) => {
        const leader = new Leader(damaged);
        let now = START;
        await leader.work(now);
        expect(isTrusted(leader.material.serving?.cert ?? '', leader.bundle, now)).toBe(true);
        for (const minutes of [5, 6, 7, 30]) {
          now += minutes * MINUTE;
          await leader.work(now);
        }
        expect(isTrusted(leader.material.serving?.cert ?? '', leader.bundle, now)).toBe(true);
        expect(leader.material.next).toBeUndefined();
        expect(leader.material.requested).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('goes through an overlap of both authorities', async () => {
    const leader = new Leader({});
    await leader.work(START);
    leader.material = { ...leader.material, requested: 'authority' };
    await leader.work(START + MINUTE);
    expect(leader.bundle.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    const before = leader.material.serving?.cert;
    await leader.work(START + MINUTE + OVERLAP);
    expect(leader.material.serving?.cert).not.toBe(before);
    await leader.work(START + MINUTE + OVERLAP + LIVES.keepPrevious);
    expect(leader.bundle.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
    expect(leader.steps).toEqual(['start-over', 'start-overlap', 'note-published', 'promote-next', 'drop-previous']);
  });

  it('does not give out a certificate that outlives its authority', async () => {
    const authority = await issueAuthority(START, 3);
    const material = await takeStep('issue-serving', { authority }, { now: START, dnsNames: NAMES, ...LIVES });
    expect(new X509Certificate(material.serving?.cert ?? '').validToDate.getTime()).toBe(START + 3 * DAY);
  });
});
