import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ruleDocs } from '../../scripts/rule-docs.ts';

const docs = join(import.meta.dirname, '../../docs');

it('has an up-to-date page for every rule, and none left over (npm run docs writes them)', () => {
  for (const [file, text] of ruleDocs()) expect(readFileSync(join(docs, file), 'utf8'), file).toBe(text);
  expect(
    readdirSync(join(docs, 'rules'))
      .map((file) => `rules/${file}`)
      .sort(),
  ).toEqual([...ruleDocs().keys()].sort());
});
