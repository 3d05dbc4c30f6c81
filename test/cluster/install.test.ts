import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../control-plane/harness/until.ts';
import { type Api, openApi } from './harness/api.ts';
import { ask } from './harness/asking.ts';
import {
  CHART,
  enforce,
  freshNamespace,
  imageValues,
  install,
  metricsOf,
  readyPods,
  RELEASE,
  removeAll,
} from './harness/installation.ts';
import { apply, helm, kubectl, run, tryHelm } from './harness/run.ts';
import { CANARY, NAMESPACE, PROBEWISE, workload } from './harness/workloads.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await removeAll();
  await freshNamespace();
  await apply(workload({ name: 'running-before' }));
});
afterAll(() => api.close());

describe('a first installation', () => {
  it('protects the cluster as soon as its replicas are ready', async () => {
    const began = performance.now();
    const image = imageValues(inject('image'));
    await helm(['install', RELEASE, CHART, '-n', PROBEWISE, '--create-namespace', ...image]);
    const returned = performance.now();
    await until('a bad Deployment to be warned about', async () => (await ask(api)).outcome === 'warned', 120);
    const seconds = (from: number): string => ((performance.now() - from) / 1000).toFixed(1);
    console.log(`helm install returned after ${((returned - began) / 1000).toFixed(1)} s, enforced after ${seconds(began)} s`);
    await until('both replicas to be ready', async () => (await readyPods()).length === 2, 60);
    console.log(`both replicas ready after ${seconds(began)} s`);
  });

  it('spreads its replicas over the nodes', async () => {
    const nodes = (await kubectl(['get', 'nodes', '-o', 'name'])).trim().split('\n').length;
    expect(new Set((await readyPods()).map(({ node }) => node)).size).toBe(Math.min(nodes, 2));
  });

  it('passes `helm test`', async () => {
    const { code, stdout, stderr } = await tryHelm(['test', RELEASE, '-n', PROBEWISE]);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Succeeded');
  });

  it('has made a visible policy, which says that it is accepted', async () => {
    const columns = await until('the policy to be accepted', async () => {
      const line = await kubectl(['get', 'clusterprobepolicies', 'default', '--no-headers']);
      return /\bTrue\b/.test(line) ? line : undefined;
    });
    expect(columns).toMatch(/^default +Warn +Standard +0 /);
  });

  it('patches what can be mended, and says so', async () => {
    const { code, stdout, stderr } = await run(
      'kubectl',
      ['apply', '--dry-run=server', '-o', 'jsonpath={.spec.template.spec.containers[0]}', '-f', '-'],
      { input: JSON.stringify(workload({ livenessProbe: { httpGet: { path: '/livez', port: 8080 } } })) },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ startupProbe: {}, livenessProbe: { timeoutSeconds: 5 } });
    expect(stderr).toContain('Warning: ');
  });

  it('runs at the restricted Pod Security level', async () => {
    const said = await run('kubectl', [
      'label',
      '--dry-run=server',
      '--overwrite',
      'namespace',
      PROBEWISE,
      'pod-security.kubernetes.io/enforce=restricted',
    ]);
    expect(said).toMatchObject({ code: 0, stderr: '' });
  });

  it('lets no pod run in the namespace of the canary', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'any', namespace: CANARY },
      spec: { containers: [{ name: 'a', image: 'a' }] },
    };
    const { code, stderr } = await run('kubectl', ['create', '--dry-run=server', '-f', '-'], { input: JSON.stringify(pod) });
    expect(code).toBe(1);
    expect(stderr).toMatch(/forbidden/);
  });

  it('prints commands that work as they are printed', async () => {
    const notes = await helm(['get', 'notes', RELEASE, '-n', PROBEWISE]);
    const commands = notes.split('\n').filter((line) => /^ {2}(kubectl|helm) /.test(line));
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      const { code, stdout, stderr } = await run('sh', ['-c', command]);
      expect(code, `${command}\n${stdout}${stderr}`).toBe(0);
      if (command.includes('audit')) {
        console.log(stdout.trim());
        expect(stdout).toContain('running-before');
        expect(stdout).not.toContain('could not be read');
      }
    }
    await until('the policy to be enforced', async () => (await ask(api)).outcome === 'denied', 10);
  });

  it('rests at a modest size', async () => {
    for (const { name } of await readyPods()) {
      const metrics = await metricsOf(name);
      const bytes = Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
      console.log(`${name}: ${(bytes / 2 ** 20).toFixed(0)} MiB resident`);
      expect(bytes).toBeLessThan(160 * 2 ** 20);
    }
  });

  it('comes back to Warn by the same command', async () => {
    await install();
    await enforce(api, 'Warn');
    expect(await ask(api)).toMatchObject({ outcome: 'warned' });
    await kubectl(['get', 'namespace', NAMESPACE]);
  });
});
