import { describe, expect, it } from 'vitest';
import { containersOf, readWorkload } from '../../src/core/workload.ts';
import { WORKLOAD_KINDS } from '../../src/core/workload-kinds.ts';
import { classify } from '../../src/knowledge/classify.ts';
import { withMountedScripts } from '../../src/knowledge/mounted-scripts.ts';

const CONFIG_MAPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  probes: {
    'check.sh': '#!/bin/bash\nset -e\npg_isready -h db.example.com\n',
    'live.sh': '#!/bin/sh\nredis-cli ping\n',
    'check.py': 'import psycopg2\npsycopg2.connect("db")\n',
  },
};

function judge(command: readonly string[], mount: object, volume: object = { configMap: { name: 'probes' } }) {
  const spec = {
    containers: [
      { name: 'app', image: 'redis:7', livenessProbe: { exec: { command } }, volumeMounts: [{ name: 'v', ...mount }] },
    ],
    volumes: [{ name: 'v', ...volume }],
  };
  const read = readWorkload({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop' }, spec }, WORKLOAD_KINDS);
  if (read === undefined) throw new Error('a Pod was not read as a workload');
  const workload = withMountedScripts(read, (namespace, name) => (namespace === 'shop' ? CONFIG_MAPS[name] : undefined));
  const [found] = containersOf(workload);
  const handler = found?.container.livenessProbe?.handler;
  if (found === undefined || handler === undefined) throw new Error('the Pod has no liveness probe');
  return { verdict: classify(handler, found.container, found.pod, []), unchanged: workload === read };
}

describe('a script from a ConfigMap of the same input', () => {
  it.each([
    [['/probes/check.sh'], { mountPath: '/probes' }, {}],
    [['bash', '/probes/check.sh'], { mountPath: '/probes/' }, {}],
    [['sh', '-c', 'exec /probes/check.sh'], { mountPath: '/probes' }, {}],
    [['/health.sh'], { mountPath: '/health.sh', subPath: 'check.sh' }, {}],
    [['/p/a.sh'], { mountPath: '/p' }, { configMap: { name: 'probes', items: [{ key: 'check.sh', path: 'a.sh' }] } }],
    [['/p/check.sh'], { mountPath: '/p' }, { projected: { sources: [{ configMap: { name: 'probes' } }] } }],
    [['python3', '/probes/check.py'], { mountPath: '/probes' }, {}],
  ])('is read where the probe runs %j', (command, mount, volume) => {
    expect(judge(command, mount, Object.keys(volume).length > 0 ? volume : undefined).verdict).toMatchObject({
      asks: 'dependency',
      confidence: 'high',
    });
  });

  it('counts for what it does, not for its name', () => {
    expect(judge(['/probes/live.sh'], { mountPath: '/probes' }).verdict).toMatchObject({ asks: 'process', confidence: 'high' });
  });

  it('stays unknown where the input does not hold it', () => {
    const { verdict, unchanged } = judge(['/probes/check.sh'], { mountPath: '/probes' }, { configMap: { name: 'elsewhere' } });
    expect(verdict.asks).toBe('unknown');
    expect(unchanged).toBe(true);
  });
});
