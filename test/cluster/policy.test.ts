import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../control-plane/harness/until.ts';
import { type Api, openApi } from './harness/api.ts';
import { ask } from './harness/asking.ts';
import { enforce, freshNamespace, install, untilAsked } from './harness/installation.ts';
import { apply, kubectl, run, tryKubectl } from './harness/run.ts';
import { NAMESPACE, policy, workload } from './harness/workloads.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await install();
  await freshNamespace();
});
afterAll(() => api.close());

const annotate = (...annotations: readonly string[]): Promise<string> =>
  kubectl(['annotate', 'namespace', NAMESPACE, '--overwrite', ...annotations]);

describe('policies in a cluster', () => {
  it('Warn admits with a warning, and Enforce denies within two seconds of the edit', async () => {
    await enforce(api, 'Warn');
    const admitted = await run('kubectl', ['create', '-f', '-'], { input: JSON.stringify(workload({ name: 'before' })) });
    expect(admitted).toMatchObject({ code: 0 });
    expect(admitted.stderr).toContain('liveness-dependency');

    await kubectl(['patch', 'clusterprobepolicy', 'default', '--type=merge', '-p', '{"spec":{"mode":"Enforce"}}']);
    const edited = performance.now();
    await untilAsked(api, 'denied', 10);
    const seconds = (performance.now() - edited) / 1000;
    console.log(`denied ${seconds.toFixed(2)} s after the edit`);
    expect(seconds).toBeLessThan(2);

    const denied = await run('kubectl', ['create', '-f', '-'], { input: JSON.stringify(workload({ name: 'after' })) });
    console.log(denied.stderr.trim());
    expect(denied.code).toBe(1);
    for (const word of ['liveness-dependency', 'app', 'livenessProbe', 'probewise explain'])
      expect(denied.stderr).toContain(word);
  });

  it("a namespace's annotation loosens it, and its end tightens it again without any event", async () => {
    await enforce(api, 'Enforce');
    const end = new Date(Date.now() + 20_000).toISOString();
    await annotate('probewise.dev/mode=Warn', `probewise.dev/expires=${end}`, 'probewise.dev/reason=migration');
    await untilAsked(api, 'warned', 10);
    await wait(Date.parse(end) - Date.now() - 3000);
    expect(await ask(api)).toMatchObject({ outcome: 'warned' });
    await untilAsked(api, 'denied', 70);
    expect(Date.now()).toBeGreaterThan(Date.parse(end));
    await annotate('probewise.dev/mode-', 'probewise.dev/expires-', 'probewise.dev/reason-');
  });

  it('a bad annotation is answered with a warning when it is written, and loosens nothing', async () => {
    await enforce(api, 'Enforce');
    const said = await tryKubectl(['annotate', 'namespace', NAMESPACE, '--overwrite', 'probewise.dev/mode=Off']);
    expect(said.code).toBe(0);
    expect(said.stderr).toContain('probewise.dev/mode');
    expect(await ask(api)).toMatchObject({ outcome: 'denied' });
    await annotate('probewise.dev/mode-');
  });

  it('a second policy wins where its selector matches, and nowhere else', async () => {
    await enforce(api, 'Enforce');
    const other = `${NAMESPACE}-gentle`;
    await freshNamespace(other);
    await kubectl(['label', 'namespace', other, 'probewise.dev/tier=gentle']);
    await apply(
      policy('gentle', { mode: 'Warn', priority: 10, namespaceSelector: { matchLabels: { 'probewise.dev/tier': 'gentle' } } }),
    );
    await until('the second policy to win', async () => (await ask(api, other)).outcome === 'warned', 10);
    expect(await ask(api)).toMatchObject({ outcome: 'denied' });
    await kubectl(['delete', 'clusterprobepolicy', 'gentle']);
    await until('the first policy to rule again', async () => (await ask(api, other)).outcome === 'denied', 10);
    await kubectl(['delete', 'namespace', other]);
  });

  it.each([
    ['an unknown field', { mode: 'Warn', modus: 'Warn' }, /unknown field "spec\.modus"/],
    ['a mode that is none', { mode: 'Deny' }, /spec\.mode: Unsupported value: "Deny"/],
    ['a rule that is mistyped', { mode: 'Warn', rules: [{ name: 'liveness-dependancy', severity: 'Off' }] }, /probewise rules/],
    ['a threshold out of range', { mode: 'Warn', thresholds: { livenessTimeoutSeconds: 100_000 } }, /livenessTimeoutSeconds/],
  ])('%s is refused by the API server, and the old policy stays in force', async (_name, spec, sentence) => {
    await enforce(api, 'Enforce');
    const { code, stderr } = await tryKubectl(['apply', '-f', '-'], JSON.stringify(policy('default', spec)));
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(await ask(api)).toMatchObject({ outcome: 'denied' });
  });

  it('kubectl explains its fields', async () => {
    expect(await kubectl(['explain', 'clusterprobepolicy.spec.mode'])).toMatch(/Audit/);
  });
});
