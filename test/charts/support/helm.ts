import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isObject, type JsonObject } from '../../../src/core/json.ts';

export const CHART = join(import.meta.dirname, '../../../charts/probewise');
/** The oldest version that the chart allows: what renders there renders later. */
const KUBERNETES = '1.30.0';

/** Helm 3, from KUBEBUILDER_ASSETS or PATH. */
export const helm = findHelm();
const HOW_TO_GET_HELM = 'The tests that render the chart need helm, in KUBEBUILDER_ASSETS or on PATH: skipped.';
if (helm === undefined) console.warn(HOW_TO_GET_HELM);

function findHelm(): string | undefined {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const places = [...(assets === undefined || assets === '' ? [] : [join(assets, 'helm')]), 'helm'];
  return places.find((place) => (spawnSync(place, ['version', '--short'], { encoding: 'utf8' }).stdout ?? '').startsWith('v3'));
}

export type Values = Readonly<Record<string, unknown>>;

/** What `helm template` renders for these values, as text. Throws Helm's message. */
function renderText(values: Values = {}, flags: readonly string[] = []): string {
  const args = ['template', 'probewise', CHART, '--namespace', 'guard', '--kube-version', KUBERNETES, '--values', '-', ...flags];
  return execFileSync(helm ?? 'helm', args, { input: JSON.stringify(values), encoding: 'utf8', stdio: 'pipe' });
}

export function render(values: Values = {}, flags: readonly string[] = []): JsonObject[] {
  return parseAllDocuments(renderText(values, flags)).flatMap((document) => {
    const object: unknown = document.toJS();
    return isObject(object) ? [object] : [];
  });
}

/** What Helm says about values that it refuses; empty where it takes them. */
export function refusal(values: Values): string {
  try {
    renderText(values);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
