import fastJsonPatch from 'fast-json-patch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markerEdits } from '../../src/admission/marker.ts';
import { toOperations } from '../../src/admission/patch.ts';
import { resolvePort } from '../../src/core/container.ts';
import { applyEdits, type Edit } from '../../src/core/edit.ts';
import { sameJson, valueAt } from '../../src/core/json.ts';
import { canDeriveStartup } from '../../src/core/patience.ts';
import { handlerIdentity, PROBE_FIELDS, startupBudgetSeconds, toleranceSeconds } from '../../src/core/probe.ts';
import { containersOf, type Workload } from '../../src/core/workload.ts';
import { evaluate } from '../../src/engine.ts';
import { classify } from '../../src/knowledge/classify.ts';
import { arbitraryThresholds, arbitraryWorkload } from '../fixtures/arbitrary-workload.ts';
import { policyWith } from '../fixtures/policy.ts';
import { workloadFrom } from '../fixtures/workload.ts';

const CASES = { numRuns: 10_000 };
const anyCase = [arbitraryWorkload, arbitraryThresholds] as const;

function mended(workload: Workload, edits: readonly Edit[]): Workload {
  return workloadFrom(applyEdits(workload.object, edits));
}

describe('invariant 1: never invent a liveness or a readiness probe', () => {
  it('holds for every workload', () => {
    fc.assert(
      fc.property(...anyCase, (object, thresholds) => {
        const workload = workloadFrom(object);
        const after = containersOf(mended(workload, evaluate(workload, policyWith({ thresholds })).edits));
        containersOf(workload).forEach(({ container }, index) => {
          const patched = after[index]?.container;
          expect(patched?.livenessProbe === undefined).toBe(container.livenessProbe === undefined);
          expect(patched?.readinessProbe === undefined).toBe(container.readinessProbe === undefined);
          if (container.livenessProbe === undefined && container.startupProbe === undefined)
            expect(patched?.startupProbe).toBeUndefined();
        });
      }),
      CASES,
    );
  });
});

describe('invariant 2: a patch only ever makes a pod more patient', () => {
  it('lowers no timeout, threshold or budget, raises no period, changes no handler, touches nothing else', () => {
    fc.assert(
      fc.property(...anyCase, (object, thresholds) => {
        const workload = workloadFrom(object);
        const { edits } = evaluate(workload, policyWith({ thresholds }));
        for (const { at } of edits) expect(at.some((step) => PROBE_FIELDS.some((field) => field === step))).toBe(true);
        const after = containersOf(mended(workload, edits));
        containersOf(workload).forEach(({ container }, index) => {
          const patched = after[index]?.container;
          for (const field of PROBE_FIELDS) {
            const from = container[field];
            const to = patched?.[field];
            if (from === undefined || to === undefined) continue;
            expect(handlerIdentity(to.handler)).toBe(handlerIdentity(from.handler));
            expect(to.periodSeconds).toBe(from.periodSeconds);
            expect(to.successThreshold).toBe(from.successThreshold);
            expect(to.timeoutSeconds).toBeGreaterThanOrEqual(from.timeoutSeconds);
            expect(to.failureThreshold).toBeGreaterThanOrEqual(from.failureThreshold);
            expect(to.initialDelaySeconds).toBeGreaterThanOrEqual(from.initialDelaySeconds);
            expect(Number.isSafeInteger(to.failureThreshold) && to.failureThreshold <= 2 ** 31 - 1).toBe(true);
          }
          // A derived startupProbe holds liveness back at least as long as liveness held back itself.
          const derived = container.startupProbe === undefined ? patched?.startupProbe : undefined;
          if (derived !== undefined && container.livenessProbe !== undefined) {
            expect(startupBudgetSeconds(derived)).toBeGreaterThanOrEqual(startupBudgetSeconds(container.livenessProbe));
          }
        });
      }),
      CASES,
    );
  });
});

