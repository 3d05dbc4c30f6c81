import { afterEach, describe, expect, it } from 'vitest';
import type { Admit } from '../../src/admission/record.ts';
import { ask, start, type Started } from './support/start.ts';

let started: Started | undefined;
afterEach(() => started?.server.close());

describe('/livez', () => {
  it('says ok when a sample review is answered, and observes no decision', async () => {
    const doors: string[] = [];
    const admit: Admit = (door) => {
      doors.push(door);
      return Promise.resolve({ refused: 'x' });
    };
    started = await start({ admit });
    expect(await ask(started.port, '/livez')).toMatchObject({ status: 200, body: 'ok' });
    expect(doors).toEqual(['validate']);
    expect(started.seen).toEqual({ decided: [], refused: [], failed: [], distrusted: [] });
  });

  it('fails when a review is never answered: a restart mends that', async () => {
    started = await start({ admit: () => new Promise(() => undefined) });
    expect((await ask(started.port, '/livez')).status).toBe(503);
  });

  it('stays ok when the chain throws: a restart would not mend that', async () => {
    started = await start({ admit: () => Promise.reject(new Error('broken')) });
    expect((await ask(started.port, '/livez')).status).toBe(200);
  });

  it('stays ok when the server is not ready', async () => {
    started = await start({ notReady: () => 'The policies are not loaded yet.' });
    expect((await ask(started.port, '/livez')).status).toBe(200);
  });
});

describe('/readyz', () => {
  it('says ok, or why not', async () => {
    let reason: string | undefined = 'The policies are not loaded yet.';
    started = await start({ notReady: () => reason });
    expect(await ask(started.port, '/readyz')).toMatchObject({ status: 503, body: 'The policies are not loaded yet.' });
    reason = undefined;
    expect(await ask(started.port, '/readyz')).toMatchObject({ status: 200, body: 'ok' });
  });
});
