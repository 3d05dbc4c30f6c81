import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAdmit } from '../../src/admission/admit.ts';
import { CONTROLLER_ACCOUNTS } from '../../src/admission/controllers.ts';
import type { Admit, Door } from '../../src/admission/record.ts';
import { createPolicyLookup } from '../../src/config/policy-lookup.ts';
import { BUILT_IN_POLICY } from '../../src/core/policy.ts';
import { createEngine } from '../../src/core/evaluate.ts';
import { valueAt } from '../../src/core/json.ts';
import { classify } from '../../src/knowledge/classify.ts';
import { rules } from '../../src/rules/index.ts';
import { BODIES } from '../../bench/bodies.ts';
import { ask, start, type Started } from '../http/support/start.ts';

/** The real chain, which counts. */
function counted(): { admit: Admit; counts: { evaluations: number; classifications: number } } {
  const counts = { evaluations: 0, classifications: 0 };
  const engine = createEngine(rules, (...asked) => {
    counts.classifications += 1;
    return classify(...asked);
  });
  const lookup = createPolicyLookup([{ ...BUILT_IN_POLICY, name: 'default', mode: 'Enforce', patch: 'Auto' }], () => 0);
  const admit = createAdmit({
    evaluate(workload, policy) {
      counts.evaluations += 1;
      return engine(workload, policy);
    },
    kinds: lookup.kinds,
    policyFor: lookup.policyFor,
    controllers: CONTROLLER_ACCOUNTS,
  });
  return { admit, counts };
}

async function countsOf(door: Door, json: string) {
  const { admit, counts } = counted();
  await admit(door, JSON.parse(json));
  return counts;
}

const bodyNamed = (part: string): string => {
  const body = BODIES.find(({ name }) => name.includes(part));
  if (body === undefined) throw new Error(`no body ${part}`);
  return body.json;
};

/** Probes in the body, which has a liveness and a readiness probe in each container. */
const probesIn = (json: string): number => json.split('Probe":').length - 1;

describe('the work for one request', () => {
  it('is one evaluation for an object that is created, at both doors', async () => {
    for (const part of ['Pod created, 4 KB', 'Deployment created', 'Pod created, 20 KB']) {
      expect((await countsOf('mutate', bodyNamed(part))).evaluations).toBe(1);
      expect((await countsOf('validate', bodyNamed(part))).evaluations).toBe(1);
    }
  });

  it('is one evaluation for an update without an Error, whatever was there before', async () => {
    expect((await countsOf('validate', bodyNamed('Deployment updated'))).evaluations).toBe(1);
  });

  it('is a second evaluation, of what was there before, only for an update with an Error', async () => {
    const created = bodyNamed('Deployment created');
    const before = JSON.stringify(valueAt(JSON.parse(created), ['request', 'object'])).replaceAll('SETTING_0', 'SETTING_ZERO');
    const updated = created
      .replace('"operation":"CREATE"', '"operation":"UPDATE"')
      .replace('"oldObject":null', `"oldObject":${before}`);
    expect((await countsOf('validate', updated)).evaluations).toBe(2);
  });

  it('asks once what each probe asks', async () => {
    for (const { json } of BODIES.slice(0, 3)) {
      expect((await countsOf('validate', json)).classifications).toBe(probesIn(json));
    }
  });
});

describe('the work for one request over HTTP', () => {
  let started: Started | undefined;
  afterEach(async () => {
    vi.restoreAllMocks();
    await started?.server.close();
  });

  it('is one parse of the body', async () => {
    started = await start({ admit: counted().admit });
    const parse = vi.spyOn(JSON, 'parse');
    for (const { path, json } of BODIES) {
      parse.mockClear();
      expect((await ask(started.port, path, { body: json })).status).toBe(200);
      expect(parse.mock.calls.filter(([text]) => text === json)).toHaveLength(1);
      expect(parse).toHaveBeenCalledTimes(1);
    }
  });
});
