import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CRD_FILE, crdText } from '../../scripts/generate-crd.ts';
import { customResourceDefinition } from '../../src/config/crd.ts';
import { isObject, list, valueAt } from '../../src/core/json.ts';

const schema = valueAt(customResourceDefinition(), ['spec', 'versions', 0, 'schema', 'openAPIV3Schema']);

/** Every schema in a schema, with its place. */
function* schemasIn(value: unknown, at = ''): Generator<{ at: string; schema: Record<string, unknown> }> {
  if (!isObject(value)) return;
  yield { at, schema: value };
  for (const [name, field] of Object.entries(isObject(value['properties']) ? value['properties'] : {})) {
    yield* schemasIn(field, `${at}.${name}`);
  }
  yield* schemasIn(value['items'], `${at}[]`);
  yield* schemasIn(value['additionalProperties'], `${at}{}`);
}

const TAKEN =
  'type format description default enum pattern required properties items additionalProperties minimum maximum exclusiveMinimum minLength maxLength minItems maxItems minProperties x-kubernetes-validations x-kubernetes-map-type x-kubernetes-list-type x-kubernetes-list-map-keys x-kubernetes-preserve-unknown-fields'.split(
    ' ',
  );

const all = [...schemasIn(schema)];

describe('the CustomResourceDefinition', () => {
  it('in the chart is the one that the schema gives (else: npm run generate:crd)', () => {
    expect(readFileSync(CRD_FILE, 'utf8')).toBe(crdText());
  });

  it('means the same to YAML 1.1, which kubectl reads: no bare Off', () => {
    expect(parse(crdText(), { version: '1.1' })).toEqual(parse(JSON.stringify(customResourceDefinition())));
  });

  it('has a structural schema: a type everywhere, and no field that the API server does not take', () => {
    const taken = new Set(TAKEN);
    for (const { at, schema: each } of all) {
      expect({ at, strange: Object.keys(each).filter((key) => !taken.has(key)) }).toEqual({ at, strange: [] });
      expect({ at, typed: 'type' in each || each['x-kubernetes-preserve-unknown-fields'] === true }).toEqual({ at, typed: true });
    }
  });

  it('bounds every text and every list of the spec, so that its rules are cheap', () => {
    for (const { at, schema: each } of all.filter((item) => item.at.startsWith('.spec'))) {
      if (each['type'] === 'string' && each['enum'] === undefined)
        expect({ at, bound: each['maxLength'] }).toEqual({ at, bound: expect.any(Number) });
      if (each['type'] === 'array') expect({ at, bound: each['maxItems'] }).toEqual({ at, bound: expect.any(Number) });
    }
  });

  it('describes every field for kubectl explain', () => {
    const fields = all.filter(({ at }) => /\.\w+$/.test(at) && !['.apiVersion', '.kind', '.metadata'].includes(at));
    expect(fields.filter(({ schema: each }) => typeof each['description'] !== 'string').map(({ at }) => at)).toEqual([]);
  });

  it('has messages of one line that the API server takes', () => {
    const messages = all.flatMap(({ schema: each }) =>
      list(each['x-kubernetes-validations']).map((rule) => valueAt(rule, ['message'])),
    );
    expect(messages.length).toBeGreaterThan(5);
    for (const message of messages) expect(message).toMatch(/^.{1,2048}$/);
  });
});
