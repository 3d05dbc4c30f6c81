import { X509Certificate } from 'node:crypto';
import { issueAuthority, issueServing } from './issue.ts';
import type { CertificateMaterial } from './material.ts';
import type { CertificateStep } from './plan.ts';

export interface RotationOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The names under which API servers call. */
  readonly dnsNames: readonly string[];
  readonly authorityDays: number;
  readonly servingDays: number;
  /** How long an authority is still trusted after the last certificate by it was replaced, in milliseconds: the overlap or more. */
  readonly keepPrevious: number;
}

/** A Secret may live as long as the cluster; what is signed lives shorter, so that renewing is nothing rare. */
export const AUTHORITY_DAYS = 730;
export const SERVING_DAYS = 90;
/** A replica that is cut off from the API server serves what it had, and may be called all the same. */
export const KEEP_PREVIOUS_MILLISECONDS = 86_400_000;

const DAY = 86_400_000;

/** The material after one step of the plan. The step must fit the material. */
export async function takeStep(
  step: Exclude<CertificateStep, 'nothing'>,
  material: CertificateMaterial,
  options: RotationOptions,
): Promise<CertificateMaterial> {
  const { now, authorityDays, keepPrevious } = options;
  const { next, authority, previous: _previous, requested: _requested, ...rest } = material;
  switch (step) {
    case 'start-over': {
      const fresh = await issueAuthority(now, authorityDays);
      return { authority: fresh, serving: await serve(fresh, options) };
    }
    case 'issue-serving': {
      const { requested, ...unasked } = material;
      const serving = await serve(signer(authority), options);
      return { ...unasked, ...(requested === 'authority' && { requested }), serving };
    }
    case 'start-overlap': {
      const { requested, ...unasked } = material;
      const fresh = await issueAuthority(now, authorityDays);
      return { ...unasked, ...(requested === 'serving' && { requested }), next: fresh };
    }
    case 'note-published':
      return next === undefined ? material : { ...material, next: { ...next, publishedAt: now } };
    case 'note-unpublished': {
      if (next === undefined) return material;
      const { publishedAt: _publishedAt, ...unpublished } = next;
      return { ...material, next: unpublished };
    }
    case 'promote-next': {
      const { cert, key } = signer(next);
      return {
        ...rest,
        authority: { cert, key },
        serving: await serve({ cert, key }, options),
        ...(authority !== undefined && { previous: { cert: authority.cert, until: now + keepPrevious } }),
      };
    }
    case 'drop-next': {
      const { next: _next, ...kept } = material;
      return kept;
    }
    case 'drop-previous': {
      const { previous: _gone, ...kept } = material;
      return kept;
    }
  }
}

interface Signer {
  readonly cert: string;
  readonly key: string;
}

function signer(authority: { readonly cert: string; readonly key?: string } | undefined): Signer {
  if (authority?.key === undefined) throw new Error('the plan signs with an authority that has no key');
  return { cert: authority.cert, key: authority.key };
}

/** A certificate that outlives its authority would be refused while it looks good. */
async function serve(authority: Signer, { now, dnsNames, servingDays }: RotationOptions) {
  const left = (new X509Certificate(authority.cert).validToDate.getTime() - now) / DAY;
  return issueServing(authority, dnsNames, now, Math.min(servingDays, left));
}
