import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadPolicies } from '../../src/config/policy-file.ts';
import { describeProblem } from '../../src/config/policy-problem.ts';
import { readPolicy } from '../../src/config/read-policy.ts';
import { FULL_POLICY, policyWith, REFUSED } from './policies.ts';

const lines = (source: string): string[] =>
  loadPolicies(source, 'policy.yaml').problems.map(
    ({ line, column, path, message }) => `${line}:${column} ${path === '' ? '' : `${path}: `}${message}`,
  );

const minimal = (name: string, spec = '{}'): string =>
  `apiVersion: probewise.dev/v1alpha1\nkind: ClusterProbePolicy\nmetadata:\n  name: ${name}\nspec: ${spec}\n`;

describe('loadPolicies', () => {
  it('reads all that a policy can say', () => {
    const { policies, problems } = loadPolicies(FULL_POLICY, 'policy.yaml');
    expect(problems).toEqual([]);
    expect(policies).toEqual([
      {
        name: 'full',
        createdAt: 0,
        mode: 'Enforce',
        profile: 'Resilient',
        ruleset: '0.1',
        priority: 10,
        namespaceSelector: {
          matchLabels: { team: 'shop' },
          matchExpressions: [
            { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['sandbox'] },
            { key: 'legacy', operator: 'DoesNotExist' },
          ],
        },
        patch: 'Pods',
        thresholds: { livenessTimeoutSeconds: 5, startupBudgetSeconds: 300 },
        rules: [
          { name: 'liveness-equals-readiness', severity: 'Off' },
          { name: 'startup-missing', fix: 'Never' },
        ],
        endpoints: [
          { image: 'registry.example.com/payments/*', path: '/health', asks: 'process', dependencies: [] },
          {
            path: '/readiness',
            port: 8080,
            asks: 'dependency',
            dependencies: [
              { name: 'ratings', sharing: 'Shared', worstResponseSeconds: 2.5 },
              { name: 'cache', sharing: 'Exclusive' },
            ],
          },
        ],
        exemptions: [
          {
            namespaces: ['tools'],
            kinds: ['StatefulSet'],
            names: ['sonarqube*'],
            containers: ['*'],
            rules: ['liveness-dependency', 'startup-*'],
            reason: 'vendor image, ticket OPS-12',
            expires: Date.UTC(2027, 0, 31),
          },
          { kinds: ['Job'], reason: 'jobs end by themselves', expires: Date.UTC(2027, 0, 31) },
        ],
        workloads: [
          { group: 'example.com', kind: 'Pair', podSpecPath: ['spec', 'left', 'spec'] },
          { group: 'example.com', kind: 'Pair', podSpecPath: ['spec', 'right', 'spec'] },
        ],
        overrides: 'Tighten',
      },
    ]);
  });

  it('fills in what is not written', () => {
    expect(loadPolicies(minimal('a'), 'policy.yaml').policies).toEqual([
      {
        name: 'a',
        createdAt: 0,
        mode: 'Warn',
        profile: 'Standard',
        ruleset: '0.1',
        priority: 0,
        namespaceSelector: {},
        patch: 'Auto',
        thresholds: {},
        rules: [],
        endpoints: [],
        exemptions: [],
        workloads: [],
        overrides: 'Any',
      },
    ]);
  });

  it.each(REFUSED)('refuses $spec', ({ spec, path, loader }) => {
    const { policies, problems } = loadPolicies(policyWith(spec), 'policy.yaml');
    expect(policies).toEqual([]);
    expect(problems).toEqual([expect.objectContaining({ file: 'policy.yaml', line: 4, path })]);
    expect(problems[0]?.message).toContain(loader);
  });

  it('takes a severity of Off without quotes, and false, which it is in YAML 1.1', () => {
    for (const word of ['Off', '"Off"', 'false']) {
      const { policies } = loadPolicies(policyWith(`rules: [{ name: startup-missing, severity: ${word} }]`), 'policy.yaml');
      expect(policies[0]?.rules).toEqual([{ name: 'startup-missing', severity: 'Off' }]);
    }
  });

  it('reads several documents, lists and JSON, with CRLF, a byte order mark, anchors and empty documents', () => {
    const list = { apiVersion: 'v1', kind: 'List', items: [parse(minimal('c')), parse(minimal('d'))] };
    const anchored = minimal('e', '{ thresholds: { livenessTimeoutSeconds: &floor 9, readinessTimeoutSeconds: *floor } }');
    const source = [
      '\uFEFF---',
      minimal('a'),
      '---',
      '# nothing',
      '---',
      JSON.stringify(list, undefined, '\t'),
      '---',
      anchored,
    ].join('\n');
    for (const text of [source, source.replaceAll('\n', '\r\n')]) {
      const { policies, problems } = loadPolicies(text, 'policy.yaml');
      expect(problems).toEqual([]);
      expect(policies.map(({ name }) => name)).toEqual(['a', 'c', 'd', 'e']);
      expect(policies.at(-1)?.thresholds).toEqual({ livenessTimeoutSeconds: 9, readinessTimeoutSeconds: 9 });
    }
  });

  it('reads what kubectl prints, and takes the age from there', () => {
    const printed = `apiVersion: v1
kind: List
metadata: { resourceVersion: "" }
items:
  - apiVersion: probewise.dev/v1alpha1
    kind: ClusterProbePolicy
    metadata:
      name: default
      creationTimestamp: "2026-11-22T03:13:52Z"
      generation: 1
      uid: d52ae699-ec2e-4051-92b3-59f67d689c70
      annotations: { example.com/x: "y" }
    spec: { mode: Warn }
    status: { conditions: [] }
`;
    const { policies, problems } = loadPolicies(printed, 'policy.yaml');
    expect(problems).toEqual([]);
    expect(policies[0]?.createdAt).toBe(Date.UTC(2026, 10, 22, 3, 13, 52));
  });

  it('says where each problem is, in the order of the file', () => {
    const source = `${minimal('a', '\n  mode: Warn\n  moed: Audit\n  rules:\n    - name: startup-mising\n      severity: Info')}---
apiVersion: v1
kind: List
items:
  - apiVersion: probewise.dev/v1alpha1
    kind: ClusterProbePolicy
    metadata: { name: b }
    spec:
      priority: high
  - apiVersion: probewise.dev/v1alpha1
    kind: ClusterProbePolicy
    metadata: {}
`;
    expect(lines(source)).toEqual([
      '7:3 spec.moed: there is no field "moed" here. Did you mean "mode"?',
      '9:13 spec.rules[0].name: this is not a rule; `probewise rules` lists them. Did you mean "startup-missing"?',
      '19:17 items[0].spec.priority: this is "high", and must be a number',
      '20:5 items[1].spec: this field is missing',
      '22:15 items[1].metadata.name: this field is missing',
    ]);
  });

  it('finds the field behind an alias', () => {
    const head = 'apiVersion: probewise.dev/v1alpha1, kind: ClusterProbePolicy';
    const source = `kind: List
items:
  - { ${head}, metadata: { name: a }, spec: &spec { mode: Warm } }
  - { ${head}, metadata: { name: b }, spec: *spec }
`;
    const column = `  - { ${head}, metadata: { name: a }, spec: &spec { mode: `.length + 1;
    expect(lines(source).map((line) => line.split(': ')[0])).toEqual([
      `3:${column} items[0].spec.mode`,
      `3:${column} items[1].spec.mode`,
    ]);
  });

  it.each([
    ['an empty file', '', '1:1 there is no ClusterProbePolicy in this file'],
    ['a file of comments', '# nothing\n---\n', '1:1 there is no ClusterProbePolicy in this file'],
    ['another kind', 'apiVersion: apps/v1\nkind: Deployment\n', '2:7 kind: this is a "Deployment"'],
    [
      'another version',
      'apiVersion: probewise.dev/v2\nkind: ClusterProbePolicy\n',
      '1:13 apiVersion: this is "probewise.dev/v2"',
    ],
    ['a scalar', 'hello', '1:1 a ClusterProbePolicy is an object'],
    ['what is no YAML', 'a: b: c', '1:4 this is neither YAML nor JSON'],
    ['a Helm template', '{{- if .Values.x }}\na: {{ .y }}\n{{ end }}', 'render it with `helm template` first'],
    ['two of the same name', `${minimal('a')}---\n${minimal('a')}`, '10:9 metadata.name: there is a policy "a" before this one'],
    ['aliases that multiply', bomb(), 'this cannot be read: Excessive alias count'],
    ['deep nesting', '['.repeat(20_000), 'this is neither YAML nor JSON'],
  ])('says what is wrong with %s', (_, source, told) => {
    expect(lines(source).join('\n')).toContain(told);
  });

  it('refuses a field called __proto__, constructor or toString wherever it stands', () => {
    expect(lines(policyWith('__proto__: { mode: Audit }'))).toEqual(['4:9 spec.__proto__: there is no field "__proto__" here']);
    expect(lines(policyWith('thresholds: { constructor: 5 }'))[0]).toContain('there is no field "constructor" here');
    expect(lines(policyWith('namespaceSelector: { matchLabels: { __proto__: a } }'))[0]).toContain(
      'there is no field "__proto__" here',
    );
    expect(Object.hasOwn(Object.prototype, 'mode')).toBe(false);
  });

  it('refuses lists without end, and does not repeat itself as often', () => {
    const rules = Array.from({ length: 20_000 }, () => '{ name: x }').join(', ');
    const { problems } = loadPolicies(policyWith(`rules: [${rules}]`), 'policy.yaml');
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(50);
  });

  it('never throws, and a problem always has a place in the file', () => {
    const source = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((spec) => policyWith(JSON.stringify(spec).slice(1, -1))),
    );
    fc.assert(
      fc.property(source, (text) => {
        const { policies, problems } = loadPolicies(text, 'policy.yaml');
        expect(policies.length + problems.length).toBeGreaterThan(0);
        for (const { line, column } of problems) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('readPolicy', () => {
  it('reads an object of the API server', () => {
    const { policy, problems } = readPolicy(parse(minimal('a', '{ mode: Audit }')));
    expect(problems).toEqual([]);
    expect(policy?.mode).toBe('Audit');
  });

  it('names the field in each problem', () => {
    const { problems } = readPolicy(parse(minimal('a', '{ mode: Warm }')));
    expect(problems.map(describeProblem)).toEqual([
      'spec.mode: this is "Warm", and must be Audit, Warn or Enforce. Did you mean "Warn"?',
    ]);
  });
});

function bomb(): string {
  const level = (name: string, of: string): string => `${name}: &${name} [${Array.from({ length: 9 }, () => of).join(', ')}]`;
  return [level('a', 'x'), level('b', '*a'), level('c', '*b'), level('d', '*c'), level('e', '*d')].join('\n');
}
