import { describe, expect, it } from 'vitest';
import { createAdmit } from '../../src/admission/admit.ts';
import { isObject, type JsonObject, property, valueAt } from '../../src/core/json.ts';
import { evaluate } from '../../src/engine.ts';
import { type CanaryResult, startCanary } from '../../src/kube/canary.ts';
import type { Created, KubeApi } from '../../src/kube/api.ts';
import { KubeError } from '../../src/kube/error.ts';
import { policyState } from '../../src/kube/policy-state.ts';
import { FakeClock, settle } from './support/clockwork.ts';
import { FakeApi } from './support/fake-api.ts';
import { applyPatch } from './support/apply-patch.ts';

const state = policyState({ policies: () => [], namespaces: new Map(), canaryNamespace: 'canary', now: () => 0 });
const admit = createAdmit({ evaluate, kinds: () => state.kinds(), policyFor: (name) => state.policyFor(name), controllers: [] });

/** An API server that calls our webhook, through the real chain. */
class CallingApi extends FakeApi {
  readonly doors = new Set(['mutate', 'validate']);

  override async create(path: string, object: JsonObject): Promise<Created> {
    await this.intercept({ verb: 'dry-run', path });
    const review = (now: JsonObject) => ({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: 'u',
        operation: 'CREATE',
        kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
        namespace: 'canary',
        name: property(property(now, 'metadata'), 'name'),
        userInfo: { username: 'system:serviceaccount:home:probewise' },
        dryRun: true,
        object: now,
      },
    });
    let now = object;
    if (this.doors.has('mutate')) {
      const answer = await admit('mutate', review(now));
      const patched = 'review' in answer ? applyPatch(now, answer.review.response.patch) : now;
      if (isObject(patched)) now = patched;
    }
    if (this.doors.has('validate')) {
      const answer = await admit('validate', review(now));
      if ('review' in answer && !answer.review.response.allowed) {
        const message = String(valueAt(answer.review, ['response', 'status', 'message']));
        throw new KubeError('refused', `admission webhook "validate.probewise.dev" denied the request: ${message}`);
      }
    }
    return { object: now, warnings: [] };
  }
}

function start(api: KubeApi, isLeader = () => true) {
  const clock = new FakeClock();
  const sung: (readonly CanaryResult[])[] = [];
  const failures: string[] = [];
  const canary = startCanary({
    api,
    namespace: 'canary',
    isLeader,
    clockwork: clock,
    sang: (results) => sung.push(results),
    failed: (sentence) => failures.push(sentence),
  });
  const last = () => sung.at(-1)?.map(({ door, answered }) => `${door}: ${answered}`);
  return { clock, canary, sung, failures, last };
}

describe('the canary', () => {
  it('is answered where the API server calls us', async () => {
    const { canary, sung, last } = start(new CallingApi());
    await settle();
    expect(last()).toEqual(['validate: true', 'mutate: true']);
    expect(sung[0]?.map(({ reason }) => reason)).toEqual(['', '']);
    await canary.stop();
  });

  it.each([
    ['mutate', ['validate: true', 'mutate: false']],
    ['validate', ['validate: false', 'mutate: true']],
  ])('sees that %s is not called', async (door, seen) => {
    const api = new CallingApi();
    api.doors.delete(door);
    const { canary, last, sung } = start(api);
    await settle();
    expect(last()).toEqual(seen);
    expect(sung[0]?.find(({ answered }) => !answered)?.reason).toContain('the webhook is not called');
    await canary.stop();
  });

  it('is not content with a denial by something else', async () => {
    const api = new CallingApi();
    api.intercept = () => {
      throw new KubeError('refused', 'admission webhook "other.example" denied the request: liveness-dependency');
    };
    const { canary, last, sung } = start(api);
    await settle();
    expect(last()).toEqual(['validate: false', 'mutate: false']);
    expect(sung[0]?.[0]?.reason).toContain('other.example');
    await canary.stop();
  });

  it('says what somebody has to put right, and nothing of us while the API server is away', async () => {
    const api = new CallingApi();
    api.intercept = () => {
      throw new KubeError('not-found', 'Not found: namespaces "canary" not found.');
    };
    const { canary, clock, sung, failures, last } = start(api);
    await settle();
    expect(last()).toEqual(['validate: false', 'mutate: false']);
    api.intercept = () => {
      throw new KubeError('unreachable', 'The API server cannot be reached.');
    };
    await clock.pass(11, 1);
    expect(sung).toHaveLength(1);
    expect(failures).toEqual(['The canary could not be sent: The API server cannot be reached.']);
    await canary.stop();
  });

  it('looks every minute, and every ten seconds while something is wrong', async () => {
    const api = new CallingApi();
    const { canary, clock, sung } = start(api);
    await clock.pass(181, 1);
    expect(sung).toHaveLength(4);
    api.doors.clear();
    await clock.pass(100, 1);
    const seen = sung.length;
    expect(seen).toBeGreaterThan(8);
    api.doors.add('mutate').add('validate');
    await clock.pass(11, 1);
    expect(sung.at(-1)?.every(({ answered }) => answered)).toBe(true);
    await canary.stop();
  });

  it('is sent by the leader alone', async () => {
    let leads = false;
    const { canary, clock, sung } = start(new CallingApi(), () => leads);
    await clock.pass(120, 1);
    expect(sung).toHaveLength(0);
    leads = true;
    canary.wake();
    await settle();
    expect(sung).toHaveLength(1);
    await canary.stop();
  });
});
