/**
 * What Probewise costs over a server that does nothing: the ratio of answers per second, and of processor time per answer, to a
 * no-op HTTPS server on the same stack that parses the same body (1.00 is free). Two server processes at a time, asked in turn in
 * slices of 300 ms in the order A B B A; fresh processes for each pair; the median over the pairs. A control (no-op against no-op)
 * in the same run says how far the figures can be trusted.
 *
 *     node bench/server.ts [pairs]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createLoadClient } from './load-client.ts';
import { type Load, LOADS } from './reviews.ts';

const PAIRS = Math.max(5, Number(process.argv[2] ?? 5));
const SLICE_MILLISECONDS = 300;
const ROUNDS = 4;
const CONNECTIONS = 8;
/** Before the measurement, so that the compiler has done its work. */
const WARM_UP_MILLISECONDS = 2000;
const TRUSTED = { least: 0.95, most: 1.05 };

type Role = 'no-op' | 'probewise';
interface Ratios {
  readonly rate: number;
  readonly processor: number;
}

const SERVER = fileURLToPath(new URL('server-process.ts', import.meta.url));

async function startServer(role: Role): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(SERVER, [role], {
    execArgv: ['--max-semi-space-size=8'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return { child, port: await message(child, 'port') };
}

const message = (child: ChildProcess, key: 'port' | 'processor'): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the server ended')));
    child.once('message', (value) => {
      const number: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
      child.removeAllListeners('exit');
      resolve(Number(number));
    });
  });

async function measurePair(first: Role, second: Role, load: Load): Promise<Ratios> {
  const servers = [await startServer(first), await startServer(second)];
  const sides = await Promise.all(
    servers.map(async ({ child, port }) => ({
      child,
      client: await createLoadClient(port, load, CONNECTIONS),
      answers: 0,
      microseconds: 0,
    })),
  );
  const [a, b] = sides;
  if (a === undefined || b === undefined) throw new Error('two servers are needed');
  try {
    for (const { client } of sides) await client.run(WARM_UP_MILLISECONDS);
    for (const side of Array.from({ length: ROUNDS }, () => [a, b, b, a]).flat()) {
      const before = await processorTime(side.child);
      side.answers += await side.client.run(SLICE_MILLISECONDS);
      side.microseconds += (await processorTime(side.child)) - before;
    }
    return { rate: b.answers / a.answers, processor: a.microseconds / a.answers / (b.microseconds / b.answers) };
  } finally {
    for (const { child, client } of sides) {
      client.close();
      child.disconnect();
    }
  }
}

function processorTime(child: ChildProcess): Promise<number> {
  const answer = message(child, 'processor');
  child.send('processor');
  return answer;
}

const median = (values: readonly number[]): number =>
  values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? Number.NaN;

const medians = (ratios: readonly Ratios[]): Ratios => ({
  rate: median(ratios.map(({ rate }) => rate)),
  processor: median(ratios.map(({ processor }) => processor)),
});

const trusted = ({ rate, processor }: Ratios): boolean =>
  [rate, processor].every((ratio) => ratio >= TRUSTED.least && ratio <= TRUSTED.most);

const show = ({ rate, processor }: Ratios): string => `rate ${rate.toFixed(2)}, processor time ${processor.toFixed(2)}`;

for (const load of LOADS) {
  const control: Ratios[] = [];
  const measured: Ratios[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    control.push(await measurePair('no-op', 'no-op', load));
    measured.push(await measurePair('no-op', 'probewise', load));
  }
  const size = `${(Buffer.byteLength(load.body) / 1024).toFixed(1)} KB`;
  const verdict = trusted(medians(control)) ? '' : ' (inconclusive: the control is off)';
  console.log(`${load.name}, ${size}: ${show(medians(measured))}; control: ${show(medians(control))}${verdict}`);
}
