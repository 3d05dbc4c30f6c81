import { fork } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Figure, figure } from './figure.ts';
import { median, spread } from './statistics.ts';
import type { Workplace } from './workplace.ts';

const CHILD = fileURLToPath(new URL('namespace-memory-process.ts', import.meta.url));
const NAMESPACES = 10_000;
const PAGE = 250;

/** What ten thousand namespaces cost over one, each in a process of its own that has read all of them. */
export async function measureNamespaceMemory(workplace: Workplace, repetitions: number): Promise<Figure[]> {
  const folder = join(workplace.folder, 'namespaces');
  await mkdir(folder);
  for (let first = 0; first < NAMESPACES; first += PAGE) {
    await writeFile(join(folder, `${first}.json`), JSON.stringify({ items: namespacesFrom(first) }));
  }
  const differences: number[] = [];
  for (let count = 0; count < repetitions; count += 1) {
    differences.push((await residentWith(folder, NAMESPACES)) - (await residentWith(folder, 1)));
  }
  return [
    figure(
      'resident memory, 10 000 namespaces more',
      { most: 10 },
      { value: median(differences), digits: 1, unit: ' MB', spread: spread(differences, 1) },
    ),
  ];
}

/** In megabytes. */
const residentWith = (folder: string, namespaces: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = fork(CHILD, [folder, String(namespaces)], { execArgv: ['--max-semi-space-size=8'] });
    child.once('message', (message) => resolve(Number(message)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended with code ${code} before it answered`)));
  });

const namespacesFrom = (first: number): object[] =>
  Array.from({ length: PAGE }, (_, index) => {
    const number = first + index;
    const name = `team-${number}-production`;
    return {
      metadata: {
        name,
        uid: `705ab4f5-6393-11e8-b7cc-${String(number).padStart(12, '0')}`,
        labels: { 'kubernetes.io/metadata.name': name, team: `team-${number}`, environment: 'production' },
        annotations: {
          'scheduler.alpha.kubernetes.io/node-selector': 'pool=general',
          ...(number % 20 === 0 && { 'probewise.dev/mode': 'Warn', 'probewise.dev/reason': `ticket OPS-${number}` }),
        },
        managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:metadata': { 'f:labels': {} } } }],
      },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    };
  });