describe('invariant 3: patched twice = patched once', () => {
  it('leaves nothing to fix, and no fixable finding, in a patched object', () => {
    fc.assert(
      fc.property(...anyCase, (object, thresholds) => {
        const policy = policyWith({ thresholds });
        const workload = workloadFrom(object);
        const again = evaluate(mended(workload, evaluate(workload, policy).edits), policy);
        expect(again.edits).toEqual([]);
        expect(again.findings.filter(({ fix }) => fix !== undefined)).toEqual([]);
      }),
      CASES,
    );
  });
});

describe('invariant 4: every patch applies', () => {
  it('as a JSON Patch, with the same result as the edits, marker included', () => {
    fc.assert(
      fc.property(...anyCase, (object, thresholds) => {
        const workload = workloadFrom(object);
        const { edits } = evaluate(workload, policyWith({ thresholds }));
        const all = [...edits, ...markerEdits(workload, edits)];
        const { newDocument } = fastJsonPatch.applyPatch(
          structuredClone(object),
          structuredClone(toOperations(workload, all)),
          true,
        );
        expect(sameJson(newDocument, applyEdits(object, all))).toBe(true);
      }),
      CASES,
    );
  });
});

describe('invariant 8: a startupProbe is derived only from what is known to resolve and asks only its own process', () => {
  it('and elsewhere liveness waits longer instead, so that startup-missing is met', () => {
    fc.assert(
      fc.property(...anyCase, (object, thresholds) => {
        const workload = workloadFrom(object);
        const policy = policyWith({ thresholds });
        const after = mended(workload, evaluate(workload, policy).edits);
        containersOf(workload).forEach(({ container, pod }, index) => {
          const patched = containersOf(after)[index]?.container;
          const { livenessProbe } = container;
          if (livenessProbe === undefined || container.startupProbe !== undefined || patched?.startupProbe === undefined) return;
          const verdict = classify(livenessProbe.handler, container, pod, []);
          expect(['process', 'unknown']).toContain(verdict.asks);
          expect(livenessProbe.handler.kind).not.toBe('exec');
          expect(resolvePort(livenessProbe.handler, container)).toBeDefined();
          expect(container.role).toBe('app');
          expect(workload.kind).not.toBe('Job');
          expect(canDeriveStartup(workload, container, verdict)).toBe(true);
        });
        expect(evaluate(after, policy).findings.map(({ rule }) => rule)).not.toContain('startup-missing');
      }),
      CASES,
    );
  });
});

/**
 * When a pod becomes Ready, in seconds after its start, if the app answers from `boot` on: the kubelet's clock, with both workers
 * started together. A success of startup triggers readiness at once (measured: kubelet 1.35).
 */
function readyAfter(boot: number, readiness: { delay: number; period: number }, startupPeriod: number | undefined): number {
  const tick = (period: number, from: number): number => Math.ceil(from / period) * period;
  if (startupPeriod === undefined) return tick(readiness.period, Math.max(boot, readiness.delay));
  const started = tick(startupPeriod, boot);
  return started >= readiness.delay ? started : tick(readiness.period, readiness.delay);
}

describe('invariant 9: a startupProbe makes a pod Ready sooner, never later', () => {
  it('is asked from the start, at most every two seconds and as often as readiness, so that at worst one of its periods is lost', () => {
    fc.assert(
      fc.property(...anyCase, fc.integer({ min: 0, max: 300 }), (object, thresholds, boot) => {
        const workload = workloadFrom(object);
        const after = mended(workload, evaluate(workload, policyWith({ thresholds })).edits);
        containersOf(workload).forEach(({ container }, index) => {
          const patched = containersOf(after)[index]?.container;
          const derived = container.startupProbe === undefined ? patched?.startupProbe : undefined;
          if (derived === undefined || container.livenessProbe === undefined) return;
          expect(derived.initialDelaySeconds).toBe(0);
          expect(derived.timeoutSeconds).toBe(patched?.livenessProbe?.timeoutSeconds);
          expect(derived.periodSeconds).toBeLessThanOrEqual(Math.min(2, container.livenessProbe.periodSeconds));
          if (container.readinessProbe === undefined) return;
          const { initialDelaySeconds: delay, periodSeconds: period } = container.readinessProbe;
          expect(derived.periodSeconds).toBeLessThanOrEqual(period);
          const without = readyAfter(boot, { delay, period }, undefined);
          const withIt = readyAfter(boot, { delay, period }, derived.periodSeconds);
          expect(withIt).toBeLessThan(without + derived.periodSeconds);
        });
      }),
      CASES,
    );
  });
});

