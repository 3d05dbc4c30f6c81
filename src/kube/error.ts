/**
 * What kept a call to the API server from being answered as asked.
 *
 * unusable      there is no way to call at all: no kubeconfig, no such context, no token
 * unreachable   no connection, or no answer in time
 * untrusted     a connection, but its certificate is not one that we were told to trust
 * unauthorized  the credentials are not accepted: expired, revoked, of another cluster
 * forbidden     known, but not permitted
 * not-found     no such object, or no such kind (its CRD is not installed)
 * conflict      somebody else has written it meanwhile, or it is there already
 * expired       the resource version or page is too old: read anew
 * refused       the object is not acceptable, or an admission webhook denied it
 * busy          asked too often
 * failed        an error of the API server's own, or an answer that cannot be read
 */
export type KubeProblem =
  | 'unusable'
  | 'unreachable'
  | 'untrusted'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'expired'
  | 'refused'
  | 'busy'
  | 'failed';

/** Its message is one sentence for a person. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly problem: KubeProblem;
  /** Warnings that came with the answer. */
  readonly warnings: readonly string[];

  constructor(problem: KubeProblem, message: string, options: { cause?: unknown; warnings?: readonly string[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.problem = problem;
    this.warnings = options.warnings ?? [];
  }
}

export const isProblem = (error: unknown, ...problems: readonly KubeProblem[]): error is KubeError =>
  error instanceof KubeError && problems.includes(error.problem);

/** Any thrown value as a sentence for a log line. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
