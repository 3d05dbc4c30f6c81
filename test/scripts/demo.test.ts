import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const DEMO = join(import.meta.dirname, '../../scripts/demo.ts');

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

describe('The demo, where there is no API server', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probewise-demo-test-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** With a temporary folder of its own, so that what is left behind there is the demo's. */
  function demo(onOutput: (output: string, end: (signal: NodeJS.Signals) => void) => void = () => undefined): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const env = { ...process.env, CI: 'true', KUBEBUILDER_ASSETS: '', XDG_CACHE_HOME: folder, TMPDIR: folder };
      const child = spawn(process.execPath, [DEMO], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        onOutput(output, (signal) => child.kill(signal));
      });
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, output }));
    });
  }

  const leftBehind = (): Promise<string[]> => readdir(folder);

  it('denies two of the six, patches the others, and says what it was shown with', async () => {
    const { code, output } = await demo();
    expect(code).toBe(0);
    expect(output).toContain('No API server at hand');
    expect(output).toContain('2 denied, 5 admitted and patched');
    expect(output).toMatch(
      /orders\.yaml": admission webhook "validate\.probewise\.dev" denied the request: .*\n\n {2}liveness-dependency: /,
    );
    expect(output).toMatch(/^ {2}\+ {4}failureThreshold: 146$/m);
    expect(output).not.toContain('\u001b');
    await vi.waitFor(async () => expect(await leftBehind()).toEqual([]), { timeout: 10_000 });
  }, 60_000);

  it('leaves nothing behind when it is interrupted', async () => {
    const { code, output } = await demo((shown, end) => {
      if (shown.includes('$ kubectl apply')) end('SIGINT');
    });
    expect(code).toBe(130);
    expect(output).not.toContain('2 denied');
    await vi.waitFor(async () => expect(await leftBehind()).toEqual([]), { timeout: 10_000 });
  }, 60_000);
});
