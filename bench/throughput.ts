import { createAdmit } from '../src/admission/admit.ts';
import { CONTROLLER_ACCOUNTS } from '../src/admission/controllers.ts';
import type { AdmissionRecord } from '../src/admission/record.ts';
import { loadPolicies } from '../src/config/policy-file.ts';
import { createPolicyLookup } from '../src/config/policy-lookup.ts';
import { evaluate } from '../src/engine.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BODIES, type Body } from './bodies.ts';
import { type Figure, figure, isQuiet } from './figure.ts';
import { createLoadClient, type LoadClient } from './load-client.ts';
import { type Role, type Server, startServer } from './servers/start.ts';
import { median, quantile, spread } from './statistics.ts';
import { ENFORCE, type Workplace } from './workplace.ts';

export interface ThroughputOptions {
  /** Times that everything is started anew. */
  readonly repetitions: number;
  readonly rounds: number;
}

const SLICE_MILLISECONDS = 300;
/** Before the measurement, so that the compiler has done its work. */
const WARM_UP_ANSWERS = 10_000;
const CONNECTIONS = 8;

interface Side {
  readonly server: Server;
  readonly client: LoadClient;
  readonly latencies: number[];
  milliseconds: number;
  processor: number;
}

/** One repetition: each figure as a ratio to the no-op server. */
interface Ratios {
  readonly rate: number;
  readonly processor: number;
  readonly median: number;
  readonly p99: number;
}

interface Repetition {
  /** The no-op server against itself. */
  readonly control: Ratios;
  readonly probewise: Ratios;
  /** Probewise against the no-op server with the same log line and metrics. */
  readonly overObserved: Ratios;
  /** Milliseconds, of Probewise. */
  readonly latency: { readonly median: number; readonly p99: number };
}

/**
 * Answers per second and latency, Probewise against no-op servers, on the same body in the same seconds: four processes, asked in
 * turn in slices of 300 ms, there and back (A B C D D C B A), so that what slows the machine down slows all of them down.
 */
export async function measureThroughput(workplace: Workplace, options: ThroughputOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const body of BODIES) {
    const record = join(workplace.folder, 'record.json');
    await writeFile(record, JSON.stringify(await recordOf(body)));
    const repetitions: Repetition[] = [];
    for (let count = 0; count < options.repetitions; count += 1) {
      repetitions.push(await repeat(workplace, body, record, options.rounds));
    }
    figures.push(...figuresOf(body, repetitions));
  }
  return figures;
}

async function repeat(workplace: Workplace, body: Body, record: string, rounds: number): Promise<Repetition> {
  const roles: Role[] = [{ kind: 'no-op' }, { kind: 'observed', record }, { kind: 'probewise' }, { kind: 'no-op' }];
  const sides: Side[] = [];
  try {
    for (const role of roles) {
      const server = await startServer(workplace, role);
      const client = await createLoadClient({ port: server.port, ...body }, CONNECTIONS);
      sides.push({ server, client, latencies: [], milliseconds: 0, processor: 0 });
      await client.run({ answers: WARM_UP_ANSWERS });
    }
    for (const side of Array.from({ length: rounds }, () => [...sides, ...sides.toReversed()]).flat()) {
      const before = side.server.processor();
      const { latencies, milliseconds } = await side.client.run({ milliseconds: SLICE_MILLISECONDS });
      side.processor += side.server.processor() - before;
      side.latencies.push(...latencies);
      side.milliseconds += milliseconds;
    }
    const [noOp, observed, probewise, again] = sides;
    if (noOp === undefined || observed === undefined || probewise === undefined || again === undefined)
      throw new Error('four sides');
    return {
      control: ratios(again, noOp),
      // Both no-op servers together stand for what nothing costs.
      probewise: ratios(probewise, together(noOp, again)),
      overObserved: ratios(probewise, observed),
      latency: { median: median(probewise.latencies), p99: quantile(probewise.latencies, 0.99) },
    };
  } finally {
    for (const { client, server } of sides) {
      client.close();
      await server.stop();
    }
  }
}

type Totals = Pick<Side, 'latencies' | 'milliseconds' | 'processor'>;

const together = (a: Totals, b: Totals): Totals => ({
  latencies: [...a.latencies, ...b.latencies],
  milliseconds: a.milliseconds + b.milliseconds,
  processor: a.processor + b.processor,
});

const ratios = (side: Totals, base: Totals): Ratios => ({
  rate: side.latencies.length / side.milliseconds / (base.latencies.length / base.milliseconds),
  processor: side.processor / side.latencies.length / (base.processor / base.latencies.length),
  median: median(side.latencies) / median(base.latencies),
  p99: quantile(side.latencies, 0.99) / quantile(base.latencies, 0.99),
});

function figuresOf({ name }: Body, repetitions: readonly Repetition[]): Figure[] {
  const of = (pick: (repetition: Repetition) => number) => {
    const values = repetitions.map(pick);
    return { value: median(values), spread: spread(values, 2) };
  };
  const rateControl = of(({ control }) => control.rate);
  const p99Control = of(({ control }) => control.p99);
  const processorControl = of(({ control }) => control.processor);
  const rate = { trusted: isQuiet(rateControl.value) };
  return [
    figure(`${name}: rate / no-op`, { least: 0.85 }, { ...of(({ probewise }) => probewise.rate), ...rate }),
    figure(
      `${name}: rate / no-op that logs and counts`,
      { least: 0.95 },
      { ...of(({ overObserved }) => overObserved.rate), ...rate },
    ),
    figure(
      `${name}: p99 / no-op`,
      { most: 1.15 },
      { ...of(({ probewise }) => probewise.p99), trusted: isQuiet(p99Control.value) },
    ),
    figure(
      `${name}: p50 / no-op`,
      undefined,
      of(({ probewise }) => probewise.median),
    ),
    figure(
      `${name}: processor time / no-op`,
      undefined,
      of(({ probewise }) => probewise.processor),
    ),
    figure(`${name}: p50`, undefined, { ...of(({ latency }) => latency.median), unit: ' ms' }),
    figure(`${name}: p99`, undefined, { ...of(({ latency }) => latency.p99), unit: ' ms' }),
    figure(`${name}: control, rate`, undefined, rateControl),
    figure(`${name}: control, p99`, undefined, p99Control),
    figure(`${name}: control, processor time`, undefined, processorControl),
  ];
}

/** What Probewise has to tell of this body, so that another server can tell the same. */
async function recordOf({ path, json }: Body): Promise<AdmissionRecord> {
  const lookup = createPolicyLookup(loadPolicies(ENFORCE, 'policy.yaml').policies, Date.now);
  const admit = createAdmit({ evaluate, kinds: lookup.kinds, policyFor: lookup.policyFor, controllers: CONTROLLER_ACCOUNTS });
  const admitted = await admit(path === '/mutate' ? 'mutate' : 'validate', JSON.parse(json));
  if (!('record' in admitted)) throw new Error(`not judged: ${path}`);
  return admitted.record;
}
