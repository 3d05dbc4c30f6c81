/** What an API server sends, in four sizes. Each is what the door is there for: patched, denied, patched, judged on both sides. */
export interface Body {
  readonly name: string;
  readonly path: '/mutate' | '/validate';
  readonly json: string;
}

const httpProbe = (path: string, more: object = {}) => ({
  httpGet: { path, port: 'http', scheme: 'HTTP' },
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
  ...more,
});

const execProbe = (command: readonly string[]) => ({
  exec: { command },
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
});

interface ContainerOptions {
  readonly variables: number;
  readonly livenessProbe?: object;
}

export const container = (name: string, { variables, livenessProbe = httpProbe('/livez') }: ContainerOptions) => ({
  name,
  image: `registry.example.com/shop/${name}:1.27.3`,
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  env: Array.from({ length: variables }, (_, index) => ({ name: `SETTING_${index}`, value: `value-of-setting-${index}` })),
  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
  livenessProbe,
  readinessProbe: httpProbe('/readyz'),
  volumeMounts: [{ name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }],
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
});

const podSpec = (count: number, options: ContainerOptions) => ({
  volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }] } }],
  containers: Array.from({ length: count }, (_, index) => container(`app-${index}`, options)),
  restartPolicy: 'Always',
  serviceAccountName: 'shop',
  tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
});

const metadata = { name: 'shop', namespace: 'shop', labels: { app: 'shop', team: 'payments' } };

/** Who set which field, as server-side apply and `kubectl edit` leave it behind: a third of what a real update sends. */
const managedFields = (count: number) =>
  ['kubectl-client-side-apply', 'kubectl-edit', 'kube-controller-manager'].map((manager) => ({
    manager,
    operation: 'Update',
    apiVersion: 'apps/v1',
    time: '2026-02-03T10:11:12Z',
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:spec': {
        'f:template': {
          'f:spec': {
            'f:containers': Object.fromEntries(
              Array.from({ length: count }, (_, index) => [
                `k:{"name":"app-${index}"}`,
                {
                  '.': {},
                  'f:image': {},
                  'f:imagePullPolicy': {},
                  'f:livenessProbe': { 'f:httpGet': { 'f:path': {}, 'f:port': {}, 'f:scheme': {} }, 'f:timeoutSeconds': {} },
                  'f:env': Object.fromEntries(
                    Array.from({ length: 28 }, (__, variable) => [
                      `k:{"name":"SETTING_${variable}"}`,
                      { '.': {}, 'f:name': {}, 'f:value': {} },
                    ]),
                  ),
                },
              ]),
            ),
          },
        },
      },
    },
  }));

function deployment(spec: object, more: object = {}, templateLabels: object = {}) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, ...more },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'shop' } },
      template: { metadata: { labels: { app: 'shop', ...templateLabels } }, spec },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    },
  };
}

function review(group: string, kind: string, operation: string, objects: object): string {
  const resource = `${kind.toLowerCase()}s`;
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group, version: 'v1', kind },
      resource: { group, version: 'v1', resource },
      requestKind: { group, version: 'v1', kind },
      requestResource: { group, version: 'v1', resource },
      name: 'shop',
      namespace: 'shop',
      operation,
      userInfo: { username: 'anna', groups: ['developers', 'system:authenticated'] },
      ...objects,
      dryRun: false,
      options: { kind: `${operation === 'CREATE' ? 'Create' : 'Update'}Options`, apiVersion: 'meta.k8s.io/v1' },
    },
  });
}

const pod = (containers: number, variables: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec: podSpec(containers, { variables }),
});

const updated = (revision: string) =>
  deployment(
    podSpec(3, { variables: 28 }),
    { generation: 7, uid: 'a3e1c0de-0000-4000-8000-000000000001', managedFields: managedFields(3) },
    { revision },
  );

export const BODIES: readonly Body[] = [
  {
    name: 'Pod created, 4 KB, patched',
    path: '/mutate',
    json: review('', 'Pod', 'CREATE', { object: pod(2, 12), oldObject: null }),
  },
  {
    name: 'Deployment created, 4 KB, denied',
    path: '/validate',
    json: review('apps', 'Deployment', 'CREATE', {
      object: deployment(podSpec(2, { variables: 9, livenessProbe: execProbe(['pg_isready', '-h', 'db']) })),
      oldObject: null,
    }),
  },
  {
    name: 'Pod created, 20 KB, patched',
    path: '/mutate',
    json: review('', 'Pod', 'CREATE', { object: pod(4, 75), oldObject: null }),
  },
  {
    name: 'Deployment updated, 53 KB, warned about',
    path: '/validate',
    json: review('apps', 'Deployment', 'UPDATE', { object: updated('2'), oldObject: updated('1') }),
  },
];
