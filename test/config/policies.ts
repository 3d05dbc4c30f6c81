/** A policy with all that it can say, as a person writes it. */
export const FULL_POLICY = `apiVersion: probewise.dev/v1alpha1
kind: ClusterProbePolicy
metadata: { name: full }
spec:
  mode: Enforce
  profile: Resilient
  ruleset: "0.1"
  priority: 10
  namespaceSelector:
    matchLabels: { team: shop }
    matchExpressions:
      - { key: kubernetes.io/metadata.name, operator: NotIn, values: [sandbox] }
      - { key: legacy, operator: DoesNotExist }
  patch: Pods
  thresholds: { livenessTimeoutSeconds: 5, startupBudgetSeconds: 300 }
  rules:
    - { name: liveness-equals-readiness, severity: Off }
    - { name: startup-missing, fix: Never }
  endpoints:
    - { image: "registry.example.com/payments/*", path: /health, verdict: Process }
    - path: /readiness
      port: 8080
      verdict: Dependency
      dependencies: [{ name: ratings, worstResponseSeconds: 2.5 }, { name: cache, sharing: Exclusive }]
  exemptions:
    - namespaces: [tools]
      kinds: [StatefulSet]
      names: ["sonarqube*"]
      containers: ["*"]
      rules: [liveness-dependency, "startup-*"]
      reason: vendor image, ticket OPS-12
      expires: "2027-01-31T00:00:00Z"
    - { kinds: [Job], reason: jobs end by themselves, expires: "2027-01-31" }
  workloads:
    - { group: example.com, kind: Pair, podSpecPath: spec.left.spec }
    - { group: example.com, kind: Pair, podSpecPath: spec.right.spec }
  overrides: Tighten
`;

export const policyWith = (spec: string): string =>
  `apiVersion: probewise.dev/v1alpha1\nkind: ClusterProbePolicy\nmetadata: { name: refused }\nspec: { ${spec} }\n`;

