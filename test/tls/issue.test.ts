import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { issueAuthority, issueServing } from '../../src/tls/issue.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const NAMES = ['probewise.probewise-system.svc', 'probewise.probewise-system.svc.cluster.local'];

describe('certificates that Probewise makes', () => {
  it('are ECDSA P-256, for the names asked for, from just before now to the day asked for', async () => {
    const authority = await issueAuthority(NOW, 365);
    const serving = new X509Certificate((await issueServing(authority, NAMES, NOW, 90)).cert);
    expect(serving.subjectAltName).toBe(NAMES.map((name) => `DNS:${name}`).join(', '));
    expect(serving.validFromDate.toISOString()).toBe('2026-06-01T11:50:00.000Z');
    expect(serving.validToDate.toISOString()).toBe('2026-08-30T12:00:00.000Z');
    expect(serving.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(serving.ca).toBe(false);
    expect(serving.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('are signed by their authority, and by no other of the same name', async () => {
    const [authority, other] = await Promise.all([issueAuthority(NOW, 365), issueAuthority(NOW, 365)]);
    const serving = new X509Certificate((await issueServing(authority, NAMES, NOW, 90)).cert);
    const issuer = new X509Certificate(authority.cert);
    expect(issuer.ca).toBe(true);
    expect(serving.checkIssued(issuer)).toBe(true);
    expect(serving.verify(issuer.publicKey)).toBe(true);
    expect(serving.checkIssued(new X509Certificate(other.cert))).toBe(false);
  });

  it('have serial numbers that differ', async () => {
    const authority = await issueAuthority(NOW, 365);
    const made = await Promise.all([1, 2, 3].map(() => issueServing(authority, NAMES, NOW, 90)));
    expect(new Set(made.map(({ cert }) => new X509Certificate(cert).serialNumber)).size).toBe(3);
  });
});
