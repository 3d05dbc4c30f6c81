import { describe, expect, it } from 'vitest';
import { type CertificateState, type CertificateStep, planCertificates } from '../../src/tls/plan.ts';

const NOW = Date.parse('2027-01-01T00:00:00Z');
const MINUTE = 60_000;
const DAY = 86_400_000;
const OVERLAP = 5 * MINUTE;

const fresh = { notBefore: NOW - DAY, notAfter: NOW + 100 * DAY };
const due = { notBefore: NOW - 70 * DAY, notAfter: NOW + 20 * DAY };
const ended = { notBefore: NOW - 70 * DAY, notAfter: NOW - 1 };
const good: CertificateState = {
  authority: { ...fresh, canSign: true },
  serving: { ...fresh, signedBy: 'authority', namesFit: true },
  nextIsPublished: false,
};
const authority = { ...fresh, canSign: true };
const serving = { ...fresh, signedBy: 'authority', namesFit: true } as const;
const next = { ...fresh, canSign: true };

const rows: readonly (readonly [string, CertificateState, CertificateStep])[] = [
  ['nothing at all', { nextIsPublished: false }, 'start-over'],
  ['an authority that has ended', { ...good, authority: { ...ended, canSign: true } }, 'start-over'],
  [
    'an authority that has ended, and a next one in the bundle',
    { ...good, authority: { ...ended, canSign: true }, next, nextIsPublished: true },
    'promote-next',
  ],
  [
    'an authority that has ended, and a next one that nobody trusts',
    { ...good, authority: { ...ended, canSign: true }, next },
    'start-over',
  ],
  ['no serving certificate', { authority, nextIsPublished: false }, 'issue-serving'],
  ['a serving certificate that has ended', { ...good, serving: { ...serving, ...ended } }, 'issue-serving'],
  ['a serving certificate for other names', { ...good, serving: { ...serving, namesFit: false } }, 'issue-serving'],
  ['a serving certificate of another authority', { ...good, serving: { ...serving, signedBy: 'other' } }, 'issue-serving'],
  [
    'no serving certificate, and a key that is lost',
    { authority: { ...fresh, canSign: false }, nextIsPublished: false },
    'start-over',
  ],
  [
    'no serving certificate, a lost key, and a next authority',
    { authority: { ...fresh, canSign: false }, next, nextIsPublished: false },
    'promote-next',
  ],
  ['a next authority that has ended', { ...good, next: { ...ended, canSign: true } }, 'drop-next'],
  ['a next authority without its key', { ...good, next: { ...fresh, canSign: false } }, 'drop-next'],
  ['a next authority that is not in the bundle yet', { ...good, next }, 'nothing'],
  ['a next authority that has just come into the bundle', { ...good, next, nextIsPublished: true }, 'note-published'],
  [
    'a next authority that somebody took out of the bundle',
    { ...good, next: { ...next, publishedAt: NOW - MINUTE } },
    'note-unpublished',
  ],
  [
    'a next authority noted by a clock that is ahead',
    { ...good, next: { ...next, publishedAt: NOW + DAY }, nextIsPublished: true },
    'note-unpublished',
  ],
  [
    'a next authority before its overlap is over',
    { ...good, next: { ...next, publishedAt: NOW - OVERLAP + 1 }, nextIsPublished: true },
    'nothing',
  ],
  [
    'a next authority after its overlap',
    { ...good, next: { ...next, publishedAt: NOW - OVERLAP }, nextIsPublished: true },
    'promote-next',
  ],
  ['an authority past two thirds of its life', { ...good, authority: { ...due, canSign: true } }, 'start-overlap'],
  ['an authority without its key', { ...good, authority: { ...fresh, canSign: false } }, 'start-overlap'],
  ['somebody who asks for a new authority', { ...good, requested: 'authority' }, 'start-overlap'],
  ['a serving certificate past two thirds of its life', { ...good, serving: { ...serving, ...due } }, 'issue-serving'],
  ['somebody who asks for a new certificate', { ...good, requested: 'serving' }, 'issue-serving'],
  ['a previous authority that may still be needed', { ...good, previous: { ...fresh, until: NOW + 1 } }, 'nothing'],
  ['a previous authority whose time is over', { ...good, previous: { ...fresh, until: NOW } }, 'drop-previous'],
  ['a previous authority that has ended', { ...good, previous: { ...ended, until: NOW + DAY } }, 'drop-previous'],
  ['all well', good, 'nothing'],
];

describe('planCertificates', () => {
  it.each(rows)('with %s', (_title, state, step) => {
    expect(planCertificates(state, NOW, { overlap: OVERLAP })).toBe(step);
  });
});
