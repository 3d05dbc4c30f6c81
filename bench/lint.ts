import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { container } from './bodies.ts';
import { type Figure, figure, isQuiet } from './figure.ts';
import { median, spread } from './statistics.ts';
import type { Workplace } from './workplace.ts';

/** `lint` of a directory, the whole process from spawn to exit; few and many files in turn. */
export async function measureLint(workplace: Workplace, repetitions: number): Promise<Figure[]> {
  const few = await writeManifests(join(workplace.folder, 'few'), 1000);
  const many = await writeManifests(join(workplace.folder, 'many'), 4000);
  const fewSeconds: number[] = [];
  const againSeconds: number[] = [];
  const manySeconds: number[] = [];
  for (let count = 0; count < repetitions; count += 1) {
    fewSeconds.push(await lintSeconds(workplace, few.folder));
    manySeconds.push(await lintSeconds(workplace, many.folder));
    againSeconds.push(await lintSeconds(workplace, few.folder));
  }
  const trusted = isQuiet(median(againSeconds) / median(fewSeconds));
  const base = [...fewSeconds, ...againSeconds];
  const size = (few.bytes / 1e6).toFixed(1);
  return [
    figure(
      `lint of 1 000 manifests, ${size} MB`,
      { most: 2 },
      { value: median(base), unit: ' s', spread: spread(base, 2), trusted },
    ),
    figure('lint of 4 000 manifests / 1 000', { most: 4.4 }, { value: median(manySeconds) / median(base), trusted }),
    figure('lint, control', undefined, { value: median(againSeconds) / median(fewSeconds) }),
  ];
}

function lintSeconds({ bundle }: Workplace, folder: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundle, 'lint', '--fail-on', 'never', folder], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve((performance.now() - began) / 1000);
      else reject(new Error(`lint ended with code ${code}`));
    });
  });
}

/** Deployments of two containers, 4 KB each: every fourth asks a database for its liveness. */
async function writeManifests(folder: string, count: number): Promise<{ folder: string; bytes: number }> {
  await mkdir(folder);
  let bytes = 0;
  for (let index = 0; index < count; index += 1) {
    const livenessProbe =
      index % 4 === 0 ? { exec: { command: ['pg_isready', '-h', 'db'] } } : { httpGet: { path: `/health/${index}`, port: 8080 } };
    const text = stringify(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: `shop-${index}`, namespace: `team-${index % 50}` },
        spec: {
          selector: { matchLabels: { app: 'shop' } },
          template: {
            metadata: { labels: { app: 'shop' } },
            spec: { containers: ['web', 'worker'].map((name) => container(name, { variables: 15, livenessProbe })) },
          },
        },
      },
      { aliasDuplicateObjects: false },
    );
    bytes += text.length;
    await writeFile(join(folder, `shop-${index}.yaml`), text);
  }
  return { folder, bytes };
}
