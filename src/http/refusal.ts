/** Why a request gets no AdmissionReview back: a status, and one sentence for the caller. */
export interface Refusal {
  readonly status: number;
  readonly sentence: string;
}

const OWN_ERROR: Refusal = { status: 500, sentence: 'An error in Probewise kept it from answering; its log says more.' };

const CUT_OFF: Refusal = { status: 400, sentence: 'The request was cut off before its end.' };

const BY_CODE: Readonly<Record<string, Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, sentence: 'The body is larger than this server reads.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, sentence: 'Send the AdmissionReview with Content-Type: application/json.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, sentence: 'The body is not as long as its Content-Length says.' },
  FST_ERR_BAD_URL: { status: 400, sentence: 'The path is not a valid URL.' },
  ECONNRESET: CUT_OFF,
  HPE_INVALID_EOF_STATE: CUT_OFF,
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, sentence: 'The request did not end in time.' },
  HPE_HEADER_OVERFLOW: { status: 431, sentence: 'The headers are larger than this server reads.' },
};

/** What the caller is told about an error of the HTTP layer: never its own text, which may quote the body. */
export function refusalOf(error: unknown): Refusal {
  const code = errorProperty(error, 'code');
  const known = typeof code === 'string' ? BY_CODE[code] : undefined;
  if (known !== undefined) return known;
  if (error instanceof RequestError) return { status: error.statusCode, sentence: error.message };
  const status = errorProperty(error, 'statusCode');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, sentence: 'The request is not one that this server understands.' };
  }
  return OWN_ERROR;
}

/** A request that cannot be answered, told in our own words. */
export class RequestError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, sentence: string) {
    super(sentence);
    this.statusCode = statusCode;
  }
}

/** The parser of HTTP itself gave up (a bad request line, headers without end): there is no request to reply to, only a socket. */
export function refusalOfClientError(error: unknown): Refusal {
  const code = errorProperty(error, 'code');
  const known = typeof code === 'string' ? BY_CODE[code] : undefined;
  return known ?? { status: 400, sentence: 'This is not an HTTP/1.1 request.' };
}

const errorProperty = (error: unknown, key: 'code' | 'statusCode'): unknown =>
  error instanceof Error && key in error ? Reflect.get(error, key) : undefined;
