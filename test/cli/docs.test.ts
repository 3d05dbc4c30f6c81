import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { CLI_DOCS_FILE, cliDocs } from '../../scripts/generate-cli-docs.ts';

it('has an up-to-date page about the command line (npm run docs writes it)', async () => {
  expect(await readFile(CLI_DOCS_FILE, 'utf8')).toBe(cliDocs());
});
