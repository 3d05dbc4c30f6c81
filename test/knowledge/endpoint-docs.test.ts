import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { endpointDocs } from '../../scripts/endpoint-docs.ts';

describe('docs/endpoints.md', () => {
  it('is what the catalogue says now (npm run docs:endpoints)', () => {
    expect(readFileSync('docs/endpoints.md', 'utf8')).toBe(endpointDocs());
  });
});
