import { describe, expect, it } from 'vitest';
import { batched } from '../../src/observe/batched.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('batched', () => {
  it('writes the lines of one turn of the event loop together, in order, and those of the next one after them', async () => {
    const written: string[] = [];
    const stream = batched({ write: (text) => written.push(text) });
    stream.write('one\n');
    await Promise.resolve();
    stream.write('two\n');
    expect(written).toEqual([]);
    await turn();
    stream.write('three\n');
    await turn();
    expect(written).toEqual(['one\ntwo\n', 'three\n']);
  });
});
