import { X509Certificate } from 'node:crypto';
import { type CertificatePair, readCertificate } from './certificate.ts';
import type { CertificateState, Lifetime } from './plan.ts';

/** An authority's certificate; without its key it is only trusted. PEM. */
export interface Authority {
  readonly cert: string;
  readonly key?: string;
}

/** All that is kept in the Secret. Times in milliseconds since the epoch. */
export interface CertificateMaterial {
  readonly serving?: CertificatePair;
  readonly authority?: Authority;
  readonly next?: Authority & { readonly publishedAt?: number };
  readonly previous?: { readonly cert: string; readonly until: number };
  readonly requested?: 'authority' | 'serving';
}

/** The certificates that the API server is to trust, as the PEM text of a `caBundle`. Empty where there are none. */
export const bundleOf = ({ authority, next, previous }: CertificateMaterial): string =>
  [...new Set([authority, next, previous].flatMap((one) => normalPem(one?.cert)))].join('');

/** Is this authority in a `caBundle`? */
export const isInBundle = (bundle: string, { cert }: Authority): boolean =>
  normalPem(cert).every((pem) => bundle.includes(pem.trim()));

/** What the plan has to know of the material. What cannot be read counts as absent. */
export function stateOf(
  { serving, authority, next, previous, requested }: CertificateMaterial,
  dnsNames: readonly string[],
  nextIsPublished: boolean,
): CertificateState {
  const current = readAuthority(authority);
  const coming = readAuthority(next);
  const before = certificateOf(previous?.cert);
  const leaf = serving === undefined ? undefined : readServing(serving, authority?.cert, dnsNames);
  return {
    ...(current !== undefined && { authority: current }),
    ...(next !== undefined && {
      // One that cannot be read is there all the same: it is to be dropped.
      next: {
        ...(coming ?? { notBefore: 0, notAfter: 0, canSign: false }),
        ...(next.publishedAt !== undefined && { publishedAt: next.publishedAt }),
      },
    }),
    ...(previous !== undefined && {
      previous: { ...(before === undefined ? { notBefore: 0, notAfter: 0 } : lifetime(before)), until: previous.until },
    }),
    ...(leaf !== undefined && { serving: leaf }),
    nextIsPublished,
    ...(requested !== undefined && { requested }),
  };
}

function readAuthority(authority: Authority | undefined): CertificateState['authority'] {
  const certificate = certificateOf(authority?.cert);
  if (authority === undefined || certificate === undefined || !certificate.ca) return undefined;
  const { cert, key } = authority;
  return { ...lifetime(certificate), canSign: key !== undefined && 'certificate' in readCertificate({ cert, key }) };
}

function readServing(
  pair: CertificatePair,
  authority: string | undefined,
  dnsNames: readonly string[],
): CertificateState['serving'] {
  if ('problem' in readCertificate(pair)) return undefined;
  const certificate = new X509Certificate(pair.cert);
  const issuer = certificateOf(authority);
  const signed = issuer !== undefined && certificate.verify(issuer.publicKey);
  return {
    ...lifetime(certificate),
    signedBy: signed ? 'authority' : 'other',
    namesFit: dnsNames.every((name) => certificate.checkHost(name) !== undefined),
  };
}

const lifetime = ({ validFromDate, validToDate }: X509Certificate): Lifetime => ({
  notBefore: validFromDate.getTime(),
  notAfter: validToDate.getTime(),
});

function certificateOf(pem: string | undefined): X509Certificate | undefined {
  try {
    return pem === undefined ? undefined : new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** The API server refuses a `caBundle` that holds anything but certificates: what cannot be read is left out. */
const normalPem = (pem: string | undefined): string[] => {
  const certificate = certificateOf(pem);
  return certificate === undefined ? [] : [certificate.toString()];
};
