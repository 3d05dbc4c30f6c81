import { describe, expect, it } from 'vitest';
import { admitWith, ALICE, apply, patched, REPLICASET_CONTROLLER, responseOf, review } from '../fixtures/review.ts';
import { deployment, pod } from '../fixtures/workload.ts';
import { container, DATABASE, GOOD, owner } from '../fixtures/shop.ts';

describe('a denial', () => {
  it('explains as many as a terminal holds, and counts the rest', async () => {
    const containers = Array.from({ length: 200 }, (_, index) => ({ ...DATABASE, name: `shop-${index}` }));
    const { message } = await apply(admitWith(), { object: deployment({ containers }) });
    expect(message).toContain('200 probes could cause the outages that they are meant to prevent');
    expect(message).toContain('195 more');
    expect(message.length).toBeLessThan(4000);
  });
});

describe('invariant 7: no retroactive denial', () => {
  const admit = admitWith();

  it('denies an UPDATE only for what the object did not have', async () => {
    const oldObject = deployment({ containers: [DATABASE] });
    const newImage = deployment({ containers: [{ ...DATABASE, image: 'example/shop:2' }] });
    const result = await apply(admit, { object: newImage, oldObject });
    expect(result.allowed).toBe(true);
    expect(result.warnings.join()).toContain('liveness-dependency');
    expect((await apply(admit, { object: oldObject, oldObject: deployment({ containers: [GOOD] }) })).allowed).toBe(false);
    const anotherDatabase = deployment({
      containers: [container({ livenessProbe: { exec: { command: ['pg_isready', '-h', 'other-db'] } } })],
    });
    expect((await apply(admit, { object: anotherDatabase, oldObject })).allowed).toBe(false);
  });

  it.each(['Pod', 'ReplicaSet', 'Job'])('never denies a %s that a controller made', async (kind) => {
    const object =
      kind === 'Pod'
        ? pod({ containers: [DATABASE] })
        : { ...deployment({ containers: [DATABASE] }), kind, apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1' };
    expect((await apply(admit, { object, user: REPLICASET_CONTROLLER })).allowed).toBe(true);
    expect((await apply(admit, { object, user: ALICE })).allowed).toBe(false);
  });

  it('denies whoever only claims to be owned by a controller', async () => {
    const object = pod({ containers: [DATABASE] }, owner('ReplicaSet', 'apps/v1'));
    expect((await apply(admit, { object, user: ALICE })).allowed).toBe(false);
  });

  it('denies a mirror pod that does not come from a node', async () => {
    const object = pod({ containers: [DATABASE] }, { annotations: { 'kubernetes.io/config.mirror': 'x' } });
    expect((await apply(admit, { object })).allowed).toBe(false);
    expect((await apply(admit, { object, user: 'system:node:worker-1' })).allowed).toBe(true);
  });

  it('warns about a rollback to a template that already ran here', async () => {
    const cluster = { readNamespace: () => Promise.reject(new Error('not asked')), ranBefore: () => Promise.resolve(true) };
    const result = await apply(admitWith({}, { cluster }), {
      object: deployment({ containers: [DATABASE] }),
      oldObject: deployment({ containers: [GOOD] }),
    });
    expect(result.allowed).toBe(true);
    expect(result.warnings.join()).toContain('already ran');
  });

  it('patches nothing of what will be denied, and mutate says nothing about it', async () => {
    const object = deployment({ containers: [DATABASE, { ...GOOD, name: 'other' }] });
    const response = responseOf(await admit('mutate', review({ object })));
    expect(response).toEqual({ uid: response.uid, allowed: true });
    expect(patched(object, await admit('mutate', review({ object })))).toEqual(object);
  });
});
