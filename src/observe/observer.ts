import type { AdmissionRecord, Door } from '../admission/record.ts';
import type { Refusal } from '../http/refusal.ts';

/** Told of everything that happens to a request. Must not throw. */
export interface Observer {
  /** A decision was made, in so many seconds from the whole body to the answer. */
  decided(record: AdmissionRecord, seconds: number): void;
  /** A request got an HTTP error instead of a decision. `error` where it is ours. */
  refused(refusal: Refusal, path: string, error?: unknown): void;
  /** The admission chain itself threw: the request was let pass with a warning. */
  failed(door: Door, uid: string, error: unknown): void;
  /** A client broke off the TLS handshake, mostly because it does not trust the certificate. `code` is OpenSSL's. */
  distrusted(code: string): void;
}

/** Tells all of them, in order. One that throws keeps neither the others from hearing it nor the request from its answer. */
export function observers(...all: readonly Observer[]): Observer {
  const each = (tell: (observer: Observer) => void): void => {
    for (const observer of all) {
      try {
        tell(observer);
      } catch {
        // Nobody is left to be told.
      }
    }
  };
  return {
    decided: (record, seconds) => each((observer) => observer.decided(record, seconds)),
    refused: (refusal, path, error) => each((observer) => observer.refused(refusal, path, error)),
    failed: (door, uid, error) => each((observer) => observer.failed(door, uid, error)),
    distrusted: (code) => each((observer) => observer.distrusted(code)),
  };
}
