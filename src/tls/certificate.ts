import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** PEM text. `cert` may be a chain: the serving certificate first. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

export interface ServingCertificate extends CertificatePair {
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** Its subject alternative names, as OpenSSL writes them. */
  readonly names: string;
}

type CertificateReading = { readonly certificate: ServingCertificate } | { readonly problem: string };

/** Is this a pair that a TLS server can use? The problem is a clause without a subject: `is not a certificate in PEM form`. */
export function readCertificate({ cert, key }: CertificatePair): CertificateReading {
  const leaf = attempt(() => new X509Certificate(cert));
  if (leaf === undefined) return { problem: 'the certificate is not in PEM form' };
  const privateKey = attempt(() => createPrivateKey(key));
  if (privateKey === undefined) return { problem: 'the key is not an unencrypted private key in PEM form' };
  // While somebody replaces the files, one of them can be new and the other old.
  if (!leaf.checkPrivateKey(privateKey)) return { problem: 'the key does not belong to the certificate' };
  if (attempt(() => createSecureContext({ cert, key })) === undefined) {
    return { problem: 'TLS cannot use the certificate: the chain behind it, its key size or its algorithm is not accepted' };
  }
  return { certificate: { cert, key, notAfter: leaf.validToDate.getTime(), names: leaf.subjectAltName ?? '' } };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
