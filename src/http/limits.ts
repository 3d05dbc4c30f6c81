export interface Limits {
  /**
   * The API server sends object and oldObject, each of at most 3 MiB; Go writes `<`, `>` and `&` in JSON as six bytes. A body beyond
   * the limit is admitted unchecked under `failurePolicy: Ignore`, so none that it can send may be.
   */
  readonly bodyBytes: number;
  /** From the first byte of a request to its last. The API server gives up much earlier. */
  readonly requestSeconds: number;
  /** Go's client keeps an idle connection for 90 s: the server must not be the first to let go. */
  readonly keepAliveSeconds: number;
  readonly handshakeSeconds: number;
  /** How long a request in flight may still take once the server closes. */
  readonly closeSeconds: number;
  /** How often `requestSeconds` is checked. */
  readonly checkMilliseconds: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 40 * 1024 * 1024,
  requestSeconds: 5,
  keepAliveSeconds: 120,
  handshakeSeconds: 10,
  closeSeconds: 5,
  checkMilliseconds: 1000,
};