/** What nobody may write, by the field that is named, with a part of the loader's message and one of the API server's. */
export const REFUSED: readonly {
  readonly spec: string;
  readonly path: string;
  readonly loader: string;
  readonly server: string;
}[] = [
  {
    spec: 'mode: Enfore',
    path: 'spec.mode',
    loader: 'Did you mean "Enforce"?',
    server: 'supported values: "Audit", "Warn", "Enforce"',
  },
  { spec: 'profile: Strict', path: 'spec.profile', loader: 'must be Standard or Resilient', server: 'supported values' },
  { spec: 'ruleset: 0.1', path: 'spec.ruleset', loader: 'put it in quotes', server: 'must be of type string' },
  { spec: 'ruleset: newest', path: 'spec.ruleset', loader: 'a ruleset is a release', server: 'should match' },
  { spec: 'priority: 2147483648', path: 'spec.priority', loader: 'at most 2147483647', server: 'spec.priority' },
  { spec: 'priority: 1.5', path: 'spec.priority', loader: 'a whole number', server: 'must be of type integer' },
  { spec: 'moed: Warn', path: 'spec.moed', loader: 'Did you mean "mode"?', server: 'unknown field "spec.moed"' },
  {
    spec: 'thresholds: { livenesTimeoutSeconds: 5 }',
    path: 'spec.thresholds.livenesTimeoutSeconds',
    loader: 'Did you mean "livenessTimeoutSeconds"?',
    server: 'unknown field "spec.thresholds.livenesTimeoutSeconds"',
  },
  {
    spec: 'thresholds: { startupBudgetSeconds: 0 }',
    path: 'spec.thresholds.startupBudgetSeconds',
    loader: 'at least 1',
    server: 'greater than or equal to 1',
  },
  {
    spec: 'thresholds: { startupBudgetSeconds: 86401 }',
    path: 'spec.thresholds.startupBudgetSeconds',
    loader: 'at most 86400',
    server: 'less than or equal to 86400',
  },
  {
    spec: 'rules: [{ name: liveness-dependancy, severity: Info }]',
    path: 'spec.rules[0].name',
    loader: 'Did you mean "liveness-dependency"?',
    server: '`probewise rules` lists them: liveness-dependency',
  },
  {
    spec: 'rules: [{ name: startup-missing, severity: true }]',
    path: 'spec.rules[0].severity',
    loader: 'must be Error, Warning, Info or Off',
    server: 'supported values',
  },
  {
    spec: 'rules: [{ name: startup-missing }]',
    path: 'spec.rules[0]',
    loader: 'a rule needs a severity',
    server: 'should have at least 2 properties',
  },
  {
    spec: 'rules: [{ name: startup-missing, fix: Never }, { name: startup-missing, severity: Info }]',
    path: 'spec.rules',
    loader: 'only once',
    server: 'only once',
  },
  {
    spec: 'endpoints: [{ verdict: Process }]',
    path: 'spec.endpoints[0]',
    loader: 'needs an image, a path, a command or a port',
    server: 'needs an image, a path, a command or a port',
  },
  {
    spec: 'endpoints: [{ path: /a, command: b, verdict: Process }]',
    path: 'spec.endpoints[0]',
    loader: 'a path or a command',
    server: 'a path or a command',
  },
  {
    spec: 'endpoints: [{ path: /a, verdict: process }]',
    path: 'spec.endpoints[0].verdict',
    loader: 'Did you mean "Process"?',
    server: 'supported values',
  },
  {
    spec: 'endpoints: [{ path: /a, verdict: Process, dependencies: [{ name: db }] }]',
    path: 'spec.endpoints[0]',
    loader: 'has the verdict Dependency',
    server: 'has the verdict Dependency',
  },
  {
    spec: 'endpoints: [{ path: /a, verdict: Dependency, dependencies: [{ name: db, worstResponseSeconds: 0 }] }]',
    path: 'spec.endpoints[0].dependencies[0].worstResponseSeconds',
    loader: 'more than 0',
    server: 'greater than 0',
  },
  {
    spec: `endpoints: [{ path: "${'*'.repeat(257)}", verdict: Process }]`,
    path: 'spec.endpoints[0].path',
    loader: 'longer than 256',
    server: 'may not be more than 256',
  },
  {
    spec: 'endpoints: [{ path: "", verdict: Process }]',
    path: 'spec.endpoints[0].path',
    loader: 'empty',
    server: 'at least 1 chars long',
  },
  {
    spec: 'exemptions: [{ names: [a] }]',
    path: 'spec.exemptions[0].reason',
    loader: 'missing',
    server: 'spec.exemptions[0].reason: Required value',
  },
  {
    spec: 'exemptions: [{ names: [a], reason: "  " }]',
    path: 'spec.exemptions[0].reason',
    loader: 'needs a reason',
    server: 'needs a reason',
  },
  {
    spec: 'exemptions: [{ reason: because }]',
    path: 'spec.exemptions[0]',
    loader: 'at least one of namespaces',
    server: 'at least one of namespaces',
  },
  {
    spec: 'exemptions: [{ rules: [startup-mising], reason: because }]',
    path: 'spec.exemptions[0].rules[0]',
    loader: 'Did you mean "startup-missing"?',
    server: 'neither a rule nor a glob',
  },
  {
    spec: 'exemptions: [{ names: [], reason: because }]',
    path: 'spec.exemptions[0].names',
    loader: 'this list is empty',
    server: 'at least 1 items',
  },
  {
    spec: 'exemptions: [{ names: [a], reason: because, expires: soon }]',
    path: 'spec.exemptions[0].expires',
    loader: 'RFC 3339',
    server: 'should match',
  },
  {
    spec: 'exemptions: [{ names: [a], reason: because, expires: "2027-02-30" }]',
    path: 'spec.exemptions[0].expires',
    loader: 'RFC 3339',
    server: 'spec.exemptions[0].expires',
  },
  {
    spec: 'namespaceSelector: { matchExpressions: [{ key: a, operator: In }] }',
    path: 'spec.namespaceSelector.matchExpressions[0]',
    loader: 'need values',
    server: 'need values',
  },
  {
    spec: 'namespaceSelector: { matchLabel: { a: b } }',
    path: 'spec.namespaceSelector.matchLabel',
    loader: 'Did you mean "matchLabels"?',
    server: 'unknown field',
  },
  {
    spec: 'workloads: [{ group: apps, kind: Deployment, podSpecPath: spec }]',
    path: 'spec.workloads[0]',
    loader: 'knows this kind already',
    server: 'knows this kind already',
  },
  {
    spec: 'workloads: [{ group: example.com/v1, kind: Pair, podSpecPath: spec }]',
    path: 'spec.workloads[0].group',
    loader: 'without a version',
    server: 'should match',
  },
  {
    spec: 'workloads: [{ group: example.com, kind: Pair, podSpecPath: "{.spec}" }]',
    path: 'spec.workloads[0].podSpecPath',
    loader: 'dots between them',
    server: 'should match',
  },
  { spec: 'overrides: All', path: 'spec.overrides', loader: 'must be Any, Tighten or None', server: 'supported values' },
];
