import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../src/core/edit.ts';
import type { Path } from '../../../src/core/path.ts';
import { documentsOf, sourceText } from '../../../src/cli/yaml/parse.ts';
import { rewrite } from '../../../src/cli/yaml/rewrite.ts';

const set = (value: number, ...at: Path): Edit => ({ op: 'set', at, value });

function fix(text: string, ...edits: readonly Edit[]) {
  const source = sourceText('input', text);
  const documents = [...documentsOf(source)];
  const [document] = documents;
  if (document === undefined) throw new Error('no document');
  const result = rewrite(source, [{ document, edits }], documents);
  return { text: result.text, reasons: (result.refused.get(document) ?? []).map(({ reason }) => reason) };
}

describe('text that several places share', () => {
  const shared = 'a:\n  live: &probe\n    path: /x # why\n  ready: *probe\n';

  it('is changed where all of them want the same', () => {
    const { text, reasons } = fix(shared, set(5, 'a', 'live', 'timeoutSeconds'), set(5, 'a', 'ready', 'timeoutSeconds'));
    expect(text).toBe('a:\n  live: &probe\n    path: /x # why\n    timeoutSeconds: 5\n  ready: *probe\n');
    expect(reasons).toEqual([]);
  });

  it('is left alone, with the reason, where only one of them wants it', () => {
    const { text, reasons } = fix(shared, set(5, 'a', 'ready', 'timeoutSeconds'), set(7, 'a', 'failureThreshold'));
    expect(text).toBe(`${shared}  failureThreshold: 7\n`);
    expect(reasons).toEqual(['other places share this text through the anchor &probe']);
  });

  it('is left alone where they want different values', () => {
    const { text } = fix(shared, set(5, 'a', 'live', 'timeoutSeconds'), set(6, 'a', 'ready', 'timeoutSeconds'));
    expect(text).toBe(shared);
  });

  it('is overridden beside a merge key, which touches nobody else', () => {
    const merged = 'base: &base\n  timeoutSeconds: 1\nlive:\n  <<: *base\n  path: /x\n';
    expect(fix(merged, set(5, 'live', 'timeoutSeconds')).text).toBe(`${merged}  timeoutSeconds: 5\n`);
  });

  it('is left alone where a merge key brings in the whole probe', () => {
    const merged = 'base: &base\n  live:\n    path: /x\nweb:\n  <<: *base\n';
    const { text, reasons } = fix(merged, set(5, 'web', 'live', 'timeoutSeconds'));
    expect(text).toBe(merged);
    expect(reasons).toEqual(['live comes in by a merge key, and other places share it']);
  });

  it('gives way to a value of its own where only the value is an alias', () => {
    const { text } = fix('one: &n 1\nlive:\n  timeoutSeconds: *n\n', set(5, 'live', 'timeoutSeconds'));
    expect(text).toBe('one: &n 1\nlive:\n  timeoutSeconds: 5\n');
  });
});

describe('a change', () => {
  it('stands behind a comment at the end of the line', () => {
    expect(fix('live:\n  path: /x   # why\n\n# end\n', set(5, 'live', 'timeoutSeconds')).text).toBe(
      'live:\n  path: /x   # why\n  timeoutSeconds: 5\n\n# end\n',
    );
  });

  it('keeps what stands around a replaced number', () => {
    expect(fix('live: {timeoutSeconds: 1 , path: /x} # why', set(5, 'live', 'timeoutSeconds')).text).toBe(
      'live: {timeoutSeconds: 5 , path: /x} # why',
    );
  });

  it('fills an empty value', () => {
    expect(fix('live:\n  timeoutSeconds: # later\n  path: /x\n', set(5, 'live', 'timeoutSeconds')).text).toBe(
      'live:\n  timeoutSeconds: 5 # later\n  path: /x\n',
    );
  });

  it('keeps Windows line breaks and needs none at the end', () => {
    expect(fix('live:\r\n  path: /x', set(5, 'live', 'timeoutSeconds')).text).toBe('live:\r\n  path: /x\r\n  timeoutSeconds: 5');
  });

  it('puts text that YAML 1.1 would read as something else in quotes', () => {
    const value = { exec: { command: ['yes', '010', 'a b'] } };
    const { text } = fix('c:\n  livenessProbe:\n    exec:\n      command: ["yes", "010", "a b"]\n', {
      op: 'set',
      at: ['c', 'startupProbe'],
      value,
    });
    expect(text).toContain('- "yes"');
    expect(text).toContain('- "010"');
    expect(text).toContain('- a b');
  });

  it('writes a probe as its neighbour is written, and beside it', () => {
    const { text } = fix('c:\n  livenessProbe: { tcpSocket: { port: 1 } }\n  name: web\n', {
      op: 'set',
      at: ['c', 'startupProbe'],
      value: { tcpSocket: { port: 1 }, timeoutSeconds: 5 },
    });
    expect(text).toBe(
      'c:\n  livenessProbe: { tcpSocket: { port: 1 } }\n  startupProbe: { tcpSocket: { port: 1 }, timeoutSeconds: 5 }\n  name: web\n',
    );
  });
});

describe('a removal', () => {
  const remove = (...at: Path): Edit => ({ op: 'remove', at });

  it('takes the lines of the field along and no others', () => {
    expect(fix('c:\n  # first\n  name: a\n  live:\n    path: /x\n  # last\n  image: b\n', remove('c', 'live')).text).toBe(
      'c:\n  # first\n  name: a\n  # last\n  image: b\n',
    );
  });

  it('works in flow style, at the beginning and at the end', () => {
    expect(fix('{ live: 1, name: a, image: b }', remove('live'), remove('image')).text).toBe('{ name: a }');
  });

  it('can make room for the same probe under another name', () => {
    const { text } = fix('c:\n  livenessProbe:\n    path: /x\n', remove('c', 'livenessProbe'));
    expect(text).toBe('c:\n  livenessProbe:\n    path: /x\n');
    const moved = fix(
      'c:\n  name: a\n  livenessProbe:\n    path: /x\n',
      remove('c', 'livenessProbe'),
      set(1, 'c', 'readinessProbe'),
    );
    expect(moved.text).toBe('c:\n  name: a\n  readinessProbe: 1\n');
  });
});
