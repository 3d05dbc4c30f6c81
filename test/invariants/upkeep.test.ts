import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PATCHED_ANNOTATION, readMarker } from '../../src/admission/marker.ts';
import { type JsonObject, valueAt } from '../../src/core/json.ts';
import { handlerIdentity, readProbe, startupBudgetSeconds } from '../../src/core/probe.ts';
import { containersOf } from '../../src/core/workload.ts';
import { arbitraryThresholds, podTemplate } from '../fixtures/arbitrary-workload.ts';
import { admitWith, apply, REPLICASET_CONTROLLER } from '../fixtures/review.ts';
import { deployment, pod, workloadFrom } from '../fixtures/workload.ts';
import { CONTAINER, container, edited, GOOD, httpGet, markerOf, owner, startupOf, withProbesOf } from '../fixtures/shop.ts';

describe('invariant 6: no surprise rollout, no tug of war, nothing left behind', () => {
  const admit = admitWith();

  it('patches a template on CREATE and says so on its own metadata', async () => {
    const { object } = await apply(admit, { object: deployment({ containers: [GOOD] }) });
    expect(startupOf(object)).toMatchObject({ httpGet: { path: '/livez' }, periodSeconds: 2, failureThreshold: 146 });
    expect(JSON.parse(String(markerOf(object)))).toMatchObject({
      shop: { livenessProbe: { timeoutSeconds: 5 }, startupProbe: { failureThreshold: 146 } },
    });
    expect(valueAt(object, ['spec', 'template', 'metadata', 'annotations'])).toBeUndefined();
  });

  it('patches on UPDATE only if the template changed', async () => {
    const oldObject = deployment({ containers: [GOOD] });
    const labelled = deployment({ containers: [GOOD] }, { labels: { team: 'a' } });
    expect((await apply(admit, { object: labelled, oldObject })).object).toEqual(labelled);
    const newImage = deployment({ containers: [{ ...GOOD, image: 'example/shop:2' }] });
    expect(startupOf((await apply(admit, { object: newImage, oldObject })).object)).toBeDefined();
  });

  it('patches a Job on CREATE only', async () => {
    const job = (image: string): JsonObject => ({
      ...deployment({ containers: [{ ...GOOD, image }] }),
      apiVersion: 'batch/v1',
      kind: 'Job',
    });
    const created = await apply(admit, { object: job('a') });
    expect(valueAt(created.object, [...CONTAINER, 'livenessProbe', 'initialDelaySeconds'])).toBe(270);
    expect((await apply(admit, { object: job('b'), oldObject: job('a') })).object).toEqual(job('b'));
  });

  it.each([
    ['a controller', owner('Tenant', 'example.com/v1')],
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }],
    ['Argo CD, by label', { labels: { 'argocd.argoproj.io/instance': 'x' } }],
    ['Flux, by Kustomization', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'x' } }],
    ['Flux, by HelmRelease', { labels: { 'helm.toolkit.fluxcd.io/name': 'x' } }],
  ])('never patches a workload of %s, but its Pods', async (_, metadata) => {
    const object = deployment({ containers: [GOOD] }, metadata);
    expect((await apply(admit, { object })).object).toEqual(object);
    const made = pod({ containers: [GOOD] }, owner('ReplicaSet', 'apps/v1'));
    const { object: after } = await apply(admit, { object: made, user: REPLICASET_CONTROLLER });
    expect(valueAt(after, ['spec', 'containers', 0, 'startupProbe'])).toBeDefined();
  });

  it('patches what Helm made: its label alone is no GitOps mark', async () => {
    const object = deployment(
      { containers: [GOOD] },
      { labels: { 'app.kubernetes.io/instance': 'shop', 'app.kubernetes.io/managed-by': 'Helm' } },
    );
    expect(startupOf((await apply(admit, { object })).object)).toBeDefined();
  });

  it('leaves the Pods of an unknown controller alone', async () => {
    const object = pod({ containers: [GOOD] }, owner('Tenant', 'example.com/v1'));
    expect((await apply(admit, { object })).object).toEqual(object);
  });

  it('lets a startupProbe of ours follow the liveness probe to another endpoint, and go with it', async () => {
    const first = (await apply(admit, { object: deployment({ containers: [GOOD] }) })).object;
    // As a re-apply leaves it: the user's fields replaced, ours untouched.
    const moved = edited(first, { livenessProbe: { httpGet: { path: '/alive', port: 9090 }, timeoutSeconds: 5 } });
    const second = (await apply(admit, { object: moved, oldObject: first })).object;
    expect(startupOf(second)).toMatchObject({ httpGet: { path: '/alive', port: 9090 }, failureThreshold: 146 });
    expect(String(markerOf(second))).toContain('/alive');
    expect(String(markerOf(second))).not.toContain('/livez');

    const removed = edited(second, { livenessProbe: undefined });
    const third = (await apply(admit, { object: removed, oldObject: second })).object;
    expect(startupOf(third)).toBeUndefined();
    expect(markerOf(third)).toBeUndefined();
  });

  it('goes, and liveness waits instead, where the new endpoint asks a dependency', async () => {
    const warn = admitWith({ mode: 'Warn' });
    const first = (await apply(warn, { object: deployment({ containers: [GOOD] }) })).object;
    const moved = edited(first, { livenessProbe: { exec: { command: ['pg_isready', '-h', 'shop-db'] } } });
    const second = (await apply(warn, { object: moved, oldObject: first })).object;
    expect(startupOf(second)).toBeUndefined();
    expect(valueAt(second, [...CONTAINER, 'livenessProbe', 'initialDelaySeconds'])).toBe(140);
  });

  it('follows even where the policy patches nothing any more', async () => {
    const first = (await apply(admit, { object: deployment({ containers: [GOOD] }) })).object;
    const moved = edited(first, { livenessProbe: { httpGet: { path: '/alive', port: 8080 } } });
    const second = (await apply(admitWith({ patch: 'Never' }), { object: moved, oldObject: first })).object;
    expect(startupOf(second)).toMatchObject({ httpGet: { path: '/alive' } });
    expect(valueAt(second, [...CONTAINER, 'livenessProbe', 'timeoutSeconds'])).toBeUndefined();
  });

  it('leaves a startupProbe that the user changed, or wrote, to the user', async () => {
    const first = (await apply(admit, { object: deployment({ containers: [GOOD] }) })).object;
    const adopted = edited(first, {
      livenessProbe: { httpGet: { path: '/alive', port: 8080 }, timeoutSeconds: 5 },
      startupProbe: { httpGet: { path: '/livez', port: 8080 }, failureThreshold: 200, periodSeconds: 2, timeoutSeconds: 5 },
    });
    const { object } = await apply(admit, { object: adopted, oldObject: first });
    expect(startupOf(object)).toMatchObject({ httpGet: { path: '/livez' }, failureThreshold: 200 });
  });

  it.each([
    ['a longer timeout', { timeoutSeconds: 30 }],
    ['a grace period', { terminationGracePeriodSeconds: 7 }],
  ])('follows %s of the liveness probe: alone, it would have let the pod live', async (_, numbers) => {
    const first = (await apply(admit, { object: deployment({ containers: [GOOD] }) })).object;
    const changed = edited(first, { livenessProbe: { ...httpGet('/livez'), timeoutSeconds: 5, ...numbers } });
    const [site] = containersOf(
      workloadFrom(structuredClone((await apply(admit, { object: changed, oldObject: first })).object)),
    );
    const { startupProbe, livenessProbe } = site?.container ?? {};
    expect(startupProbe).toBeDefined();
    if (startupProbe === undefined || livenessProbe === undefined) return;
    expect(startupProbe.timeoutSeconds).toBeGreaterThanOrEqual(livenessProbe.timeoutSeconds);
    expect(startupBudgetSeconds(startupProbe)).toBeGreaterThanOrEqual(startupBudgetSeconds(livenessProbe));
    expect(startupProbe.terminationGracePeriodSeconds).toBe(livenessProbe.terminationGracePeriodSeconds);
  });

  it.each([
    ['delay', { initialDelaySeconds: 900 }, {}],
    ['failureThreshold', { failureThreshold: 90 }, {}],
    ['delay, under a short deadline', { initialDelaySeconds: 900 }, { progressDeadlineSeconds: 300 }],
    ['delay of all seconds that there are', { initialDelaySeconds: 2_147_483_647 }, {}],
  ])('goes where the liveness probe by itself waits longer, by its %s', async (_, numbers, spec) => {
    const first = (await apply(admit, { object: deployment({ containers: [GOOD] }, {}, spec) })).object;
    const patient = edited(first, { livenessProbe: { ...httpGet('/livez'), timeoutSeconds: 5, ...numbers } });
    const { object } = await apply(admit, { object: patient, oldObject: first });
    expect(startupOf(object)).toBeUndefined();
    expect(markerOf(object)).not.toContain('startupProbe');
  });

  it('goes where the port that it asks is declared no more, instead of being a reason to deny', async () => {
    const named = (name: string): JsonObject =>
      container({
        ports: [{ name, containerPort: 8080 }],
        livenessProbe: { httpGet: { path: '/livez', port: 'http' }, timeoutSeconds: 5 },
      });
    const first = (await apply(admit, { object: deployment({ containers: [named('http')] }) })).object;
    expect(startupOf(first)).toBeDefined();
    const { object, allowed } = await apply(admit, {
      object: edited(first, { ports: [{ name: 'web', containerPort: 8080 }] }),
      oldObject: first,
    });
    expect(allowed).toBe(true);
    expect(startupOf(object)).toBeUndefined();
  });

  it('goes with an update that is denied, so that nothing stale is left where the denial is softened', async () => {
    const cluster = { readNamespace: () => Promise.reject(new Error('not asked')), ranBefore: () => Promise.resolve(true) };
    const first = (await apply(admit, { object: deployment({ containers: [GOOD] }) })).object;
    const rolledBack = edited(first, { livenessProbe: httpGet('/actuator/health') });
    const result = await apply(admitWith({}, { cluster }), { object: rolledBack, oldObject: first });
    expect(result.allowed).toBe(true);
    expect(startupOf(result.object)).toBeUndefined();
  });

  it('puts no probe in the place of one that cannot be read', async () => {
    const object = deployment({
      containers: [{ ...GOOD, startupProbe: { httpget: { path: '/boot', port: 8080 }, failureThreshold: 600 } }],
    });
    const result = await apply(admit, { object });
    expect(startupOf(result.object)).toEqual({ httpget: { path: '/boot', port: 8080 }, failureThreshold: 600 });
    expect(result.warnings.join()).toContain('has no handler');
  });

  it('leaves an object alone whose annotations have no room for the marker: the request would fail', async () => {
    const object = deployment({ containers: [GOOD] }, { annotations: { note: 'x'.repeat(262_100) } });
    expect((await apply(admit, { object })).object).toEqual(object);
  });

  it('reads no more of a marker than its own marks, however deep and long it is', async () => {
    const deep = `{"shop":{"livenessProbe":{"timeoutSeconds":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}}}`;
    const object = deployment({ containers: [GOOD] }, { annotations: { [PATCHED_ANNOTATION]: deep } });
    const result = await apply(admit, { object });
    expect(startupOf(result.object)).toBeDefined();
    expect(markerOf(result.object)).toBe(
      '{"shop":{"livenessProbe":{"timeoutSeconds":5},"startupProbe":{"failureThreshold":146,"httpGet":{"path":"/livez","port":8080},"periodSeconds":2,"timeoutSeconds":5}}}',
    );
  });

  it('says what is too tight where nobody mends it: in Pods that are left alone', async () => {
    const unmended = await apply(admit, { object: pod({ containers: [GOOD] }, owner('Tenant', 'example.com/v1')) });
    expect(unmended.warnings.join()).toContain('liveness-timeout');
    const mendedAtItsPods = await apply(admit, { object: deployment({ containers: [GOOD] }, owner('Tenant', 'example.com/v1')) });
    expect(mendedAtItsPods.warnings).toEqual([]);
  });

  it('takes no forged marker for its own', async () => {
    const object = deployment(
      { containers: [{ ...GOOD, startupProbe: { ...httpGet('/boot'), failureThreshold: 60 } }] },
      {
        annotations: { [PATCHED_ANNOTATION]: '{"shop":{"startupProbe":{"__proto__":1}},"__proto__":{"x":{}},"gone":[1]}' },
      },
    );
    expect(startupOf((await apply(admit, { object })).object)).toMatchObject({
      httpGet: { path: '/boot' },
      failureThreshold: 60,
    });
  });

  it('is the same, patched again', async () => {
    const first = (await apply(admit, { object: deployment({ containers: [GOOD] }) })).object;
    expect((await apply(admit, { object: first })).object).toEqual(first);
  });
});

