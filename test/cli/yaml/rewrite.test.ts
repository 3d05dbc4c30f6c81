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
    const value = { exec: { command: ['yes', '010', '0o10', 'a b'] } };
    const { text } = fix('c:\n  livenessProbe:\n    exec:\n      command: ["yes", "010", "0o10", "a b"]\n', {
      op: 'set',
      at: ['c', 'startupProbe'],
      value,
    });
    expect(text).toContain('- "yes"');
    expect(text).toContain('- "010"');
    expect(text).toContain('- "0o10"');
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

describe('a map in an unusual form', () => {
  const containers = (odd: string): string =>
    Array.from({ length: 7 }, (_, index) => `c${index}:\n  ${index === 4 ? odd : 'path: /x'}\n`).join('');
  const edits = Array.from({ length: 7 }, (_, index) => set(5, `c${index}`, 'timeoutSeconds'));

  it('with explicit keys is extended like any other', () => {
    const text = containers('? path\n  : /x');
    const result = fix(text, ...edits, { op: 'set', at: ['c4', 'startupProbe'], value: { tcpSocket: { port: 1 } } });
    expect(result.reasons).toEqual([]);
    expect(result.text).toContain('c4:\n  ? path\n  : /x\n  timeoutSeconds: 5\n  startupProbe:\n    tcpSocket:\n      port: 1\n');
  });

  it('that cannot be extended keeps no other from it', () => {
    const result = fix(containers('&key path: /x'), ...edits);
    expect(result.reasons).toEqual(['the changed text would not have meant what it should']);
    expect(result.text.match(/timeoutSeconds: 5/g)).toHaveLength(6);
    expect(result.text).toContain('c4:\n  &key path: /x\nc5:');
  });

  it('gets a part of what belongs together in no case', () => {
    const text = containers('&key livenessProbe: 1\n  name: a');
    const moved = fix(
      text,
      ...edits.slice(0, 4),
      { op: 'remove', at: ['c4', 'livenessProbe'] },
      {
        op: 'set',
        at: ['c4', 'readinessProbe'],
        value: 1,
      },
    );
    expect(moved.text.match(/timeoutSeconds: 5/g)).toHaveLength(4);
    expect(moved.reasons).toHaveLength(2);
    expect(moved.text).toContain('c4:\n  &key livenessProbe: 1\n  name: a\nc5:');
  });
});

describe('a key that stands twice', () => {
  it('is changed where it counts', () => {
    const text = 'live:\n  timeoutSeconds: 2\n  path: /x\n  timeoutSeconds: 1\n';
    expect(fix(text, set(5, 'live', 'timeoutSeconds')).text).toBe(text.replace('Seconds: 1', 'Seconds: 5'));
  });

  it('is left alone where a merge key behind it overrides it', () => {
    const text = 'base: &base\n  timeoutSeconds: 1\nlive:\n  timeoutSeconds: 2\n  <<: *base\n';
    const { text: same, reasons } = fix(text, set(5, 'live', 'timeoutSeconds'), set(7, 'live', 'failureThreshold'));
    expect(same).toBe(`${text}  failureThreshold: 7\n`);
    expect(reasons).toHaveLength(1);
  });
});

describe('a comment below a block', () => {
  it('stays with the block that it is in', () => {
    const comments = '    # of live\n\n      # of live too\n';
    const { text } = fix(`c:\n  livenessProbe:\n    path: /x\n${comments}  # of name\n  name: a\n`, {
      op: 'set',
      at: ['c', 'startupProbe'],
      value: 1,
    });
    expect(text).toBe(`c:\n  livenessProbe:\n    path: /x\n${comments}  startupProbe: 1\n  # of name\n  name: a\n`);
  });

  it('stays there at the end of the text and behind a block of text', () => {
    const before = 'c:\r\n  livenessProbe:\r\n    text: |\r\n      x\r\n    # of live';
    const { text } = fix(before, set(1, 'c', 'startupProbe'));
    expect(text).toBe(`${before}\r\n  startupProbe: 1`);
  });
});

describe('JSON that is indented with tabs', () => {
  it('gets tabs alone, however little of it is indented', () => {
    const json = '{\n"c": {\n\t"a": {\n\t"livenessProbe": {\n\t"port": 1\n\t}\n\t}\n}\n}\n';
    const { text } = fix(json, { op: 'set', at: ['c', 'a', 'startupProbe'], value: { tcpSocket: { port: 1 } } });
    expect(text).toContain('\t"startupProbe": {\n\t\t"tcpSocket": {\n\t\t\t"port": 1\n');
    expect(text).not.toContain(' \t');
    expect(text).not.toMatch(/\t /);
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
