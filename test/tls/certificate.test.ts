import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCertificate } from '../../src/tls/certificate.ts';
import { issueAuthority, issueServing } from '../../src/tls/issue.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const authority = await issueAuthority(NOW, 2);
const [first, second] = [
  await issueServing(authority, ['a.example'], NOW, 1),
  await issueServing(authority, ['b.example'], NOW, 1),
];

describe('a certificate and a key', () => {
  it('that belong together can be used, also with the chain behind the certificate', () => {
    expect(readCertificate(first)).toEqual({
      certificate: { ...first, notAfter: NOW + 86_400_000, names: 'DNS:a.example' },
    });
    expect(readCertificate({ cert: first.cert + authority.cert, key: first.key })).toHaveProperty('certificate');
  });

  it.each([
    ['of two different pairs', { cert: first.cert, key: second.key }, 'does not belong'],
    ['in the wrong order', { cert: authority.cert + first.cert, key: first.key }, 'does not belong'],
    ['of which the certificate is empty', { cert: '', key: first.key }, 'certificate is not in PEM form'],
    ['of which the certificate is cut off', { cert: first.cert.slice(0, 200), key: first.key }, 'certificate is not in PEM form'],
    ['of which the key is cut off', { cert: first.cert, key: first.key.slice(0, 60) }, 'key is not an unencrypted private key'],
    ['swapped', { cert: first.key, key: first.cert }, 'certificate is not in PEM form'],
  ])('%s cannot', (_name, pair, problem) => {
    expect(readCertificate(pair)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('that needs a passphrase cannot', () => {
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    });
    expect(readCertificate({ cert: first.cert, key: privateKey })).toHaveProperty('problem');
  });
});