describe('invariant 10: nobody can get past it by confusing it', () => {
  const database = { name: 'shop', image: 'example/shop:1', livenessProbe: { exec: { command: ['pg_isready', '-h', 'db'] } } };
  const rulesOf = (object: unknown): string[] => evaluate(workloadFrom(object), policyWith()).findings.map(({ rule }) => rule);
  const hidden = (extra: string): unknown =>
    JSON.parse(
      `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"template":{"spec":{${extra}"containers":[${JSON.stringify(database)}]}}}}`,
    );

  it('by a __proto__ or constructor key', () => {
    expect(rulesOf(hidden('"__proto__":{"containers":[]},"constructor":{"prototype":{"containers":[]}},'))).toContain(
      'liveness-dependency',
    );
    expect(rulesOf(JSON.parse('{"apiVersion":"v1","kind":"Pod","spec":{"__proto__":{"containers":[{}]}}}'))).toEqual([]);
  });

  it('by two hundred containers', () => {
    const many = Array.from({ length: 199 }, (_, index) => ({ name: `c${index}`, image: 'example/shop:1' }));
    const workload = workloadFrom({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { containers: [...many, database] },
    });
    expect(evaluate(workload, policyWith()).findings.map(({ rule }) => rule)).toContain('liveness-dependency');
  });

  it('by three megabytes of annotations, deep nesting or a command of a megabyte', () => {
    expect(rulesOf(hidden(`"x":"${'a'.repeat(3 * 1024 * 1024)}",`))).toContain('liveness-dependency');
    expect(rulesOf(hidden(`"x":${'['.repeat(5000)}${']'.repeat(5000)},`))).toContain('liveness-dependency');
    const long = { ...database, livenessProbe: { exec: { command: ['sh', '-c', `${'('.repeat(50_000)} pg_isready -h db`] } } };
    expect(() =>
      rulesOf({ apiVersion: 'v1', kind: 'Pod', spec: { containers: [long, { ...database, name: 'b' }] } }),
    ).not.toThrow();
  });

  it('by names and paths with control characters, which would lose the warning', () => {
    const odd = {
      ...database,
      name: 'a\nb\u0000',
      livenessProbe: { httpGet: { path: '/actuator/health\r\nWarning: fine', port: 80 } },
    };
    for (const finding of evaluate(workloadFrom({ apiVersion: 'v1', kind: 'Pod', spec: { containers: [odd] } }), policyWith())
      .findings) {
      // oxlint-disable-next-line no-control-regex
      expect(`${finding.message}${finding.evidence ?? ''}`).not.toMatch(/[\u0000-\u001f]/);
    }
  });

  it('by values of the wrong type anywhere in the pod spec', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.jsonValue({ maxDepth: 4 }), (anything, other) => {
        const object = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: anything,
          spec: { containers: [anything, database, other], initContainers: anything },
        };
        const { findings, errors } = evaluate(workloadFrom(structuredClone(object)), policyWith());
        expect(errors).toEqual([]);
        expect(findings.map(({ rule }) => rule)).toContain('liveness-dependency');
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps its input as it was', () => {
    const object = hidden('');
    const copy = structuredClone(object);
    const workload = workloadFrom(object);
    applyEdits(workload.object, evaluate(workload, policyWith()).edits);
    expect(object).toEqual(copy);
    expect(valueAt(object, ['spec', 'template', 'spec', 'containers', 0, 'name'])).toBe('shop');
  });
});

describe('the tolerance that is judged', () => {
  it('is one period less than the documentation says', () => {
    const [site] = containersOf(
      workloadFrom({
        apiVersion: 'v1',
        kind: 'Pod',
        spec: { containers: [{ name: 'a', livenessProbe: { tcpSocket: { port: 1 } } }] },
      }),
    );
    const probe = site?.container.livenessProbe;
    expect(probe === undefined ? undefined : toleranceSeconds(probe)).toBe(20);
  });
});
