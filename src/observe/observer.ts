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
}

/** Tells all of them, in order. */
export const observers = (...all: readonly Observer[]): Observer => ({
  decided: (record, seconds) => all.forEach((observer) => observer.decided(record, seconds)),
  refused: (refusal, path, error) => all.forEach((observer) => observer.refused(refusal, path, error)),
  failed: (door, uid, error) => all.forEach((observer) => observer.failed(door, uid, error)),
});
