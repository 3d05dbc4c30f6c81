import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isObject, list, property } from '../../src/core/json.ts';
import { cli } from './environment.ts';
import { folderWith, IMPATIENT, UNDECLARED_PORT } from './temporary.ts';

/** The report of `lint -o json`. */
async function report(stdin: string, ...options: readonly string[]) {
  const { stdout, stderr, code } = await cli(['lint', '-o', 'json', ...options, '-'], { stdin });
  const parsed: unknown = JSON.parse(stdout);
  const results = list(property(parsed, 'results'));
  return { code, stderr, results, summary: property(parsed, 'summary'), skipped: list(property(parsed, 'skipped')) };
}

const rulesOf = (result: unknown): unknown[] => list(property(result, 'findings')).map((finding) => property(finding, 'rule'));
const linesOf = (result: unknown): unknown[] => list(property(result, 'findings')).map((finding) => property(finding, 'line'));

describe('exit codes', () => {
  it('is 1 for an Error, and 0 where only worse would fail the run', async () => {
    expect((await cli(['lint', '-'], { stdin: UNDECLARED_PORT })).code).toBe(1);
    expect((await cli(['lint', '--fail-on', 'never', '-'], { stdin: UNDECLARED_PORT })).code).toBe(0);
    expect((await cli(['lint', '-'], { stdin: IMPATIENT })).code).toBe(0);
    expect((await cli(['lint', '--fail-on', 'warning', '-'], { stdin: IMPATIENT })).code).toBe(1);
  });

  it('is 2 where something cannot be read, and the rest is judged all the same', async () => {
    const folder = await folderWith({ 'a.yaml': 'apiVersion: v1\nkind: Pod\nspec: [\n', 'b.yaml': IMPATIENT });
    const { code, stdout, stderr } = await cli(['lint', folder]);
    expect(code).toBe(2);
    expect(stdout).toContain('liveness-timeout');
    expect(stderr).toContain(`${join(folder, 'a.yaml')}:4:1: cannot be read as YAML: `);
  });

  it('is 1 where a finding fails the run, whatever else cannot be read', async () => {
    const folder = await folderWith({ 'a.yaml': 'apiVersion: v1\nkind: Pod\nspec: [\n', 'b.yaml': UNDECLARED_PORT });
    expect((await cli(['lint', folder])).code).toBe(1);
  });

  it('is 2 for a file that is not there', async () => {
    const { code, stderr } = await cli(['lint', 'no/such/file.yaml']);
    expect(code).toBe(2);
    expect(stderr).toBe('error: no/such/file.yaml: no such file or directory\n');
  });

  it('is 0, with a note, where there is no workload', async () => {
    const { code, stderr, stdout } = await cli(['lint', '-'], { stdin: 'apiVersion: v1\nkind: ConfigMap\n' });
    expect(code).toBe(0);
    expect(stderr).toBe('note: no workload was found in the input\n');
    expect(stdout).toBe('1 file, 0 workloads: nothing was judged\n');
  });
});

