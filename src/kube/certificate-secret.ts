import { isObject, type JsonObject, property, text, valueAt } from '../core/json.ts';
import type { CertificateMaterial } from '../tls/material.ts';

/** Keys of the Secret; the first three as in every Secret of type kubernetes.io/tls. */
const KEYS = {
  servingCert: 'tls.crt',
  servingKey: 'tls.key',
  authorityCert: 'ca.crt',
  authorityKey: 'ca.key',
  nextCert: 'ca-next.crt',
  nextKey: 'ca-next.key',
  previousCert: 'ca-previous.crt',
} as const;

/** Times in RFC 3339. */
const PUBLISHED_AT = 'probewise.dev/ca-next-published-at';
const PREVIOUS_UNTIL = 'probewise.dev/ca-previous-until';
/** Written by a person: `authority` or `serving`. Taken away once it is under way. */
const ROTATE_ANNOTATION = 'probewise.dev/rotate';

/** What a Secret holds. Half a pair is none; never throws. */
export function readSecret(secret: JsonObject): CertificateMaterial {
  const data = property(secret, 'data');
  const annotations = valueAt(secret, ['metadata', 'annotations']);
  const pem = (key: keyof typeof KEYS): string | undefined => {
    const encoded = text(property(data, KEYS[key]));
    return encoded === undefined || encoded === '' ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
  };
  const time = (name: string): number | undefined => {
    const at = Date.parse(text(property(annotations, name)) ?? '');
    return Number.isNaN(at) ? undefined : at;
  };
  const [servingCert, servingKey] = [pem('servingCert'), pem('servingKey')];
  const [authorityCert, authorityKey] = [pem('authorityCert'), pem('authorityKey')];
  const [nextCert, nextKey, publishedAt] = [pem('nextCert'), pem('nextKey'), time(PUBLISHED_AT)];
  const previousCert = pem('previousCert');
  const requested = text(property(annotations, ROTATE_ANNOTATION))?.toLowerCase();
  return {
    ...(servingCert !== undefined && servingKey !== undefined && { serving: { cert: servingCert, key: servingKey } }),
    ...(authorityCert !== undefined && {
      authority: { cert: authorityCert, ...(authorityKey !== undefined && { key: authorityKey }) },
    }),
    ...(nextCert !== undefined && {
      next: { cert: nextCert, ...(nextKey !== undefined && { key: nextKey }), ...(publishedAt !== undefined && { publishedAt }) },
    }),
    ...(previousCert !== undefined && { previous: { cert: previousCert, until: time(PREVIOUS_UNTIL) ?? 0 } }),
    ...((requested === 'authority' || requested === 'serving') && { requested }),
  };
}

/** The Secret with this material instead of what it held; labels, owners and what else others wrote stay. */
export function writeSecret(material: CertificateMaterial, secret: JsonObject): JsonObject {
  const { serving, authority, next, previous, requested } = material;
  const texts: Record<string, string | undefined> = {
    [KEYS.servingCert]: serving?.cert,
    [KEYS.servingKey]: serving?.key,
    [KEYS.authorityCert]: authority?.cert,
    [KEYS.authorityKey]: authority?.key,
    [KEYS.nextCert]: next?.cert,
    [KEYS.nextKey]: next?.key,
    [KEYS.previousCert]: previous?.cert,
  };
  const notes: Record<string, string | undefined> = {
    [PUBLISHED_AT]: next?.publishedAt === undefined ? undefined : rfc3339(next.publishedAt),
    [PREVIOUS_UNTIL]: previous === undefined ? undefined : rfc3339(previous.until),
    [ROTATE_ANNOTATION]: requested,
  };
  const metadata = property(secret, 'metadata');
  return {
    ...secret,
    metadata: {
      ...(isObject(metadata) ? metadata : {}),
      annotations: merged(property(metadata, 'annotations'), notes, (value) => value),
    },
    data: merged(property(secret, 'data'), texts, (value) => Buffer.from(value).toString('base64')),
  };
}

export const emptySecret = (namespace: string, name: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'Opaque',
  metadata: { namespace, name },
});

const rfc3339 = (time: number): string => new Date(time).toISOString();

function merged(map: unknown, ours: Readonly<Record<string, string | undefined>>, encode: (value: string) => string): JsonObject {
  const others = isObject(map) ? Object.entries(map).filter(([key]) => !Object.hasOwn(ours, key)) : [];
  const own = Object.entries(ours).flatMap(([key, value]) => (value === undefined ? [] : [[key, encode(value)] as const]));
  return Object.fromEntries([...others, ...own]);
}
