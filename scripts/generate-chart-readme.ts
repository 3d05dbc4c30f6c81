import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { chartReadme, chartValues } from './chart-readme.ts';

const CHART = new URL('../charts/probewise/', import.meta.url);
export const CHART_README_FILE = new URL('README.md', CHART);

export async function chartReadmeText(): Promise<string> {
  const [values, chart] = await Promise.all(['values.yaml', 'Chart.yaml'].map((file) => readFile(new URL(file, CHART), 'utf8')));
  const { version, kubeVersion } = z.object({ version: z.string(), kubeVersion: z.string() }).parse(parse(chart ?? ''));
  return chartReadme({ version, kubeVersion }, chartValues(values ?? '').values);
}

if (import.meta.main) await writeFile(CHART_README_FILE, await chartReadmeText());
