/** What an API server sends: a Pod of about 4 KB that is created, and a Deployment of which the update sends both sides, about 20 KB. */
export interface Load {
  readonly name: string;
  readonly path: '/mutate' | '/validate';
  readonly body: string;
}

const probe = (path: string, more: object = {}) => ({
  httpGet: { path, port: 'http', scheme: 'HTTP' },
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
  ...more,
});

const container = (name: string, variables: number) => ({
  name,
  image: `registry.example.com/shop/${name}:1.27.3`,
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  env: Array.from({ length: variables }, (_, index) => ({ name: `SETTING_${index}`, value: `value-of-setting-${index}` })),
  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
  livenessProbe: probe('/livez'),
  readinessProbe: probe('/readyz'),
  volumeMounts: [{ name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }],
  imagePullPolicy: 'IfNotPresent',
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
});

const podSpec = (containers: number, variables: number) => ({
  containers: Array.from({ length: containers }, (_, index) => container(`app-${index}`, variables)),
  restartPolicy: 'Always',
  serviceAccountName: 'shop',
  tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
});

const metadata = { name: 'shop', namespace: 'shop', labels: { app: 'shop' }, creationTimestamp: null };

const deployment = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { ...metadata, generation: 7, uid: 'a3e1c0de-0000-4000-8000-000000000001' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'shop' } },
    template: { metadata: { labels: { app: 'shop', image } }, spec: podSpec(3, 40) },
  },
});

const review = (kind: object, operation: string, objects: object): string =>
  JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind,
      operation,
      name: 'shop',
      namespace: 'shop',
      userInfo: { username: 'anna', groups: ['system:authenticated'] },
      dryRun: false,
      options: { apiVersion: 'meta.k8s.io/v1', kind: 'CreateOptions' },
      ...objects,
    },
  });

export const LOADS: readonly Load[] = [
  {
    name: 'Pod, created',
    path: '/mutate',
    body: review({ group: '', version: 'v1', kind: 'Pod' }, 'CREATE', {
      object: { apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec(2, 15) },
      oldObject: null,
    }),
  },
  {
    name: 'Deployment, updated',
    path: '/validate',
    body: review({ group: 'apps', version: 'v1', kind: 'Deployment' }, 'UPDATE', {
      object: deployment('new'),
      oldObject: deployment('old'),
    }),
  },
];
