import { type DestinationStream, type Logger, pino } from 'pino';
import type { AdmissionRecord } from '../admission/record.ts';
import type { Observer } from './observer.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A namespace of 200 containers must not make a line of 100 KB. */
const MOST_LISTED = 20;
const LONGEST = 256;

export type { Logger } from 'pino';

/** One JSON object per line, with the time in RFC 3339 and the level as a word. */
export const createLogger = (level: LogLevel, stream: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
    },
    stream,
  );

/** One line for each request. Never a part of an object: it may hold secrets. */
export const logObserver = (log: Logger): Observer => ({
  decided(record, seconds) {
    const level = levelOf(record);
    if (!log.isLevelEnabled(level)) return;
    log[level](decisionFields(record, seconds), record.decision);
  },
  refused({ status, sentence }, path, error) {
    const fields = { status, path: clipped(path), reason: sentence, ...(error !== undefined && { error }) };
    log[error === undefined ? 'warn' : 'error'](fields, 'refused');
  },
  failed(door, uid, error) {
    log.error({ door, uid: clipped(uid), error }, 'admitted unchecked');
  },
  distrusted(code) {
    log.warn({ code }, 'a client broke off the TLS handshake: compare the caBundle of the webhook configurations');
  },
});

/** What denied, changed or found something is for everybody; the rest only for whoever looks closer. */
function levelOf({ decision, findings, problems, errors }: AdmissionRecord): 'debug' | 'info' | 'error' {
  if (errors.length > 0) return 'error';
  const worthTelling = decision === 'denied' || decision === 'patched' || findings.length > 0 || problems.length > 0;
  return worthTelling ? 'info' : 'debug';
}

/** The fields and their order are documented in docs/operating.md. */
function decisionFields(record: AdmissionRecord, seconds: number): object {
  const { skip, policy, mode, findings, problems, errors } = record;
  return {
    door: record.door,
    operation: clipped(record.operation),
    kind: clipped(record.kind),
    namespace: clipped(record.namespace),
    name: clipped(record.name),
    user: clipped(record.user),
    uid: clipped(record.uid),
    dryRun: record.dryRun,
    decision: record.decision,
    ...(skip !== undefined && { skip }),
    ...(policy !== undefined && { policy }),
    ...(mode !== undefined && { mode }),
    edits: record.edits,
    findingCount: findings.length,
    findings: findings
      .slice(0, MOST_LISTED)
      .map(({ rule, severity, container }) => ({ rule, severity, container: clipped(container) })),
    ...(problems.length > 0 && { problems: problems.slice(0, MOST_LISTED).map(clipped) }),
    ...(errors.length > 0 && {
      errors: errors.slice(0, MOST_LISTED).map(({ rule, error }) => ({ rule, error: pino.stdSerializers.err(asError(error)) })),
    }),
    seconds: Number(seconds.toFixed(6)),
  };
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const clipped = (value: string): string => (value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
