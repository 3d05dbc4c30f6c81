import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi } from './harness/api.ts';
import { enforce, freshNamespace, install } from './harness/installation.ts';
import { apply, kubectl, tryKubectl } from './harness/run.ts';
import { ASKS_ITSELF, NAMESPACE, workload } from './harness/workloads.ts';
import { until } from '../control-plane/harness/until.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await install();
  await freshNamespace();
});
afterAll(() => api.close());

describe.each(['Deployment', 'StatefulSet', 'DaemonSet'] as const)('a rollback of a %s', (kind) => {
  const name = `old-${kind.toLowerCase()}`;
  const target = `${kind.toLowerCase()}/${name}`;
  // A controller has seen it: its ReplicaSet or ControllerRevision is there.
  const observed = (): Promise<unknown> =>
    until('the controller to have seen it', async () => {
      const stored: unknown = JSON.parse(await kubectl(['-n', NAMESPACE, 'get', target, '-o', 'json']));
      const { metadata, status } = Object(stored);
      return metadata.generation === status.observedGeneration;
    });

  it('to a template that ran before Enforce is admitted with a warning', async () => {
    await enforce(api, 'Warn');
    await apply(workload({ name, kind }));
    await observed();
    await apply(workload({ name, kind, livenessProbe: ASKS_ITSELF }));
    await observed();
    await enforce(api, 'Enforce');

    const { code, stdout, stderr } = await tryKubectl(['-n', NAMESPACE, 'rollout', 'undo', target]);
    expect({ code, stdout }, stderr).toMatchObject({ code: 0 });
    expect(stderr).toContain('Warning: ');
    expect(stderr).toContain('liveness-dependency');
    const probe = await kubectl([
      '-n',
      NAMESPACE,
      'get',
      target,
      '-o',
      'jsonpath={.spec.template.spec.containers[0].livenessProbe.exec}',
    ]);
    expect(probe).toContain('pg_isready');
  });

  it('does not open the gate for a template that never ran', async () => {
    const never = workload({
      name,
      kind,
      livenessProbe: { exec: { command: ['redis-cli', '-h', 'cache', 'ping'] }, failureThreshold: 30 },
    });
    const { code, stderr } = await tryKubectl(['apply', '-f', '-'], JSON.stringify(never));
    expect(code, stderr).toBe(1);
    expect(stderr).toContain('denied the request');
  });
});
