// The library finds its parsers by decorators, which need this first.
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { CertificatePair } from './certificate.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 86_400_000;
/** Clocks differ: a certificate is valid from a little before it was made. */
const CLOCK_SKEW = 600_000;

/** A certificate authority of our own. `now` in milliseconds since the epoch. */
export async function issueAuthority(now: number, days: number): Promise<CertificatePair> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=probewise-ca',
    notBefore: new Date(now - CLOCK_SKEW),
    notAfter: new Date(now + days * DAY),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      // During a rotation two authorities of the same name are trusted at once: the identifiers tell them apart.
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: pem(certificate), key: await keyPem(keys.privateKey) };
}

/** A serving certificate for these DNS names, signed by `authority`. `now` in milliseconds since the epoch. */
export async function issueServing(
  authority: CertificatePair,
  dnsNames: readonly string[],
  now: number,
  days: number,
): Promise<CertificatePair> {
  const issuer = new X509Certificate(authority.cert);
  const signingKey = await crypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(authority.key), ALGORITHM, false, ['sign']);
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=probewise',
    issuer: issuer.subjectName,
    notBefore: new Date(now - CLOCK_SKEW),
    notAfter: new Date(now + days * DAY),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: 'dns', value }))),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { cert: pem(certificate), key: await keyPem(keys.privateKey) };
}

const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const pem = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`;

async function keyPem(key: Parameters<typeof crypto.subtle.exportKey>[1]): Promise<string> {
  return `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}
