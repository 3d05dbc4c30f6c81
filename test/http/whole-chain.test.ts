import { afterEach, describe, expect, it } from 'vitest';
import { createAdmit } from '../../src/admission/admit.ts';
import type { Admitted } from '../../src/admission/record.ts';
import { createPolicyLookup } from '../../src/config/policy-lookup.ts';
import { BUILT_IN_POLICY } from '../../src/core/policy.ts';
import { evaluate } from '../../src/engine.ts';
import { ask, responseOf, start, type Started } from './support/start.ts';

let started: Started | undefined;
afterEach(() => started?.server.close());

async function startEnforcing(): Promise<Started & { readonly admitted: readonly Admitted[] }> {
  const admitted: Admitted[] = [];
  const lookup = createPolicyLookup([{ ...BUILT_IN_POLICY, name: 'p', mode: 'Enforce', patch: 'Auto' }], () => Date.now());
  const admit = createAdmit({ evaluate, kinds: lookup.kinds, policyFor: lookup.policyFor, controllers: [] });
  started = await start({
    async admit(door, body) {
      const answer = await admit(door, body);
      admitted.push(answer);
      return answer;
    },
  });
  return { ...started, admitted };
}

/** Never passes: the port that it names is declared nowhere. An Error, whatever else is in the object. */
const BAD = '{"name":"bad","image":"app","readinessProbe":{"httpGet":{"path":"/","port":"web"}}}';
const GOOD = '{"name":"good","image":"app"}';

const review = ({ containers = BAD, metadata = '"name":"cart"', spec = '"replicas":1' }): string =>
  `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"CREATE",` +
  `"kind":{"group":"apps","version":"v1","kind":"Deployment"},"name":"cart","namespace":"shop","userInfo":{"username":"anna"},` +
  `"object":{"apiVersion":"apps/v1","kind":"Deployment","metadata":{${metadata}},` +
  `"spec":{${spec},"template":{"spec":{"containers":[${containers}]}}}}}}`;

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('invariant 10: nobody can get past it by confusing it', () => {
  it.each([
    ['nothing odd', review({})],
    ['a __proto__ key in the container', review({ containers: BAD.replace('{', '{"__proto__":{"readinessProbe":null},') })],
    ['a __proto__ key in the spec', review({ spec: '"__proto__":{"template":{}},"constructor":{"prototype":{"x":1}}' })],
    ['a __proto__ key in the metadata', review({ metadata: '"name":"cart","__proto__":{"ownerReferences":[]}' })],
    ['3 MiB of annotations', review({ metadata: `"annotations":{"a":"${'x'.repeat(3 * 1024 * 1024)}"}` })],
    [
      '200 containers, of which the last is bad',
      review({ containers: [...Array.from({ length: 199 }, () => GOOD), BAD].join(',') }),
    ],
    ['10 000 lists in one another, in a field that nobody reads', review({ spec: `"unknown":${nested(10_000)}` })],
    [
      'a forged ownerReference',
      review({ metadata: '"name":"cart","ownerReferences":[{"kind":"ReplicaSet","name":"x","uid":"y","controller":true}]' }),
    ],
  ])('%s: denied like any other', async (_name, body) => {
    const { port } = await startEnforcing();
    expect(responseOf(await ask(port, '/validate', { body }))).toMatchObject({ uid: 'u-1', allowed: false });
  });
});

describe('invariant 10, on an update', () => {
  const object = (containers: string, depth: number): string =>
    `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"cart"},` +
    `"spec":{"template":{"unknown":${nested(depth)},"spec":{"containers":[${containers}]}}}}`;

  it.each([1, 10_000])('a template with %d lists in one another: the new fault is denied like any other', async (depth) => {
    const { port } = await startEnforcing();
    const body =
      `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"UPDATE",` +
      `"kind":{"group":"apps","version":"v1","kind":"Deployment"},"name":"cart","namespace":"shop","userInfo":{"username":"anna"},` +
      `"object":${object(BAD, depth)},"oldObject":${object(GOOD, depth)}}}`;
    expect(responseOf(await ask(port, '/validate', { body }))).toMatchObject({ uid: 'u-1', allowed: false });
  });
});

describe('a pod spec of a wrong shape', () => {
  it.each([
    ['containers is text', '"oops"'],
    ['a container is a number', '7'],
    ['a probe is a list', '{"name":"a","livenessProbe":[1]}'],
    ['a port is an object', '{"name":"a","livenessProbe":{"httpGet":{"port":{}}}}'],
    ['a number is text', '{"name":"a","livenessProbe":{"tcpSocket":{"port":1},"periodSeconds":"x"}}'],
  ])('%s: a well-formed answer that admits', async (_name, container) => {
    const { port, seen } = await startEnforcing();
    for (const path of ['/mutate', '/validate']) {
      const answer = await ask(port, path, { body: review({ containers: container }) });
      expect(answer.status).toBe(200);
      expect(responseOf(answer)).toMatchObject({ uid: 'u-1', allowed: true });
    }
    expect(seen.failed).toEqual([]);
    expect(seen.decided.flatMap(({ errors }) => errors)).toEqual([]);
  });
});

describe('the liveness endpoint with the real engine', () => {
  it('judges a sample review that the chain understands and finds nothing in', async () => {
    const { port, admitted } = await startEnforcing();
    expect((await ask(port, '/livez')).status).toBe(200);
    expect(admitted).toMatchObject([{ record: { decision: 'allowed', findings: [], problems: [], errors: [] } }]);
  });
});

describe('what is not an AdmissionReview v1', () => {
  it.each([
    ['another kind', '{"apiVersion":"v1","kind":"Pod"}'],
    ['an older version', '{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{"uid":"u"}}'],
    ['a version of 1 MB', `{"apiVersion":"${'v'.repeat(1_000_000)}","kind":"AdmissionReview","request":{"uid":"u"}}`],
    ['no request', '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}'],
    ['no uid', '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{}}'],
  ])('%s: 400 and one short sentence', async (_name, body) => {
    const { port, seen } = await startEnforcing();
    const answer = await ask(port, '/validate', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.length).toBeLessThan(400);
    expect(seen.refused).toHaveLength(1);
  });
});
