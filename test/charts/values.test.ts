import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { chartValues } from '../../scripts/chart-readme.ts';
import { CHART_README_FILE, chartReadmeText } from '../../scripts/generate-chart-readme.ts';
import { isObject, property, text, valueAt } from '../../src/core/json.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { CHANGED_VALUES } from './support/changed-values.ts';
import { CHART, helm, refusal } from './support/helm.ts';

const read = (file: string): Promise<string> => readFile(join(CHART, file), 'utf8');

describe('the values of the chart', () => {
  it('are all described, and the README is made from the descriptions', async () => {
    expect(chartValues(await read('values.yaml')).undescribed).toEqual([]);
    expect(await readFile(CHART_README_FILE, 'utf8')).toBe(await chartReadmeText());
  });

  it('are all in the schema, which has no others and refuses unknown ones at every level', async () => {
    const schema: unknown = JSON.parse(await read('values.schema.json'));
    const values: unknown = parse(await read('values.yaml'));
    const differences: string[] = [];
    const compare = (value: unknown, node: unknown, path: string): void => {
      const properties = property(node, 'properties');
      if (!isObject(properties)) return;
      if (property(node, 'additionalProperties') !== false) differences.push(`${path} lets unknown values in`);
      if (!isObject(value)) return;
      // `global` is Helm's own, and an issuer is somebody else's object.
      for (const key of Object.keys(properties)) {
        if (!Object.hasOwn(value, key) && key !== 'global' && path !== '.certificates.certManager.issuerRef')
          differences.push(`${path}.${key} is no value`);
      }
      for (const [key, inner] of Object.entries(value)) {
        if (Object.hasOwn(properties, key)) compare(inner, properties[key], `${path}.${key}`);
        else differences.push(`${path}.${key} is not in the schema`);
      }
    };
    compare(values, schema, '');
    expect(differences).toEqual([]);
  });

  it('are each changed in some case that the API server is asked about', async () => {
    const values: unknown = parse(await read('values.yaml'));
    const leaves = (value: unknown, path: readonly string[]): (readonly string[])[] =>
      isObject(value) && Object.keys(value).length > 0
        ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
        : [path];
    const unchanged = leaves(values, []).filter((path) => {
      const changed = CHANGED_VALUES.some(([, changes]) => {
        const value = valueAt(changes, path);
        return value !== undefined && JSON.stringify(value) !== JSON.stringify(valueAt(values, path));
      });
      return !changed;
    });
    // What is the same in every case: the one way in which the pods are allowed to run.
    const fixed = /^(podSecurityContext|securityContext)\./;
    expect(unchanged.map((path) => path.join('.')).filter((key) => !fixed.test(key))).toEqual([]);
  });

  it('come with the version that they install', async () => {
    const chart: unknown = parse(await read('Chart.yaml'));
    expect(text(valueAt(chart, ['appVersion']))).toBe(packageJson.version);
    expect(text(valueAt(chart, ['version']))).toBe(packageJson.version);
  });

  it.skipIf(helm === undefined).each([
    [{ certificates: { mode: 'selfsigned' } }, "/certificates/mode': value must be one of 'self', 'cert-manager', 'secret'"],
    [{ webhook: { timeoutSeconds: 31 } }, "/webhook/timeoutSeconds': maximum: got 31, want 30"],
    [{ webhook: { failurePolicy: 'ignore' } }, "/webhook/failurePolicy': value must be one of 'Ignore', 'Fail'"],
    [{ policy: { mode: 'Deny' } }, "/policy/mode': value must be one of 'Audit', 'Warn', 'Enforce'"],
    [{ replicas: 3 }, "additional properties 'replicas' not allowed"],
    [{ excludedNamespaces: ['Team A'] }, "/excludedNamespaces/0': 'Team A' does not match pattern"],
    [{ controllerAccounts: ["a' || true || '"] }, "/controllerAccounts/0'"],
    [{ certificates: { mode: 'secret', secret: { name: 'mine' } } }, 'certificates.secret.caBundle: give the authority'],
    [{ canary: { namespace: 'guard' } }, 'canary.namespace: the canary needs a namespace of its own'],
    [{ excludedNamespaces: ['probewise-canary'] }, "excludedNamespaces: it must not have the canary's namespace"],
  ])('%j is refused with a sentence that helps', (values, sentence) => {
    expect(refusal(values)).toContain(sentence);
  });
});
