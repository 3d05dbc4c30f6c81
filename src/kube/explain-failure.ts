import { property, text } from '../core/json.ts';
import { cut, oneLine } from '../core/text.ts';
import type { Connection } from './connection.ts';
import { KubeError, type KubeProblem, sentenceOf } from './error.ts';

type Peer = Pick<Connection, 'server' | 'as'>;

const UNREACHABLE: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ECONNRESET', 'the connection was cut'],
  ['EPIPE', 'the connection was cut'],
  ['ENOTFOUND', 'its name is not known'],
  ['EAI_AGAIN', 'its name cannot be looked up'],
  ['EHOSTUNREACH', 'there is no way to its host'],
  ['ENETUNREACH', 'there is no way to its network'],
  ['ETIMEDOUT', 'no answer came in time'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'the connection was cut'],
]);

/** TLS errors about the peer, by OpenSSL's and Node's names. */
const UNTRUSTED =
  /^(?:UNABLE_TO_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_|ERR_SSL_|ERR_OSSL_|EPROTO)/;

/** Why no answer came, or none that can be read, as an error with one sentence. */
export function explainFailure(error: unknown, { server, as }: Peer): KubeError {
  if (error instanceof KubeError) return error;
  const code = text(property(error, 'code')) ?? '';
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new KubeError('unreachable', `The API server at ${server} gave no answer in time.`, { cause: error });
  }
  const known = UNREACHABLE.get(code);
  if (known !== undefined) {
    return new KubeError('unreachable', `The API server at ${server} (${as}) cannot be reached: ${known}.`, { cause: error });
  }
  if (UNTRUSTED.test(code)) {
    return new KubeError(
      'untrusted',
      `The API server at ${server} cannot be trusted (${oneLine(sentenceOf(error))}): check the certificate authority of ${as}.`,
      { cause: error },
    );
  }
  return new KubeError('unreachable', `The call to the API server at ${server} failed: ${oneLine(sentenceOf(error))}.`, {
    cause: error,
  });
}

/** What an HTTP status other than success means, as an error with one sentence. */
export function explainStatus(
  status: number,
  answer: unknown,
  call: string,
  { server, as }: Peer,
  warnings: readonly string[],
): KubeError {
  const said = text(property(answer, 'message')) ?? (typeof answer === 'string' ? answer : '');
  const message = cut(oneLine(said), 1000).replace(/\.$/, '');
  const error = (problem: KubeProblem, sentence: string): KubeError => new KubeError(problem, sentence, { warnings });
  switch (status) {
    case 401:
      return error(
        'unauthorized',
        `The API server at ${server} does not accept the credentials of ${as}: they have expired or belong to another cluster. Log in again.`,
      );
    case 403:
      // A denial by an admission webhook comes with the same status; only the one by authorization says "cannot".
      if (said.startsWith('admission webhook ')) return error('refused', `${message}.`);
      return error('forbidden', `Not permitted (${as}): ${message || call}.`);
    case 404:
      return error('not-found', `Not found: ${message || call}.`);
    case 409:
      return error('conflict', `${message || `${call} was in conflict with another change`}.`);
    case 410:
      return error('expired', `Too old: ${message || call}.`);
    case 400:
    case 422:
      return error('refused', `${message || `${call} was refused`}.`);
    case 429:
      return error('busy', `The API server at ${server} is too busy for ${call}.`);
    default:
      return error(
        'failed',
        `The API server at ${server} answered ${call} with ${status}${message === '' ? '' : `: ${message}`}.`,
      );
  }
}
