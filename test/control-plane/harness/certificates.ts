import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

cryptoProvider.set(globalThis.crypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR = 3_600_000;

/** Both as PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

interface CertificateRequest {
  readonly commonName: string;
  /** To the API server: the groups of the user. */
  readonly organizations?: readonly string[];
  readonly addresses?: readonly string[];
  readonly names?: readonly string[];
}

/** A certificate authority that lives as long as the test run. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
  issue(request: CertificateRequest): Promise<KeyPair>;
}

export async function createAuthority(commonName: string): Promise<Authority> {
  const keys = await generateKeys();
  const root = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }],
    ...validity(),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
    ],
  });
  return {
    certificate: root.toString('pem'),
    key: await privateKey(keys),
    issue: (request) => issue(root, keys.privateKey, request),
  };
}

async function issue(authority: X509Certificate, signingKey: CryptoKey, request: CertificateRequest): Promise<KeyPair> {
  const keys = await generateKeys();
  const { commonName, organizations = [], addresses = [], names = [] } = request;
  const alternatives = [
    ...addresses.map((value) => ({ type: 'ip', value }) as const),
    ...names.map((value) => ({ type: 'dns', value }) as const),
  ];
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [...organizations.map((name) => ({ O: [name] })), { CN: [commonName] }],
    issuer: authority.subject,
    ...validity(),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      ...(alternatives.length > 0 ? [new SubjectAlternativeNameExtension(alternatives)] : []),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await privateKey(keys) };
}

/** A key pair without a certificate, both halves as PEM: the API server signs service account tokens with it. */
export async function createKeys(): Promise<{ readonly publicKey: string; readonly key: string }> {
  const keys = await generateKeys();
  const publicKey = PemConverter.encode(await crypto.subtle.exportKey('spki', keys.publicKey), 'PUBLIC KEY');
  return { publicKey, key: await privateKey(keys) };
}

const generateKeys = (): Promise<webcrypto.CryptoKeyPair> => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const privateKey = async (keys: webcrypto.CryptoKeyPair): Promise<string> =>
  PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');

const serialNumber = (): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(16)))
    .toString('hex')
    .replace(/^./, '1');

/** From an hour ago, for clocks that differ, to a day from now. */
const validity = (): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() - HOUR),
  notAfter: new Date(Date.now() + 24 * HOUR),
});
