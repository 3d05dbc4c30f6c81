import type { Mode } from '../core/policy.ts';
import type { Severity } from '../core/rule.ts';

export type Door = 'mutate' | 'validate';

/** Why a request was let pass without a look at its probes. */
export type SkipReason =
  | 'not-a-workload'
  | 'operation'
  | 'subresource'
  | 'mirror-pod'
  | 'no-probes'
  | 'template-unchanged'
  | 'being-deleted'
  | 'malformed';

/** All that is to be known of one decision: the log line, the counters and the histogram are functions of it. */
export interface AdmissionRecord {
  readonly door: Door;
  readonly uid: string;
  readonly operation: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: string;
  readonly dryRun: boolean;
  readonly decision: 'allowed' | 'denied' | 'patched' | 'skipped';
  readonly skip?: SkipReason;
  readonly policy?: string;
  readonly mode?: Mode;
  readonly findings: readonly { readonly rule: string; readonly severity: Severity; readonly container: string }[];
  /** How many fields were patched. */
  readonly edits: number;
  /** What kept a part of the request from being judged: told to the caller as a warning, logged and counted. */
  readonly problems: readonly string[];
  readonly errors: readonly { readonly rule: string; readonly error: unknown }[];
}

/** An AdmissionReview v1 with its response, ready to be sent as JSON with HTTP 200. */
export interface AdmissionReviewResponse {
  readonly apiVersion: 'admission.k8s.io/v1';
  readonly kind: 'AdmissionReview';
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly status?: { readonly code: number; readonly reason: string; readonly message: string };
    readonly patchType?: 'JSONPatch';
    /** Base64 of the JSON of an RFC 6902 patch. */
    readonly patch?: string;
    readonly warnings?: readonly string[];
    readonly auditAnnotations?: Readonly<Record<string, string>>;
  };
}

export type Admitted =
  | { readonly review: AdmissionReviewResponse; readonly record: AdmissionRecord }
  /** Not an AdmissionReview v1 at all: HTTP 400 with this sentence. */
  | { readonly refused: string };

/** Hops 2 to 5. Never rejects: an error of ours is not a denial. */
export type Admit = (door: Door, body: unknown) => Promise<Admitted>;
