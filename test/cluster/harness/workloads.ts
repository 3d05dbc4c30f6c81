/** Namespace of everything that the tests create. */
export const NAMESPACE = 'probewise-test';
export const PROBEWISE = 'probewise';
export const CANARY = 'probewise-canary';

interface DeploymentOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly livenessProbe?: unknown;
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly annotations?: Readonly<Record<string, string>>;
}

/** No image of this name exists: nothing of it ever runs. */
const IMAGE = 'localhost/nothing:1';

const ASKS_A_DATABASE = { exec: { command: ['pg_isready', '-h', 'database'] }, timeoutSeconds: 5, failureThreshold: 30 };
export const ASKS_ITSELF = { httpGet: { path: '/livez', port: 8080 }, timeoutSeconds: 5, failureThreshold: 30 };

/** A Deployment, StatefulSet or DaemonSet; as it comes, its liveness probe asks a database. */
export function workload({
  name = 'orders',
  namespace = NAMESPACE,
  livenessProbe = ASKS_A_DATABASE,
  kind = 'Deployment',
  annotations = {},
}: DeploymentOptions = {}) {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, annotations },
    spec: {
      ...(kind !== 'DaemonSet' && { replicas: 0 }),
      ...(kind === 'StatefulSet' && { serviceName: name }),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          // No node has this label.
          nodeSelector: { 'probewise.dev/nowhere': 'true' },
          containers: [{ name: 'app', image: IMAGE, livenessProbe }],
        },
      },
    },
  };
}

export const policy = (name: string, spec: unknown) => ({
  apiVersion: 'probewise.dev/v1alpha1',
  kind: 'ClusterProbePolicy',
  metadata: { name },
  spec,
});
