import { afterEach, describe, expect, it } from 'vitest';
import { ask, responseOf, reviewOf, start, type Started } from './support/start.ts';

let started: Started | undefined;
afterEach(() => started?.server.close());

describe('the webhook server answers reviews', () => {
  it('with HTTP 200 and the uid, at both doors, whatever the query string', async () => {
    started = await start();
    for (const path of ['/mutate', '/validate', '/validate?timeout=2s', '/mutate?x=%7B']) {
      const answer = await ask(started.port, path, { body: reviewOf({}) });
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toContain('application/json');
      expect(responseOf(answer)).toEqual({ uid: 'uid-1', allowed: true });
    }
    expect(started.seen.decided.map(({ door }) => door)).toEqual(['mutate', 'validate', 'validate', 'mutate']);
  });
});
