import { createEngine } from '../../../src/core/evaluate.ts';
import { defineRule, type Rule, type Severity } from '../../../src/core/rule.ts';

/** A rule that finds the same in every liveness probe, so that what is tested is how it is shown. */
const always = (id: string, severity: Severity): Rule =>
  defineRule({
    id,
    summary: 'A test passes.',
    remedy: 'Do this, then that.',
    why: 'For tests.',
    fields: 'containers[*].livenessProbe',
    allowed: 'nothing',
    since: '0.1',
    severity,
    fixable: severity === 'Warning',
    *check({ probes }) {
      for (const { container, field, at, verdict } of probes('livenessProbe')) {
        yield {
          container,
          field,
          at: severity === 'Warning' ? [...at, 'timeoutSeconds'] : at,
          severity,
          message: `container "${container.name}": livenessProbe says <100% & "more">`,
          verdict,
          ...(severity === 'Warning' && { edits: [{ op: 'set', at: [...at, 'timeoutSeconds'], value: 5 }] }),
        };
      }
    },
  });

const rules = [always('first-rule', 'Error'), always('second-rule', 'Warning'), always('third-rule', 'Info')];

export const evaluate = createEngine(rules, () => ({ asks: 'unknown', confidence: 'low', evidence: 'It cannot be told.' }));

export const MANIFEST = `# Two workloads, one of them on one line.
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop, namespace: sales }
spec:
  template:
    spec:
      containers:
        - name: shop
          livenessProbe:
            httpGet: { path: /x, port: 1 }
            timeoutSeconds: 1 # too short
---
{ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "${'long-'.repeat(30)}" }, "spec": { "containers": [{ "name": "a\\u001b[31m", "livenessProbe": { "tcpSocket": { "port": 1 } } }] } }
---
apiVersion: v1
kind: Pod
metadata: { name: fine }
spec: { containers: [{ name: fine }] }
---
kind: [
`;