describe('input', () => {
  it('is YAML of several documents, with the line and number of each', async () => {
    const { results } = await report(`# first\n---\n${UNDECLARED_PORT}---\n${IMPATIENT}`);
    expect(results.map((result) => [property(result, 'document'), property(result, 'line'), property(result, 'kind')])).toEqual([
      [1, 3, 'Pod'],
      [2, 15, 'Deployment'],
    ]);
    expect(results.map(linesOf)).toEqual([[12], [25]]);
  });

  it('may have Windows line breaks and a byte order mark', async () => {
    const { results } = await report(`\uFEFF${UNDECLARED_PORT.replaceAll('\n', '\r\n')}`);
    expect(linesOf(results[0])).toEqual([10]);
    const { stdout } = await cli(['lint', '-'], { stdin: UNDECLARED_PORT.replaceAll('\n', '\r\n') });
    expect(stdout).not.toContain('\r');
  });

  it('is JSON too, with positions', async () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'web', readinessProbe: { tcpSocket: { port: 'http' } } }] },
    };
    const { results } = await report(JSON.stringify(object, null, '\t'));
    expect(results.map(rulesOf)).toEqual([['probe-port-undeclared']]);
    expect(linesOf(results[0])).toEqual([13]);
  });

  it('is a List, or a list of one kind whose items leave out what they are', async () => {
    const pod = UNDECLARED_PORT.split('\n').slice(2).join('\n    ');
    const { results } = await report(`apiVersion: v1\nkind: PodList\nitems:\n  - ${pod}`);
    expect(results.map((result) => [property(result, 'kind'), property(result, 'name'), rulesOf(result)])).toEqual([
      ['Pod', 'web', ['probe-port-undeclared']],
    ]);
    expect(linesOf(results[0])).toEqual([11]);
  });

  it('may use anchors, aliases and merge keys; a finding points at the text that is shared', async () => {
    const { results } = await report(`apiVersion: v1
kind: Pod
spec:
  containers:
    - name: a
      readinessProbe: &probe
        tcpSocket: { port: http }
        timeoutSeconds: 5
    - name: b
      readinessProbe:
        <<: *probe
    - name: c
      readinessProbe: *probe
`);
    expect(linesOf(results[0])).toEqual([7, 7, 7]);
  });

  it('is told when its aliases grow without bound', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `  a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`,
    );
    const { code, skipped } = await report(`apiVersion: v1\nkind: Pod\nspec:\n  a0: &a0 [x]\n${levels.join('\n')}\n`);
    expect(code).toBe(2);
    expect(property(skipped[0], 'message')).toContain('Excessive alias count');
  });

  it('is searched for in directories, without node_modules and .git', async () => {
    const folder = await folderWith({
      'deep/er/a.yml': IMPATIENT,
      'b.json': '{ "name": "something else" }',
      'c.txt': UNDECLARED_PORT,
      'node_modules/d.yaml': UNDECLARED_PORT,
      '.git/e.yaml': UNDECLARED_PORT,
    });
    const { code, stdout } = await cli(['lint', folder]);
    expect(code).toBe(0);
    expect(stdout).toContain('1 file (1 more is not Kubernetes), 1 workload: 1 warning; 1 can be fixed by `probewise fix`\n');
  });

  it('names a Helm template once, with the way out', async () => {
    const template =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n  labels: {{- include "x" . | nindent 4 }}\n';
    const folder = await folderWith({ 'chart/templates/a.yaml': template, 'chart/templates/b.yaml': template });
    const { code, stderr } = await cli(['lint', folder]);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(
      `and 1 more are Helm templates, not a manifest; render it first: helm template ${join(folder, 'chart')} | `,
    );
    expect(stderr).toContain('probewise lint -');
  });

  it('finds a Helm template that happens to be YAML, and leaves other braces in peace', async () => {
    const quoted = UNDECLARED_PORT.replace('name: web\n', 'name: "{{ .Values.name }}"\n');
    expect((await report(quoted)).skipped).toHaveLength(1);
    const vault = UNDECLARED_PORT.replace(
      'name: web\n',
      'name: web\n  annotations: { a: "{{- with secret `x` -}}{{ .Data.y }}" }\n',
    );
    expect((await report(vault)).skipped).toEqual([]);
  });

  it('may hold what has the wrong shape: told with its position, and the rest is judged', async () => {
    const { code, skipped, results } = await report(`${UNDECLARED_PORT}    - name: x\n      livenessProbe: [1]\n`);
    expect(code).toBe(1);
    expect(skipped).toEqual([
      { file: '-', line: 13, column: 7, message: 'Pod "web": spec.containers[1].livenessProbe must be an object' },
    ]);
    expect(results.map(rulesOf)).toEqual([['probe-port-undeclared']]);
    const map = await report('apiVersion: v1\nkind: Pod\nspec:\n  containers: { a: 1 }\n');
    expect(map.code).toBe(2);
    expect(property(map.skipped[0], 'message')).toBe('Pod "": spec.containers must be a list');
  });

  it('may hold a probe that calls nothing: told with its position, exit code 2', async () => {
    const { code, skipped } = await report(IMPATIENT.replace('tcpSocket: { port: 8080 }', 'tcpsocket: { port: 8080 }'));
    expect(code).toBe(2);
    expect(skipped).toEqual([
      {
        file: '-',
        line: 11,
        column: 11,
        message: expect.stringContaining('livenessProbe has no handler: httpGet, tcpSocket, grpc or exec'),
      },
    ]);
  });

  it('may repeat a key: the last one counts, and a note says where', async () => {
    const repeated = IMPATIENT.replace('failureThreshold: 30', 'timeoutSeconds: 1\n            timeoutSeconds: 5');
    const { stderr, results } = await report(repeated);
    expect(stderr).toBe('note: <stdin>:14:13: "timeoutSeconds" stands in this map before: the last one counts, as for kubectl\n');
    expect(results.flatMap(rulesOf)).not.toContain('liveness-timeout');
  });

  it('may write numbers as YAML 1.1 does', async () => {
    const { results } = await report(
      IMPATIENT.replace('failureThreshold: 30', 'failureThreshold: 036\n            timeoutSeconds: 0o5'),
    );
    expect(results.flatMap(rulesOf)).toEqual([]);
  });

  it('never ends in a stack trace', async () => {
    const odd = [
      '',
      '\0',
      '[',
      'a: *b',
      '!!map x',
      '%YAML 9\n---\na',
      '- - -',
      '{"a":',
      'apiVersion: v1\nkind: Pod\nspec: 7',
      '? {a: b}\n: c',
      '__proto__: 1',
    ];
    for (const stdin of odd) {
      const { code, stderr } = await cli(['lint', '-'], { stdin });
      expect([0, 2], stdin).toContain(code);
      expect(stderr, stdin).not.toMatch(/\n\s+at |internal error/);
    }
  });
});

