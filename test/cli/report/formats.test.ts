import { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { lint } from '../../../src/cli/commands/lint.ts';
import type { Output } from '../../../src/cli/report/outputs.ts';
import { list, property, valueAt } from '../../../src/core/json.ts';
import schema from '../fixtures/sarif-2.1.0.schema.json' with { type: 'json' };
import { NOW } from '../environment.ts';
import { evaluate, MANIFEST } from './engine.ts';

async function render(output: Output, stdin = MANIFEST, terminal = false): Promise<string> {
  let stdout = '';
  const stream = { isTTY: terminal, write: (text: string) => void (stdout += text) };
  await lint(
    ['-'],
    { output, failOn: 'never', policy: [], namespace: 'default' },
    { stdin: Readable.from([Buffer.from(stdin)]), stdout: stream, stderr: { write: () => {} }, env: {}, now: () => NOW },
    evaluate,
  );
  return stdout;
}

describe('text', () => {
  it('shows each object, the source line with a caret, and a summary', async () => {
    await expect(await render('text')).toMatchFileSnapshot('golden/text.txt');
  });

  it('has colour on a terminal, and the same words', async () => {
    const coloured = await render('text', MANIFEST, true);
    expect(coloured).toContain('\u001B[31m');
    expect(stripVTControlCharacters(coloured)).toBe(await render('text'));
  });

  it('never passes a control character of a manifest on', async () => {
    expect(await render('text')).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

describe('github', () => {
  it('writes one workflow command a line, with everything escaped', async () => {
    const text = await render('github');
    await expect(text).toMatchFileSnapshot('golden/github.txt');
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^::(error|warning|notice) [^\n]*::/);
    expect(text).toContain('100%25');
  });
});

describe('junit', () => {
  it('is well-formed XML', async () => {
    const text = await render('junit');
    await expect(text).toMatchFileSnapshot('golden/junit.xml');
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(wellFormed(text)).toBe(true);
    expect(wellFormed(text.replace('</testsuite>', ''))).toBe(false);
  });
});

describe('sarif', () => {
  it('is valid against the schema of SARIF 2.1.0', async () => {
    // The schema is written in draft 4 and uses nothing that draft 7 reads otherwise but these two keywords.
    const { $schema: _draft, id: _id, ...definition } = schema;
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(definition);
    for (const stdin of [MANIFEST, '', 'kind: {{ x']) {
      const log: unknown = JSON.parse(await render('sarif', stdin));
      expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    }
    expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false);
  });

  it('has regions, fingerprints and fixes', async () => {
    const log: unknown = JSON.parse(await render('sarif'));
    const run = list(property(log, 'runs'))[0];
    const results = list(property(run, 'results'));
    expect(results.map((result) => [property(result, 'ruleId'), property(result, 'level')])).toEqual([
      ['first-rule', 'error'],
      ['second-rule', 'warning'],
      ['third-rule', 'note'],
      ['first-rule', 'error'],
      ['second-rule', 'warning'],
      ['third-rule', 'note'],
    ]);
    expect(valueAt(results[1], ['locations', 0, 'physicalLocation', 'region'])).toEqual({
      startLine: 12,
      startColumn: 13,
      endLine: 12,
      endColumn: 30,
    });
    expect(valueAt(results[1], ['fixes', 0, 'artifactChanges', 0, 'replacements'])).toEqual([
      { deletedRegion: { startLine: 12, startColumn: 29, endLine: 12, endColumn: 30 }, insertedContent: { text: '5' } },
    ]);
    const fingerprints = results.map((result) => valueAt(result, ['partialFingerprints', 'probewise/v1']));
    expect(new Set(fingerprints).size).toBe(6);
    expect(valueAt(run, ['invocations', 0, 'executionSuccessful'])).toBe(false);
  });

  it('keeps a fingerprint when lines are put before the object', async () => {
    const fingerprints = async (text: string) => {
      const log: unknown = JSON.parse(await render('sarif', text));
      return list(valueAt(log, ['runs', 0, 'results'])).map((result) => property(result, 'partialFingerprints'));
    };
    expect(await fingerprints(`# one\n# more\n${MANIFEST}`)).toEqual(await fingerprints(MANIFEST));
  });
});

/** Do all elements close in the order in which they were opened, and is every `&` and `<` part of markup? */
function wellFormed(xml: string): boolean {
  const open: string[] = [];
  const rest = xml
    .replace(/^<\?xml [^?]*\?>/, '')
    .replaceAll(/<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, (_, close, name, _attributes, empty) => {
      if (close === '/') return open.pop() === name ? '' : '<';
      if (empty !== '/') open.push(String(name));
      return '';
    });
  return open.length === 0 && !/[<>]|&(?!(amp|lt|gt|quot|apos|#\d+);)/.test(rest);
}
