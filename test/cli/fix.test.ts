import { chmod, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from './environment.ts';
import { folderWith, IMPATIENT, UNDECLARED_PORT } from './temporary.ts';

const FIXED = `${IMPATIENT}            timeoutSeconds: 5\n`;

describe('fix', () => {
  it('changes the file in place, says what it changed, and finds nothing the second time', async () => {
    const folder = await folderWith({ 'shop.yaml': IMPATIENT, 'web.yaml': UNDECLARED_PORT });
    const file = join(folder, 'shop.yaml');
    await chmod(file, 0o640);
    const first = await cli(['fix', folder]);
    expect(first).toEqual({
      code: 0,
      stdout: `${file}:11:11: Deployment default/shop: spec.template.spec.containers[0].livenessProbe.timeoutSeconds: 5\n1 change made in 1 file\n`,
      stderr: '',
    });
    expect(await readFile(file, 'utf8')).toBe(FIXED);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect((await readdir(folder)).sort()).toEqual(['shop.yaml', 'web.yaml']);
    expect((await cli(['fix', folder])).stdout).toBe('0 changes made in 0 files\n');
    expect((await cli(['lint', '--fail-on', 'warning', file])).code).toBe(0);
  });

  it('only says what it would do with --check, and fails', async () => {
    const folder = await folderWith({ 'shop.yaml': IMPATIENT });
    const { code, stdout } = await cli(['fix', '--check', folder]);
    expect(code).toBe(1);
    expect(stdout).toContain('1 change to make in 1 file\n');
    expect(await readFile(join(folder, 'shop.yaml'), 'utf8')).toBe(IMPATIENT);
    expect((await cli(['fix', '--check', '-'], { stdin: FIXED })).code).toBe(0);
  });

  it('prints a diff with --diff, coloured on a terminal alone', async () => {
    const folder = await folderWith({ 'shop.yaml': IMPATIENT });
    const file = join(folder, 'shop.yaml');
    const { code, stdout } = await cli(['fix', '--diff', file]);
    expect(code).toBe(0);
    expect(stdout).toBe(`--- ${file}
+++ ${file}
@@ -12,3 +12,4 @@
             tcpSocket: { port: 8080 } # cheap
             failureThreshold: 30
             initialDelaySeconds: 30
+            timeoutSeconds: 5
`);
    expect((await cli(['fix', '--diff', file], { terminal: true })).stdout).toContain('\u001B[32m+            timeoutSeconds: 5');
    expect(await readFile(file, 'utf8')).toBe(IMPATIENT);
  });

  it('reads stdin and writes stdout, with the byte order mark that was there', async () => {
    expect(await cli(['fix', '-'], { stdin: `\uFEFF${IMPATIENT}` })).toEqual({ code: 0, stdout: `\uFEFF${FIXED}`, stderr: '' });
  });

  it('prints whole files with --stdout, also those without a change', async () => {
    const folder = await folderWith({ 'shop.yaml': IMPATIENT, 'web.yaml': UNDECLARED_PORT });
    expect((await cli(['fix', '--stdout', join(folder, 'shop.yaml')])).stdout).toBe(FIXED);
    expect((await cli(['fix', '--stdout', join(folder, 'web.yaml')])).stdout).toBe(UNDECLARED_PORT);
  });

  it('writes through a symbolic link', async () => {
    const folder = await folderWith({ 'real/shop.yaml': IMPATIENT });
    await symlink(join(folder, 'real/shop.yaml'), join(folder, 'link.yaml'));
    await cli(['fix', join(folder, 'link.yaml')]);
    expect(await readFile(join(folder, 'real/shop.yaml'), 'utf8')).toBe(FIXED);
  });

  it('leaves what other places share, says what to write by hand, and --check counts it', async () => {
    const behind = `${IMPATIENT.replace('livenessProbe:', 'livenessProbe: &probe')}x: *probe\n`;
    const { code, stdout, stderr } = await cli(['fix', '-'], { stdin: behind });
    expect([code, stdout]).toEqual([0, behind]);
    expect(stderr).toContain('not changed, because other places share this text through the anchor &probe; write this by hand: ');
    expect(stderr).toContain('livenessProbe.timeoutSeconds: 5');
    expect((await cli(['fix', '--check', '-'], { stdin: behind })).code).toBe(1);
  });

  it('fixes the documents that can be read, and says which cannot', async () => {
    const { code, stdout, stderr } = await cli(['fix', '-'], { stdin: `${IMPATIENT}---\nkind: [\n---\n${IMPATIENT}` });
    expect(code).toBe(2);
    expect(stdout).toBe(`${FIXED}---\nkind: [\n---\n${FIXED}`);
    expect(stderr).toContain('<stdin>:17:1: cannot be read as YAML');
  });

  it('leaves a probe without a handler alone, says where it is, and fixes the rest', async () => {
    const handlerless =
      '          startupProbe: { failureThreshold: 600 }\n          readinessProbe: { httpget: { path: /, port: 80 } }\n';
    const half = IMPATIENT.replace('            initialDelaySeconds: 30\n', handlerless);
    const { code, stdout, stderr } = await cli(['fix', '-'], { stdin: half });
    expect(code).toBe(2);
    expect(stdout).toBe(half.replace('failureThreshold: 30\n', 'failureThreshold: 30\n            timeoutSeconds: 5\n'));
    expect(stderr).toMatch(/^error: <stdin>:14:11: .*startupProbe has no handler: httpGet, tcpSocket, grpc or exec$/m);
    expect(stderr).toMatch(/^error: <stdin>:15:11: .*readinessProbe has no handler/m);
  });

  it('makes the fixes of a List and of JSON where they stand', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${IMPATIENT.trimEnd().replaceAll('\n', '\n  ')}\n`;
    expect((await cli(['fix', '-'], { stdin: list })).stdout).toBe(`${list}              timeoutSeconds: 5\n`);
    const json =
      '{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"livenessProbe":{"tcpSocket":{"port":1},"failureThreshold":30,"initialDelaySeconds":90}}]}}\n';
    expect((await cli(['fix', '-'], { stdin: json })).stdout).toBe(json.replace('90}', '90,"timeoutSeconds":5}'));
  });
});

describe('fix --unsafe', () => {
  const aggregate = IMPATIENT.replace(
    'tcpSocket: { port: 8080 } # cheap',
    'httpGet: { path: /actuator/health, port: 8080 } # all of it',
  );

  it('points liveness at the safe endpoint, and makes what is safe of the result; the diff comes with the reason', async () => {
    const folder = await folderWith({ 'shop.yaml': aggregate });
    const file = join(folder, 'shop.yaml');
    const { code, stdout, stderr } = await cli(['fix', '--unsafe', file]);
    expect(code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(
      FIXED.replace('tcpSocket: { port: 8080 } # cheap', 'httpGet: { path: /actuator/health/liveness, port: 8080 } # all of it'),
    );
    expect(stdout).toContain('+            httpGet: { path: /actuator/health/liveness, port: 8080 } # all of it');
    expect(stderr).toMatch(/^note: .*shop\.yaml:12:24: Deployment default\/shop: container "shop": unsafe: .*health indicator/);
  });

  it('moves a check of a dependency to readiness, where there is none', async () => {
    const asks = IMPATIENT.replace('tcpSocket: { port: 8080 } # cheap', 'exec: { command: [pg_isready, -h, billing-db] }');
    const { stdout, stderr } = await cli(['fix', '--unsafe', '-'], { stdin: asks });
    expect(stdout).not.toContain('livenessProbe');
    expect(stdout).toContain('          readinessProbe:\n            exec:\n');
    expect(stderr).toContain('As readiness it takes the pod out of its Service');
    expect((await cli(['fix', '--unsafe', '-'], { stdin: stdout })).stdout).toBe(stdout);
  });

  it('is not what fix does by itself', async () => {
    expect((await cli(['fix', '-'], { stdin: aggregate })).stdout).toContain('path: /actuator/health, port');
  });
});