describe('namespaces', () => {
  const namespace = (annotation: string) =>
    `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: tools, annotations: { ${annotation} } }\n`;

  it('count where they stand in the same input, even behind the workload', async () => {
    const off = namespace('rule.probewise.dev/probe-port-undeclared: "Off"');
    expect((await report(UNDECLARED_PORT + off, '-n', 'tools')).results.map(rulesOf)).toEqual([[]]);
    expect((await report(UNDECLARED_PORT + off)).results.map(rulesOf)).toEqual([['probe-port-undeclared']]);
  });

  it('are told what is wrong with their annotations', async () => {
    const { stderr } = await report(UNDECLARED_PORT + namespace('probewise.dev/mode: "Sometimes"'), '-n', 'tools');
    expect(stderr).toMatch(/^note: namespace "tools": .*Sometimes/);
  });

  it('with an override that kubectl reads as a boolean are told to put it in quotes', async () => {
    const { code, skipped } = await report(
      IMPATIENT + namespace('rule.probewise.dev/liveness-timeout: Off, other: yes'),
      '-n',
      'tools',
    );
    expect(code).toBe(2);
    expect(skipped).toEqual([
      {
        file: '-',
        line: 18,
        column: 41,
        message: 'the annotation rule.probewise.dev/liveness-timeout must be text: put its value in quotes',
      },
    ]);
  });

  it('of an object that names none is the one of -n, or default', async () => {
    expect(property((await report(UNDECLARED_PORT)).results[0], 'namespace')).toBe('default');
    expect(property((await report(UNDECLARED_PORT, '-n', 'x')).results[0], 'namespace')).toBe('x');
  });
});

