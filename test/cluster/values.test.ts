import { beforeAll, describe, expect, it } from 'vitest';
import { install } from './harness/installation.ts';
import { helm, tryKubectl } from './harness/run.ts';
import { CHART, RELEASE } from './harness/installation.ts';
import { PROBEWISE } from './harness/workloads.ts';

beforeAll(async () => {
  await install();
});

const AUTHORITY = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
/** Kinds that this cluster may not have: they are rendered, and left out of the dry run. */
const ELSEWHERE = /^apiVersion: (cert-manager\.io|monitoring\.coreos\.com)\//m;

describe('the real API server accepts what the chart renders', () => {
  it.each<[string, object]>([
    ['as it comes', {}],
    [
      'names',
      {
        fullnameOverride: 'guard',
        nameOverride: 'probes',
        commonLabels: { team: 'sre' },
        commonAnnotations: { 'example.com/a': 'b' },
      },
    ],
    [
      'the pods',
      {
        replicaCount: 3,
        revisionHistoryLimit: 1,
        image: { digest: `sha256:${'0'.repeat(64)}`, pullPolicy: 'Always' },
        imagePullSecrets: [{ name: 'registry' }],
        logLevel: 'debug',
        docsUrl: 'https://docs.example.com',
        extraArgs: ['--address=::'],
        podAnnotations: { a: 'b' },
        podLabels: { c: 'd' },
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        tolerations: [{ operator: 'Exists' }],
        affinity: { nodeAffinity: {} },
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
        ],
        dnsPolicy: 'Default',
        strategy: { type: 'Recreate' },
        shutdownDelaySeconds: 0,
        resources: { requests: { cpu: '1' } },
        priorityClassName: '',
      },
    ],
    ['availability', { podDisruptionBudget: { maxUnavailable: '50%' }, resourceQuota: { create: false } }],
    ['without a budget', { podDisruptionBudget: { enabled: false } }],
    [
      'the webhooks',
      {
        webhook: { port: 8443, timeoutSeconds: 5, failurePolicy: 'Fail', annotations: { a: 'b' }, labels: { c: 'd' } },
        service: { port: 8443, annotations: { a: 'b' } },
        excludedNamespaces: ['legacy'],
        controllerAccounts: ['system:serviceaccount:ops:operator', 'system:serviceaccount:mesh:*'],
      },
    ],
    ['platforms', { hostNetwork: true, openshift: true, aks: true }],
    ['a Secret that is brought', { certificates: { mode: 'secret', secret: { name: 'mine', caBundle: AUTHORITY } } }],
    ['cert-manager', { certificates: { mode: 'cert-manager' } }],
    [
      'cert-manager with an issuer',
      {
        certificates: {
          mode: 'cert-manager',
          certManager: { issuerRef: { name: 'ca', kind: 'ClusterIssuer' }, duration: '24h', renewBefore: '8h' },
        },
      },
    ],
    ['a canary elsewhere', { canary: { namespace: 'default', createNamespace: false } }],
    ['no canary', { canary: { enabled: false } }],
    ['no kind, no policy', { crds: { install: false }, policy: { create: false } }],
    [
      'another policy',
      {
        policy: { name: 'strict', mode: 'Enforce', profile: 'Resilient', patch: 'Pods', extraSpec: { priority: 5 } },
        crds: { keep: false },
      },
    ],
    ['an account that is brought', { serviceAccount: { create: false, name: 'default' }, rbac: { create: false } }],
    ['an account by another name', { serviceAccount: { name: 'guard', annotations: { a: 'b' } } }],
    [
      'monitoring',
      {
        metrics: {
          port: 9091,
          service: { annotations: { a: 'b' } },
          serviceMonitor: { enabled: true, interval: '1m', labels: { r: 'p' } },
          prometheusRule: { enabled: true, labels: { r: 'p' }, runbookUrl: 'https://docs.example.com/runbooks' },
        },
      },
    ],
    ['network policy', { networkPolicy: { enabled: true, apiServerPorts: [6443], metricsFrom: [{ namespaceSelector: {} }] } }],
  ])('with %s', async (_name, values) => {
    // By another name, so that they are created and not merged into what is installed.
    const input = JSON.stringify({ fullnameOverride: 'rendered', ...values });
    const flags = ['--no-hooks', '--kube-version', '1.35.0', '-n', PROBEWISE, '-f', '-'];
    const rendered = await helm(['template', RELEASE, CHART, ...flags], input);
    const known = rendered.split(/^---$/m).filter((document) => !ELSEWHERE.test(document));
    const { code, stderr } = await tryKubectl(
      ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-'],
      known.join('---\n'),
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});
