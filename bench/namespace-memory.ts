import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Figure, figure } from './figure.ts';
import { median, spread } from './statistics.ts';

const CHILD = fileURLToPath(new URL('namespace-memory-process.ts', import.meta.url));

/** What ten thousand namespaces cost over one, each in a process of its own, after they were listed and each was asked for. */
export async function measureNamespaceMemory(repetitions: number): Promise<Figure[]> {
  const differences: number[] = [];
  for (let count = 0; count < repetitions; count += 1) {
    differences.push((await residentWith(10_000)) - (await residentWith(1)));
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
const residentWith = (namespaces: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = fork(CHILD, [String(namespaces)], { execArgv: ['--max-semi-space-size=8'] });
    child.once('message', (message) => resolve(Number(message)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended with code ${code} before it answered`)));
  });
