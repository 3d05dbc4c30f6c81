import { join } from 'node:path';
import { inject } from 'vitest';
import { until } from '../../control-plane/harness/until.ts';
import type { Api } from './api.ts';
import { ask, type Outcome } from './asking.ts';
import { apply, helm, kubectl, tryHelm, tryKubectl } from './run.ts';
import { CANARY, NAMESPACE, policy, PROBEWISE } from './workloads.ts';

export const CHART = join(import.meta.dirname, '../../../charts/probewise');
export const RELEASE = 'probewise';

/** Values that make the chart run the image that is to be tested. */
export function imageValues(image: string): string[] {
  const at = image.lastIndexOf(':');
  return [`--set=image.repository=${image.slice(0, at)}`, `--set-string=image.tag=${image.slice(at + 1)}`];
}

/** Installs the chart, or brings an installation back to these values. Resolves when its replicas are ready. */
export async function install(...flags: readonly string[]): Promise<void> {
  const image = imageValues(inject('image'));
  await helm([
    'upgrade',
    '--install',
    RELEASE,
    CHART,
    '-n',
    PROBEWISE,
    '--create-namespace',
    '--wait',
    '--timeout=4m',
    ...image,
    ...flags,
  ]);
}

/** The policy `default` with this spec, and no other; then waits until that is what a bad Deployment meets. */
export async function enforce(api: Api, mode: 'Warn' | 'Enforce', spec: object = {}): Promise<void> {
  await removeOtherPolicies();
  await apply(policy('default', { mode, ...spec }));
  await untilAsked(api, mode === 'Warn' ? 'warned' : 'denied');
}

/** Twenty times in a row: every replica has to have heard of it. */
export const untilAsked = (api: Api, outcome: Outcome, seconds = 60): Promise<true> =>
  until(
    `a bad Deployment to be ${outcome}`,
    async () => {
      for (let times = 0; times < 20; times += 1) if ((await ask(api)).outcome !== outcome) return false;
      return true;
    },
    seconds,
  );

async function removeOtherPolicies(): Promise<void> {
  const names = await kubectl(['get', 'clusterprobepolicies', '-o', 'name']);
  const others = names.split('\n').filter((name) => name !== '' && !name.endsWith('/default'));
  if (others.length > 0) await kubectl(['delete', ...others]);
}

/** An empty namespace for the tests, without annotations. */
export async function freshNamespace(name: string = NAMESPACE): Promise<void> {
  await kubectl(['delete', 'namespace', name, '--ignore-not-found']);
  await kubectl(['create', 'namespace', name]);
}

/** Names of Probewise's pods that are ready, with their nodes. */
export async function readyPods(): Promise<readonly { readonly name: string; readonly node: string }[]> {
  const template =
    '{range .items[*]}{.metadata.name} {.spec.nodeName} {.metadata.deletionTimestamp}|{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}';
  const { stdout } = await tryKubectl([
    '-n',
    PROBEWISE,
    'get',
    'pods',
    '-l',
    'app.kubernetes.io/component=webhook',
    '-o',
    `jsonpath=${template}`,
  ]);
  return stdout.split('\n').flatMap((line) => {
    const [, name, node] = /^(\S+) (\S+) \|True$/.exec(line) ?? [];
    return name === undefined || node === undefined ? [] : [{ name, node }];
  });
}

/** Nothing of an earlier installation, nor of what it left. */
export async function removeAll(): Promise<void> {
  await tryHelm(['uninstall', RELEASE, '-n', PROBEWISE, '--wait']);
  await kubectl(['delete', 'namespace', PROBEWISE, CANARY, '--ignore-not-found']);
  await kubectl(['delete', 'crd', 'clusterprobepolicies.probewise.dev', '--ignore-not-found']);
}

/** What a pod's `/metrics` says. */
export const metricsOf = (pod: string): Promise<string> =>
  kubectl(['get', '--raw', `/api/v1/namespaces/${PROBEWISE}/pods/${pod}:9090/proxy/metrics`]);
