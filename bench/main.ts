/**
 *     npm run bench [-- --quick] [-- --only throughput,start-up,memory,evaluation,lint,api-server]
 *
 * What bench/README.md says how to read. Everything on loopback, bounded in count and time.
 */
import { parseArgs } from 'node:util';
import { measureApiServer } from './api-server.ts';
import { measureEvaluation } from './evaluation.ts';
import { exitCode, type Figure, showTable } from './figure.ts';
import { measureLint } from './lint.ts';
import { measureLoadedMemory } from './memory.ts';
import { measureNamespaceMemory } from './namespace-memory.ts';
import { measureStartUp } from './start-up.ts';
import { measureThroughput } from './throughput.ts';
import { createWorkplace } from './workplace.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const { quick } = values;
const workplace = await createWorkplace();

const PARTS: Readonly<Record<string, () => Promise<Figure[]>>> = {
  evaluation: () => measureEvaluation(quick ? 3 : 9),
  'start-up': () => measureStartUp(workplace, quick ? 5 : 15),
  memory: async () => [
    ...(await measureLoadedMemory(workplace, quick ? 8000 : 100_000)),
    ...(await measureNamespaceMemory(workplace, quick ? 3 : 7)),
  ],
  lint: () => measureLint(workplace, quick ? 1 : 5),
  throughput: () => measureThroughput(workplace, quick ? { repetitions: 1, rounds: 1 } : { repetitions: 5, rounds: 5 }),
  'api-server': () => measureApiServer(workplace, quick ? { rounds: 20, starts: 1 } : { rounds: 300, starts: 5 }),
};

const asked = values.only?.split(',') ?? Object.keys(PARTS);
const figures: Figure[] = [];
try {
  for (const name of asked) {
    const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    if (part === undefined) throw new Error(`--only: there is no part "${name}"; there are ${Object.keys(PARTS).join(', ')}`);
    console.error(`${name} …`);
    figures.push(...(await part()));
  }
} finally {
  await workplace.remove();
}
console.log(showTable(figures));
process.exitCode = exitCode(figures);
if (process.exitCode === 2)
  console.log('\ninconclusive: a control compared two of the same and found a difference; the machine is too noisy.');
