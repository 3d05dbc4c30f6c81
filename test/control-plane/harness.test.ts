import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findBinaries, findOrBuildBinaries, kubernetesVersion } from './harness/binaries.ts';

describe('Where the control plane comes from', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probewise-binaries-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function programs(at: string, ...names: string[]): Promise<string> {
    await mkdir(at, { recursive: true });
    for (const name of names) {
      await copyFile(import.meta.filename, join(at, name));
      await chmod(join(at, name), 0o755);
    }
    return at;
  }

  const ALL = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'];

  it('is KUBEBUILDER_ASSETS, where all four programs are there', async () => {
    const assets = await programs(join(folder, 'assets'), ...ALL);
    expect(await findBinaries({ KUBEBUILDER_ASSETS: assets })).toMatchObject({ folder: assets });
  });

  it("is the cache where KUBEBUILDER_ASSETS lacks one of them, as envtest's lacks the controllers", async () => {
    const assets = await programs(join(folder, 'assets'), 'etcd', 'kube-apiserver', 'kubectl');
    const cache = await programs(join(folder, 'probewise/kubernetes', await kubernetesVersion()), ...ALL);
    expect(await findBinaries({ KUBEBUILDER_ASSETS: assets, XDG_CACHE_HOME: folder })).toMatchObject({ folder: cache });
  });

  it('is nowhere, where neither is complete and there is no Go', async () => {
    const said: string[] = [];
    const assets = await programs(join(folder, 'assets'), 'etcd');
    const env = { KUBEBUILDER_ASSETS: assets, XDG_CACHE_HOME: folder, PATH: folder };
    expect(await findOrBuildBinaries((line) => said.push(line), env)).toBeUndefined();
    expect(said.join('\n')).toContain('kube-apiserver, kube-controller-manager, kubectl');
  });
});

describe('What the harness has started', () => {
  it('ends, and its folder goes, when the harness itself is killed', async () => {
    const harness = (name: string): string => JSON.stringify(new URL(`./harness/${name}.ts`, import.meta.url).href);
    const script = `
      const { temporaryFolder } = await import(${harness('lifetime')});
      const { startProgram } = await import(${harness('program')});
      const folder = temporaryFolder('killed');
      const { pid } = await startProgram('sleeper', process.execPath, ['-e', 'setInterval(() => {}, 1000)'], folder + '/log');
      console.log(JSON.stringify({ folder, pid }));
      setInterval(() => {}, 1000);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const started = await new Promise<{ folder: string; pid: number }>((resolve) => {
      child.stdout.setEncoding('utf8').once('data', (line: string) => resolve(JSON.parse(line)));
    });
    expect(isAlive(started.pid)).toBe(true);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(started.pid) || existsSync(started.folder)).toBe(false), { timeout: 20_000 });
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
