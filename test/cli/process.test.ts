import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { list, property } from '../../src/core/json.ts';
import { folderWith, IMPATIENT, UNDECLARED_PORT } from './temporary.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** Runs the real process. `firstLine` closes its stdout after what came first, as `head -1` does. */
function probewise(argv: readonly string[], { stdin = '', firstLine = false, imports = '', env = {} } = {}) {
  const child = spawn(process.execPath, [...(imports === '' ? [] : ['--import', imports]), MAIN, ...argv], {
    stdio: 'pipe',
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    written.stdout += chunk.toString();
    if (firstLine) child.stdout.destroy();
  });
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  // A process that has ended before it read everything is its own affair.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...written }));
  });
}

describe('the process', { timeout: 60_000 }, () => {
  it('puts results on stdout, everything else on stderr, and exits as promised', async () => {
    const folder = await folderWith({
      'bad.yaml': UNDECLARED_PORT,
      'broken.yaml': 'apiVersion: v1\nkind: [\n',
      'fine.yaml': IMPATIENT,
    });
    const bad = await probewise(['lint', join(folder, 'bad.yaml')]);
    expect([bad.code, bad.stderr]).toEqual([1, '']);
    expect(bad.stdout).toContain('probe-port-undeclared');
    const broken = await probewise(['lint', '-o', 'json', join(folder, 'broken.yaml'), join(folder, 'fine.yaml')]);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toMatch(/^error: .*broken\.yaml:3:1: /);
    const parsed: unknown = JSON.parse(broken.stdout);
    expect(list(property(parsed, 'skipped'))).toHaveLength(1);
    const usage = await probewise(['lnit']);
    expect([usage.code, usage.stdout]).toEqual([2, '']);
  });

  it('reads stdin', async () => {
    const { code, stdout } = await probewise(['fix', '-'], { stdin: IMPATIENT });
    expect([code, stdout]).toEqual([0, `${IMPATIENT}            timeoutSeconds: 5\n`]);
  });

  it('has no colour and nothing to say where both NO_COLOR and FORCE_COLOR are set', async () => {
    const { stdout, stderr } = await probewise(['lint', '-'], { stdin: IMPATIENT, env: { NO_COLOR: '1', FORCE_COLOR: '1' } });
    expect(stdout).toContain('warning[liveness-timeout]');
    expect(stdout).not.toContain('\u001B');
    expect(stderr).toBe('');
  });

  it('takes a closed pipe quietly, and keeps its exit code', async () => {
    const documents = Array.from({ length: 500 }, () => UNDECLARED_PORT).join('---\n');
    const { code, stderr } = await probewise(['lint', '-'], { stdin: documents, firstLine: true });
    expect([code, stderr]).toEqual([1, '']);
  });

  it('loads none of the libraries that only the server or a policy needs', async () => {
    const hook = `import { registerHooks } from 'node:module';
      registerHooks({ load: (url, context, next) => { process.stderr.write(url + '\\n'); return next(url, context); } });`;
    const { stderr } = await probewise(['lint', '-'], {
      stdin: IMPATIENT,
      imports: `data:text/javascript,${encodeURIComponent(hook)}`,
    });
    expect(stderr).toContain('/node_modules/yaml/');
    for (const name of ['fastify', '@kubernetes', 'pino', 'prom-client', '@peculiar', 'zod', 'diff', 'fast-json-patch']) {
      expect(stderr).not.toContain(`/node_modules/${name}/`);
    }
  });

  it('judges a thousand documents', async () => {
    const documents = Array.from({ length: 1000 }, () => IMPATIENT).join('---\n');
    const { code, stdout } = await probewise(['lint', '-o', 'json', '-'], { stdin: documents });
    const parsed: unknown = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(property(property(parsed, 'summary'), 'warnings')).toBe(1000);
  });
});
