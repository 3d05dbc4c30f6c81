const AUTHORITY = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** Values other than the chart's own, every one of them in some case: what is rendered with them has to be accepted. */
export const CHANGED_VALUES: readonly (readonly [string, object])[] = [
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
    ['a scan and an audit', { scan: { enabled: true, intervalSeconds: 300 }, audit: { suspend: false, schedule: '@daily', args: ['--all'] } }],
  ['no audit', { audit: { create: false } }],
  ['a dashboard', { metrics: { dashboard: { enabled: true, labels: { grafana_dashboard: 'yes' } } } }],
  ['other resources and contexts', {
    resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '2Gi' } },
    podSecurityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 },
    securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['NET_RAW'] }, allowPrivilegeEscalation: false },
    resourceQuota: { pods: 7 },
    image: { repository: 'registry.example.com/probewise', tag: '9.9.9' },
  }],
  ['network policy', { networkPolicy: { enabled: true, apiServerPorts: [6443], metricsFrom: [{ namespaceSelector: {} }] } }],
];
