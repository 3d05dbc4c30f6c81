import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { expect, it } from 'vitest';
import { isObject } from '../../src/core/json.ts';
import { rules } from '../../src/rules/index.ts';
import { admitWith, responseOf, review } from '../fixtures/review.ts';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

it('shows what a person reads when the first example is denied, word for word', async () => {
  const object: unknown = parse(readFileSync(join(root, 'examples/orders.yaml'), 'utf8'));
  if (!isObject(object)) throw new Error('no object');
  const response = responseOf(await admitWith({ policy: 'default' })('validate', review({ object })));
  expect(readme).toContain(response.status?.message ?? 'no denial');
});

it('counts the rules', () => {
  expect(readme).toContain(`The [${rules.length} rules]`);
});

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`),
];

it.each(pages.filter((page) => page.endsWith('.md')))('%s links only to pages that are there', (page) => {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
  for (const [, target = ''] of text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)) {
    expect(existsSync(join(root, dirname(page), target)), target).toBe(true);
  }
});
