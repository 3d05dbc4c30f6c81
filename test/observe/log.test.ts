import { describe, expect, it } from 'vitest';
import type { AdmissionRecord } from '../../src/admission/record.ts';
import { isObject, type JsonObject } from '../../src/core/json.ts';
import { createLogger, type LogLevel, logObserver } from '../../src/observe/log.ts';
import { recordOf } from '../http/support/start.ts';

function logged(level: LogLevel, tell: (observer: ReturnType<typeof logObserver>) => void): JsonObject[] {
  const lines: string[] = [];
  tell(logObserver(createLogger(level, { write: (line) => void lines.push(line) })));
  return lines.map((line) => JSON.parse(line)).filter((value) => isObject(value));
}

const decided = (some: Partial<AdmissionRecord>, level: LogLevel = 'debug'): JsonObject[] =>
  logged(level, (observer) => observer.decided(recordOf(some), 0.0123456789));

const finding = { rule: 'liveness-timeout', severity: 'Warning', container: 'app' } as const;

describe('the log line of a decision', () => {
  it('has these fields, in this order', () => {
    const [line] = decided({ decision: 'denied', policy: 'default', mode: 'Enforce', findings: [finding], uid: 'u-1' });
    expect(Object.keys(line ?? {})).toEqual([
      'level',
      'time',
      'door',
      'operation',
      'kind',
      'namespace',
      'name',
      'user',
      'uid',
      'dryRun',
      'decision',
      'policy',
      'mode',
      'edits',
      'findingCount',
      'findings',
      'seconds',
      'msg',
    ]);
    expect(line).toMatchObject({ level: 'info', decision: 'denied', findings: [finding], seconds: 0.012346, msg: 'denied' });
    expect(String(line?.['time'])).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it.each([
    ['denied', { decision: 'denied' }, 'info'],
    ['patched', { decision: 'patched', edits: 2 }, 'info'],
    ['allowed, with a finding', { findings: [finding] }, 'info'],
    ['allowed, with a part that could not be used', { problems: ['spec.x is not a list'] }, 'info'],
    ['allowed', {}, 'debug'],
    ['skipped', { decision: 'skipped', skip: 'no-probes' }, 'debug'],
    ['judged without a rule that failed', { errors: [{ rule: 'x', error: new Error('broken') }] }, 'error'],
  ] as const)('%s: level %s', (_name, some, level) => {
    expect(decided(some)[0]?.['level']).toBe(level);
  });

  it('is left out below the level asked for', () => {
    expect(decided({}, 'info')).toEqual([]);
    expect(decided({ decision: 'denied' }, 'error')).toEqual([]);
    expect(decided({ errors: [{ rule: 'x', error: 'y' }] }, 'silent')).toEqual([]);
  });

  it('stays short and on one line, whatever it is given', () => {
    const lines = decided({
      name: `a\n${'x'.repeat(1_000_000)}`,
      findings: Array.from({ length: 1000 }, () => finding),
      problems: Array.from({ length: 1000 }, () => 'y'.repeat(10_000)),
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.['findingCount']).toBe(1000);
    expect(JSON.stringify(lines[0]).length).toBeLessThan(10_000);
  });

  it('names the rule that failed and its error', () => {
    expect(decided({ errors: [{ rule: 'liveness-timeout', error: new TypeError('broken') }] })[0]?.['errors']).toMatchObject([
      { rule: 'liveness-timeout', error: { type: 'TypeError', message: 'broken' } },
    ]);
  });
});

describe('the log line of a request without a decision', () => {
  it('is a warning where the caller is to blame', () => {
    const refusal = { status: 415, sentence: 'Send JSON.' };
    expect(logged('info', (observer) => observer.refused(refusal, '/validate'))).toMatchObject([
      { level: 'warn', status: 415, path: '/validate', reason: 'Send JSON.', msg: 'refused' },
    ]);
  });

  it('is an error where we are', () => {
    expect(logged('info', (observer) => observer.failed('mutate', 'u', new Error('broken')))).toMatchObject([
      { level: 'error', door: 'mutate', uid: 'u', error: { message: 'broken' }, msg: 'admitted unchecked' },
    ]);
  });
});
