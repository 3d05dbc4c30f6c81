import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../scripts/bundle.ts';

let folder = '';
let outputs: Metafile['outputs'] = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probewise-bundle-'));
  ({ outputs } = await bundle(resolve('src/main.ts'), join(folder, 'dist/probewise.js')));
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The program and the part that holds this module, with all that both import: what is read before the first line of a command runs. */
function loadedFor(module: string): { packages: Set<string>; kilobytes: number } {
  const files = Object.entries(outputs);
  const waiting = ['src/main.ts', 'src/cli/program.ts', module].map((entry) => {
    const found = files.find(([, { entryPoint }]) => entryPoint === entry);
    if (found === undefined) throw new Error(`${entry} is no part of the bundle`);
    return found[0];
  });
  const loaded = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && path in outputs) waiting.push(path);
    }
  }
  const inputs = [...loaded].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
  const bytes = [...loaded].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
  return { packages: new Set(inputs.flatMap(packageOf)), kilobytes: bytes / 1024 };
}

const packageOf = (input: string): string[] => {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input) ?? [];
  return name === undefined ? [] : [name];
};

describe('the bundle', () => {
  it('reads for lint only what reads and judges manifests', () => {
    const { packages, kilobytes } = loadedFor('src/cli/commands/lint.ts');
    expect([...packages].toSorted()).toEqual([
      '@commander-js/extra-typings',
      'commander',
      'fastest-levenshtein',
      'picocolors',
      'unbash',
      'yaml',
    ]);
    expect(kilobytes).toBeLessThan(750);
  });

  it('reads for a server with files nothing that only a cluster needs', () => {
    const { packages, kilobytes } = loadedFor('src/cli/commands/serve.ts');
    for (const name of ['@kubernetes/client-node', '@peculiar/x509', 'reflect-metadata', 'undici', 'diff']) {
      expect(packages).not.toContain(name);
    }
    expect(kilobytes).toBeLessThan(2100);
  });

  it('reads the generated client only where there is a kubeconfig', () => {
    const { packages } = loadedFor('src/cli/serve/cluster-source.ts');
    expect(packages).not.toContain('@kubernetes/client-node');
  });

  it('imports no module of Node itself but the one that gives it require', () => {
    const builtins = Object.values(outputs).flatMap(({ imports }) =>
      imports.filter(({ kind, external }) => kind === 'import-statement' && external === true).map(({ path }) => path),
    );
    expect(new Set(builtins)).toEqual(new Set());
  });

  it('is not much larger than it was', () => {
    const kilobytes = Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0) / 1024;
    expect(kilobytes).toBeLessThan(4800);
  });
});
