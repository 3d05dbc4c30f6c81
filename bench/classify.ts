/** What classifying costs, in µs per container: `npm run bench:classify [FILE.jsonl]`. The promise is 20 µs in the median. */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { type PodSpec, readPodSpec } from '../src/core/container.ts';
import { property } from '../src/core/json.ts';
import { PROBE_FIELDS } from '../src/core/probe.ts';
import { classify } from '../src/knowledge/classify.ts';

/** Containers of the usual kinds, half of them with commands; a file with real pod specs is better. */
const SAMPLES: readonly object[] = [
  {
    image: 'example/orders:1',
    livenessProbe: { httpGet: { path: '/actuator/health', port: 8080 } },
    readinessProbe: { httpGet: { path: '/actuator/health/readiness', port: 8080 } },
  },
  {
    image: 'example/web:2',
    livenessProbe: { httpGet: { path: '/healthz', port: 8080 } },
    readinessProbe: { httpGet: { path: '/readyz', port: 8080 } },
  },
  { image: 'quay.io/argoproj/argocd:v3', livenessProbe: { httpGet: { path: '/healthz?full=true', port: 8084 } } },
  { image: 'example/api', livenessProbe: { tcpSocket: { port: 8080 } } },
  { image: 'postgres:16', livenessProbe: { exec: { command: ['pg_isready', '-U', 'postgres'] } } },
  { image: 'redis:7', livenessProbe: { exec: { command: ['sh', '-c', 'redis-cli ping | grep PONG'] } } },
  {
    image: 'example/worker',
    livenessProbe: { exec: { command: ['bash', '-ec', 'set -o pipefail; pg_isready -h "$DB_HOST" && nc -z redis 6379'] } },
  },
];

const [file] = process.argv.slice(2);
const pods: PodSpec[] =
  file === undefined
    ? SAMPLES.map((container, index) => readPodSpec({ containers: [{ name: `c${index}`, ...container }] }, ['spec']))
    : readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => readPodSpec(property(JSON.parse(line), 'podSpec'), ['spec']));

const containers = pods.flatMap((pod) => pod.containers.map((container) => ({ container, pod })));
const once = ({ container, pod }: (typeof containers)[number]): void => {
  for (const field of PROBE_FIELDS) {
    const probe = container[field];
    if (probe !== undefined) classify(probe.handler, container, pod, []);
  }
};

const cold = performance.now();
containers.slice(0, 1).forEach(once);
const first = performance.now() - cold;
for (let round = 0; round < 200; round++) containers.forEach(once);

const REPEAT = 20;
const ROUNDS = 25;
/** The least of many rounds: what the work costs when nothing else runs. */
const costs = containers.map((item) => {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let call = 0; call < REPEAT; call++) once(item);
    least = Math.min(least, performance.now() - start);
  }
  return (least / REPEAT) * 1000;
});
costs.sort((a, b) => a - b);
const at = (share: number): string => (costs[Math.min(costs.length - 1, Math.floor(costs.length * share))] ?? 0).toFixed(1);
console.log(
  `${containers.length} containers: median ${at(0.5)} µs, p90 ${at(0.9)} µs, worst ${at(1)} µs; the first one, with the index, ${first.toFixed(1)} ms`,
);
