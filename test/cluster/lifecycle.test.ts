import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Api, openApi } from './harness/api.ts';
import { ask } from './harness/asking.ts';
import { CHART, enforce, freshNamespace, imageValues, install, RELEASE, removeAll, untilAsked } from './harness/installation.ts';
import { helm, kubectl } from './harness/run.ts';
import { PROBEWISE } from './harness/workloads.ts';

let api: Api;
let folder: string;
beforeAll(async () => {
  api = await openApi();
  folder = await mkdtemp(join(tmpdir(), 'probewise-chart-'));
  await freshNamespace();
});
afterAll(async () => {
  await install();
  await rm(folder, { recursive: true, force: true });
  api.close();
});

/** The same chart, packaged as an earlier version. */
async function earlierChart(): Promise<string> {
  const copy = join(folder, 'earlier');
  await cp(CHART, copy, { recursive: true });
  const file = join(copy, 'Chart.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^version: .*$/m, 'version: 0.0.9'));
  const said = await helm(['package', copy, '-d', folder]);
  return /: (\S+\.tgz)/.exec(said)?.[1] ?? '';
}

/** All objects of the cluster that are ours, as `kind/name`. */
async function ours(): Promise<string[]> {
  const kinds = (await kubectl(['api-resources', '--verbs=list', '-o', 'name'])).trim().split('\n');
  const listable = kinds.filter((kind) => !/^(events|componentstatuses)/.test(kind)).join(',');
  const all = await kubectl([
    'get',
    listable,
    '-A',
    '-o',
    'jsonpath={range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name}{"\\n"}{end}',
  ]);
  return [...new Set(all.split('\n'))]
    .filter((line) => /probewise|probepolic/i.test(line))
    .filter((line) => !OTHERS.test(line))
    .sort();
}

/** The namespaces that we did not make, and what Kubernetes makes by itself: into every namespace, and for every kind. */
const OTHERS =
  /^(Namespace\/\/probewise(-test)?$|(ConfigMap|ServiceAccount)\/probewise(-test)?\/(kube-root-ca\.crt|default)$|(APIService|PodMetrics|ReplicaSet|Pod|Endpoints|EndpointSlice)\/)/;

describe('the life of an installation', () => {
  it('an upgrade, a rollback and another upgrade leave the policy as somebody made it, and enforcing', async () => {
    await removeAll();
    const image = imageValues(inject('image'));
    const flags = ['-n', PROBEWISE, '--wait', '--timeout=4m', ...image];
    await helm(['install', RELEASE, await earlierChart(), '--create-namespace', ...flags]);
    await enforce(api, 'Enforce', { thresholds: { livenessTimeoutSeconds: 7 } });

    await helm(['upgrade', RELEASE, CHART, ...flags]);
    expect(await ask(api)).toMatchObject({ outcome: 'denied' });
    await helm(['rollback', RELEASE, '1', '-n', PROBEWISE, '--wait']);
    expect(await ask(api)).toMatchObject({ outcome: 'denied' });
    await helm(['upgrade', RELEASE, CHART, ...flags]);
    expect(await ask(api)).toMatchObject({ outcome: 'denied' });
    const spec = await kubectl(['get', 'clusterprobepolicy', 'default', '-o', 'jsonpath={.spec.mode} {.spec.thresholds}']);
    expect(spec).toBe('Enforce {"livenessTimeoutSeconds":7}');
  });

  it('an uninstall leaves the kind and the policies, and the next installation takes them up', async () => {
    await helm(['uninstall', RELEASE, '-n', PROBEWISE, '--wait']);
    await kubectl(['wait', '--for=delete', 'namespace/probewise-canary', '--timeout=60s']).catch(() => '');
    expect(await ours()).toEqual(['ClusterProbePolicy//default', 'CustomResourceDefinition//clusterprobepolicies.probewise.dev']);
    expect(await ask(api)).toMatchObject({ outcome: 'unchecked' });
    await install();
    await untilAsked(api, 'denied', 60);
  });

  it('with crds.keep=false nothing is left', async () => {
    await install('--set=crds.keep=false');
    await helm(['uninstall', RELEASE, '-n', PROBEWISE, '--wait']);
    await kubectl(['wait', '--for=delete', 'namespace/probewise-canary', '--timeout=60s']).catch(() => '');
    await kubectl(['wait', '--for=delete', 'crd/clusterprobepolicies.probewise.dev', '--timeout=60s']).catch(() => '');
    expect(await ours()).toEqual([]);
  });
});