describe('invariant 6, whatever the user does to the liveness probe', () => {
  it('a startupProbe of ours asks what liveness asks, or is gone; and a second apply changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(podTemplate, podTemplate, arbitraryThresholds, async (first, second, thresholds) => {
        const admit = admitWith({ mode: 'Warn', thresholds });
        const before = (await apply(admit, { object: deployment(first) })).object;
        const object = withProbesOf(before, second);
        const after = (await apply(admit, { object, oldObject: before })).object;
        for (const { container: now } of containersOf(workloadFrom(structuredClone(after)))) {
          const marks = readMarker(workloadFrom(structuredClone(after))).get(now.name) ?? {};
          if (!Object.hasOwn(marks, 'startupProbe') || now.startupProbe === undefined) continue;
          const recorded = readProbe(marks['startupProbe']);
          const untouched =
            recorded !== undefined && handlerIdentity(recorded.handler) === handlerIdentity(now.startupProbe.handler);
          if (!untouched) continue;
          expect(now.livenessProbe).toBeDefined();
          if (now.livenessProbe === undefined) continue;
          expect(handlerIdentity(now.startupProbe.handler)).toBe(handlerIdentity(now.livenessProbe.handler));
          expect(now.startupProbe.timeoutSeconds).toBeGreaterThanOrEqual(now.livenessProbe.timeoutSeconds);
        }
        expect((await apply(admit, { object: after, oldObject: object })).object).toEqual(after);
      }),
      { numRuns: 2000 },
    );
  });
});
