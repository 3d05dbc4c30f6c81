/** Times in milliseconds since the epoch. */
export interface Lifetime {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** What the Secret holds, as far as the plan depends on it; what cannot be read is absent. */
export interface CertificateState {
  /** The authority that serving certificates are signed with now. */
  readonly authority?: Lifetime & { readonly canSign: boolean };
  /** The one that comes after it: trusted already, once it is published, and not yet signed with. */
  readonly next?: Lifetime & {
    readonly canSign: boolean;
    /** Since when both webhook configurations have it in their `caBundle`. */
    readonly publishedAt?: number;
  };
  /** The one before it, trusted a while longer. */
  readonly previous?: Lifetime & { readonly until: number };
  readonly serving?: Lifetime & { readonly signedBy: 'authority' | 'other'; readonly namesFit: boolean };
  /** Is the next authority in the `caBundle` of both configurations, as they are now? */
  readonly nextIsPublished: boolean;
  /** A person has asked for a new one. */
  readonly requested?: 'authority' | 'serving';
}

export interface CertificateTimes {
  /** How long it may take until every API server uses a new `caBundle`, and every replica a new certificate: with a wide margin. */
  readonly overlap: number;
}

/** What to do with the Secret: one step, after which the state is looked at again. */
export type CertificateStep =
  /** A new authority and a certificate by it, at once. */
  | 'start-over'
  /** A new certificate by the authority. */
  | 'issue-serving'
  /** A new authority beside the one in use. */
  | 'start-overlap'
  | 'note-published'
  | 'note-unpublished'
  /** A new certificate by the next authority, which becomes the authority; the authority becomes the previous one. */
  | 'promote-next'
  | 'drop-next'
  | 'drop-previous'
  | 'nothing';

/**
 * What the `caBundle` holds is always all authorities of the Secret; this says how the Secret changes. The first row that fits:
 *
 *   authority        next                       serving           step
 *   ---------------  -------------------------  ----------------  ----------------
 *   unusable         usable, published          any               promote-next
 *   unusable         else                       any               start-over
 *   can sign         any                        unusable          issue-serving
 *   cannot sign      usable                     unusable          promote-next
 *   cannot sign      else                       unusable          start-over
 *   any              unusable                   any               drop-next
 *   any              published, not noted       any               note-published
 *   any              noted, not published       any               note-unpublished
 *   any              noted, overlap over        any               promote-next
 *   any              none                       any               start-overlap where the authority is due, cannot sign, or a
 *                                                                 person asks
 *   can sign         any                        due, or asked     issue-serving
 *   (previous, its time over)                                     drop-previous
 *
 * Unusable: absent, unreadable or ended; for a serving certificate also: for other names, or by another authority; for a next
 * authority also: it cannot sign. One that has not begun yet was made by another clock, and clocks must not start a rotation.
 * Due: two thirds of its life are over.
 *
 * A certificate is served only by an authority that the API servers have trusted for `overlap`, and an authority is trusted for
 * `overlap` and more after the last certificate by it was replaced: while nothing is damaged from outside, there is no moment at
 * which what is served is not trusted. What is damaged is mended at once.
 */
export function planCertificates(state: CertificateState, now: number, { overlap }: CertificateTimes): CertificateStep {
  const { authority, next, previous, serving, requested, nextIsPublished } = state;
  const nextIsUsable = next !== undefined && isValid(next, now) && next.canSign;
  if (authority === undefined || !isValid(authority, now)) return nextIsUsable && nextIsPublished ? 'promote-next' : 'start-over';
  if (serving === undefined || !isValid(serving, now) || !serving.namesFit || serving.signedBy === 'other') {
    if (authority.canSign) return 'issue-serving';
    return nextIsUsable ? 'promote-next' : 'start-over';
  }
  if (next !== undefined) {
    if (!nextIsUsable) return 'drop-next';
    if (next.publishedAt === undefined && nextIsPublished) return 'note-published';
    if (next.publishedAt !== undefined && !nextIsPublished) return 'note-unpublished';
    // A time that is to come was written by another clock: it starts anew.
    if (next.publishedAt !== undefined && next.publishedAt > now) return 'note-unpublished';
    if (next.publishedAt !== undefined && now - next.publishedAt >= overlap) return 'promote-next';
  } else if (isDue(authority, now) || !authority.canSign || requested === 'authority') {
    return 'start-overlap';
  }
  if (authority.canSign && (isDue(serving, now) || requested === 'serving')) return 'issue-serving';
  if (previous !== undefined && (now >= previous.until || now >= previous.notAfter)) return 'drop-previous';
  return 'nothing';
}

const isValid = ({ notAfter }: Lifetime, now: number): boolean => now < notAfter;

const isDue = ({ notBefore, notAfter }: Lifetime, now: number): boolean => now >= notBefore + ((notAfter - notBefore) * 2) / 3;
