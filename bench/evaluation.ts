import { loadPolicies } from '../src/config/policy-file.ts';
import { BUILT_IN_POLICY, type EffectivePolicy, type Policy } from '../src/core/policy.ts';
import { type NamespaceFacts, resolve } from '../src/core/resolve.ts';
import { readWorkload, type Workload } from '../src/core/workload.ts';
import { WORKLOAD_KINDS } from '../src/core/workload-kinds.ts';
import { evaluate } from '../src/engine.ts';
import { policyState } from '../src/kube/policy-state.ts';
import { container } from './bodies.ts';
import { type Figure, figure, isQuiet } from './figure.ts';
import { median, spread } from './statistics.ts';
import { ENFORCE } from './workplace.ts';

/** One thing to be called over and over. */
interface Subject {
  readonly call: () => unknown;
}

const BATCH = 20;
const BATCHES = 150;
const WARM_UP_CALLS = 3000;

/**
 * Microseconds per evaluation, in this process: batches of each subject in turn, the median over the batches; a figure is the ratio of
 * two of them, its control the ratio of the first with itself.
 */
export function measureEvaluation(repetitions: number): Promise<Figure[]> {
  const policy = resolved(base);
  const one = workloadOf(1);
  const ten = workloadOf(10);
  const fifty = workloadOf(50);
  const informed = resolved({ ...base, endpoints: manyEndpoints(500) });
  const quiet = [1, 10_000].map((count) => inNamespaces(count, [base]));
  const crowded = [1, 100].map((count) => inNamespaces(1, manyPolicies(count)));
  const judging = (workload: Workload, under: EffectivePolicy): Subject => ({ call: () => evaluate(workload, under) });
  return Promise.resolve([
    ...compare('50 containers / 10 containers', 5 * 1.2, judging(ten, policy), judging(fifty, policy), repetitions),
    ...compare('10 containers / 1 container', undefined, judging(one, policy), judging(ten, policy), repetitions),
    ...compare('500 endpoints in the policy / none', 1.1, judging(ten, policy), judging(ten, informed), repetitions),
    ...compare('10 000 namespaces / 1', 1.05, quiet[0], quiet[1], repetitions),
    ...compare('100 policies / 1', 1.1, crowded[0], crowded[1], repetitions),
  ]);
}

function compare(name: string, most: number | undefined, a: Subject | undefined, b: Subject | undefined, repetitions: number) {
  if (a === undefined || b === undefined) throw new Error('two subjects');
  for (const { call } of [a, b]) for (let count = 0; count < WARM_UP_CALLS; count += 1) call();
  const bases: number[] = [];
  const values: number[] = [];
  const controls: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const [first = 0, second = 0, again = 0] = interleaved([a, b, a]);
    bases.push(first);
    values.push(second / ((first + again) / 2));
    controls.push(again / first);
  }
  const trusted = isQuiet(median(controls));
  const goal = most === undefined ? undefined : { most };
  return [
    figure(`evaluation: ${name}`, goal, { value: median(values), spread: spread(values, 2), trusted }),
    figure(`evaluation: ${name}, the divisor`, undefined, { value: median(bases), digits: 1, unit: ' µs' }),
  ];
}

/** For each subject the median over its batches, in microseconds per call. */
function interleaved(subjects: readonly Subject[]): number[] {
  const times = subjects.map((): number[] => []);
  for (let batch = 0; batch < BATCHES; batch += 1) {
    for (const [index, { call }] of subjects.entries()) {
      const since = performance.now();
      for (let count = 0; count < BATCH; count += 1) call();
      times[index]?.push(((performance.now() - since) * 1000) / BATCH);
    }
  }
  return times.map(median);
}

const base: Policy = { ...(loadPolicies(ENFORCE, 'policy.yaml').policies[0] ?? BUILT_IN_POLICY) };

function workloadOf(containers: number): Workload {
  const liveness = [
    undefined,
    { exec: { command: ['sh', '-c', 'redis-cli -h cache ping | grep PONG'] } },
    { httpGet: { path: '/actuator/health', port: 8080 } },
    { tcpSocket: { port: 8080 } },
  ];
  const object: unknown = JSON.parse(
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'shop', namespace: 'shop-0' },
      spec: {
        template: {
          spec: {
            containers: Array.from({ length: containers }, (_, index) => {
              const livenessProbe = liveness[index % liveness.length];
              return container(`app-${index}`, { variables: 10, ...(livenessProbe !== undefined && { livenessProbe }) });
            }),
          },
        },
      },
    }),
  );
  const workload = readWorkload(object, WORKLOAD_KINDS);
  if (workload === undefined) throw new Error('a Deployment is a workload');
  return workload;
}

const namespace = (index: number): NamespaceFacts => ({
  name: `shop-${index}`,
  labels: { 'kubernetes.io/metadata.name': `shop-${index}`, team: `team-${index % 40}` },
  // One in twenty overrides something.
  annotations: index % 20 === 1 ? { 'probewise.dev/mode': 'Warn' } : {},
});

const resolved = (policy: Policy): EffectivePolicy => resolve([policy], namespace(0), Date.now()).policy;

/** Entries that do not hold here: each has to be ruled out. */
const manyEndpoints = (count: number): Policy['endpoints'] =>
  Array.from({ length: count }, (_, index) => ({
    image: `registry.example.com/team-${index % 40}/*`,
    path: `/internal/${index}/*`,
    asks: 'dependency',
    dependencies: [],
  }));

const manyPolicies = (count: number): Policy[] => [
  ...Array.from({ length: count - 1 }, (_, index) => ({
    ...base,
    name: `team-${index}`,
    priority: index + 1,
    namespaceSelector: { matchLabels: { team: `other-${index}` } },
  })),
  base,
];

/** A request each time from another one of the namespaces. */
function inNamespaces(count: number, policies: readonly Policy[]): Subject {
  const namespaces = new Map(Array.from({ length: count }, (_, index) => [`shop-${index}`, namespace(index)]));
  const state = policyState({ policies: () => policies, namespaces, now: Date.now });
  const names = [...namespaces.keys()];
  const workload = workloadOf(2);
  let next = 0;
  return {
    call() {
      next = (next + 1) % names.length;
      return evaluate(workload, state.policyFor(names[next] ?? '').policy);
    },
  };
}
