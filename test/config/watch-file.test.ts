import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileWatch, watchFiles } from '../../src/config/watch-file.ts';
import { until } from '../http/support/start.ts';

let directory = '';
let watched: FileWatch | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'probewise-watch-'));
});
afterEach(async () => {
  watched?.close();
  await rm(directory, { recursive: true });
});

const file = (name: string): string => join(directory, name);

const HOUR = 3_600_000;

function watch(names: readonly string[], seen: readonly string[], pollMilliseconds = HOUR) {
  const changes: (readonly string[])[] = [];
  const errors: string[] = [];
  watched = watchFiles(names.map(file), seen, {
    changed: (texts) => void changes.push(texts),
    unreadable: ({ message }) => void errors.push(message),
    pollMilliseconds,
  });
  return { changes, errors };
}

describe('a watched file', () => {
  it('is read again when it is written', async () => {
    await writeFile(file('a'), 'one');
    const { changes } = watch(['a'], ['one']);
    await writeFile(file('a'), 'two');
    await until(() => changes.at(-1)?.[0] === 'two', 'the change is seen');
  });

  it('is read again when an editor puts another in its place', async () => {
    await writeFile(file('a'), 'one');
    const { changes } = watch(['a'], ['one']);
    for (const text of ['two', 'three']) {
      await writeFile(file('a.tmp'), text);
      await rename(file('a.tmp'), file('a'));
      await until(() => changes.at(-1)?.[0] === text, `${text} is seen`);
    }
  });

  it('is read again when Kubernetes swaps the link to the directory that it is in, both files at once', async () => {
    const publish = async (version: string): Promise<void> => {
      await mkdir(file(version));
      await writeFile(file(`${version}/tls.crt`), `cert ${version}`);
      await writeFile(file(`${version}/tls.key`), `key ${version}`);
      await symlink(version, file('..data_tmp'));
      await rename(file('..data_tmp'), file('..data'));
    };
    await publish('..v1');
    await symlink('..data/tls.crt', file('tls.crt'));
    await symlink('..data/tls.key', file('tls.key'));
    const { changes } = watch(['tls.crt', 'tls.key'], ['cert ..v1', 'key ..v1']);
    await publish('..v2');
    await until(() => changes.length > 0, 'the swap is seen');
    await publish('..v3');
    await until(() => changes.length > 1, 'the second swap is seen');
    expect(changes).toEqual([
      ['cert ..v2', 'key ..v2'],
      ['cert ..v3', 'key ..v3'],
    ]);
  });

  it('is not told again when its text is the same', async () => {
    await writeFile(file('a'), 'one');
    await writeFile(file('b'), 'one');
    const { changes } = watch(['a', 'b'], ['one', 'one']);
    await writeFile(file('a'), 'one');
    await writeFile(file('b'), 'two');
    await until(() => changes.length > 0, 'the change is seen');
    expect(changes).toEqual([['one', 'two']]);
  });

  it('is found by polling where its directory was replaced and no event comes', async () => {
    await mkdir(file('d'));
    await writeFile(file('d/a'), 'one');
    const { changes } = watch(['d/a'], ['one'], 10);
    await rename(file('d'), file('old'));
    await mkdir(file('d'));
    await writeFile(file('d/a'), 'two');
    await until(() => changes.at(-1)?.[0] === 'two', 'the change is seen');
  });

  it('that goes away is complained about once, and read again when it is back', async () => {
    await writeFile(file('a'), 'one');
    const { changes, errors } = watch(['a'], ['one'], 10);
    await rm(file('a'));
    await until(() => errors.length > 0, 'the complaint');
    await writeFile(file('other'), 'x');
    await writeFile(file('a'), 'two');
    await until(() => changes.at(-1)?.[0] === 'two', 'the change is seen');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('ENOENT');
  });

  it('is not read any more after close', async () => {
    await writeFile(file('a'), 'one');
    const first = watch(['a'], ['one'], 10);
    watched?.close();
    const second = watch(['a'], ['one'], 10);
    await writeFile(file('a'), 'two');
    await until(() => second.changes.length > 0, 'the other watch sees the change');
    expect(first.changes).toEqual([]);
  });
});