describe('a script from a ConfigMap of the same input', () => {
  const configMap = (namespace: string): string => `---
apiVersion: v1
kind: ConfigMap
metadata: { name: scripts${namespace} }
data: { live.sh: "pg_isready -h orders-db" }
`;
  const workload = `---
apiVersion: v1
kind: Pod
metadata: { name: shop }
spec:
  volumes: [{ name: scripts, configMap: { name: scripts } }]
  containers:
    - name: shop
      image: example/shop:1
      volumeMounts: [{ name: scripts, mountPath: /scripts }]
      livenessProbe: { exec: { command: [sh, /scripts/live.sh] } }
`;

  it('is read where the workload mounts it', async () => {
    expect((await report(workload + configMap(''))).results.flatMap(rulesOf)).toContain('liveness-dependency');
    expect((await report(workload)).results.flatMap(rulesOf)).not.toContain('liveness-dependency');
  });

  it('is not taken from another namespace', async () => {
    expect((await report(workload + configMap(', namespace: tools'))).results.flatMap(rulesOf)).not.toContain(
      'liveness-dependency',
    );
  });
});

describe('a policy', () => {
  const policy = `apiVersion: probewise.dev/v1alpha1
kind: ClusterProbePolicy
metadata: { name: p }
spec:
  rules: [{ name: probe-port-undeclared, severity: Info }]
  workloads: [{ group: example.com, kind: App, podSpecPath: spec.pod }]
`;

  it('comes from a file, and may add kinds', async () => {
    const folder = await folderWith({ 'policy.yaml': policy });
    const app = `apiVersion: example.com/v1\nkind: App\nspec:\n  pod:\n${UNDECLARED_PORT.split('\n')
      .slice(5)
      .map((line) => `  ${line}`)
      .join('\n')}`;
    const { results } = await report(`${UNDECLARED_PORT}---\n${app}`, '--policy', join(folder, 'policy.yaml'));
    expect(results.map((result) => list(property(result, 'findings')).map((finding) => property(finding, 'severity')))).toEqual([
      ['info'],
      ['info'],
    ]);
  });

  it('in the input itself is not applied, and a note says so', async () => {
    const { stderr, results } = await report(`${UNDECLARED_PORT}---\n${policy}`);
    expect(stderr).toBe('note: <stdin>: a ClusterProbePolicy in the input is not applied; --policy FILE does that\n');
    expect(results.map(rulesOf)).toEqual([['probe-port-undeclared']]);
  });

  it('that is wrong is refused with file, line and what was meant', async () => {
    const folder = await folderWith({ 'policy.yaml': policy.replace('probe-port-undeclared', 'probe-port-undeclard') });
    const { code, stdout, stderr } = await cli(['lint', '--policy', join(folder, 'policy.yaml'), '-'], { stdin: IMPATIENT });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .*policy\.yaml:5:\d+: .*probe-port-undeclared/);
  });
});

describe('the JSON report', () => {
  it('has the fields that tools build on', async () => {
    const { results, summary } = await report(IMPATIENT);
    const [result] = results;
    expect(isObject(result) && Object.keys(result)).toEqual([
      'file',
      'document',
      'line',
      'apiVersion',
      'kind',
      'namespace',
      'name',
      'findings',
    ]);
    expect(list(property(result, 'findings'))[0]).toMatchObject({
      rule: 'liveness-timeout',
      severity: 'warning',
      confidence: 'high',
      verdict: 'process',
      container: 'shop',
      probe: 'livenessProbe',
      path: '/spec/template/spec/containers/0/livenessProbe/timeoutSeconds',
      line: 11,
      message: expect.stringContaining('container "shop"'),
      evidence: expect.stringMatching(/./),
      remedy: expect.stringMatching(/\.$/),
      docs: 'probewise explain liveness-timeout',
      fix: {
        safe: true,
        edits: [{ op: 'set', path: '/spec/template/spec/containers/0/livenessProbe/timeoutSeconds', value: 5 }],
      },
    });
    expect(summary).toEqual({ files: 1, notKubernetes: 0, workloads: 1, errors: 0, warnings: 1, infos: 0, fixable: 1 });
  });

  it('links the pages about rules where an address is given', async () => {
    const { results } = await report(IMPATIENT, '--docs-url', 'https://example.com/rules/');
    expect(property(list(property(results[0], 'findings'))[0], 'docs')).toBe('https://example.com/rules/liveness-timeout');
  });
});
