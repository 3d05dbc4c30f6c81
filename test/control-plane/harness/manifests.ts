import { applyEdits } from '../../../src/core/edit.ts';
import type { Json } from '../../../src/core/json.ts';

type Manifest = { readonly [key: string]: Json };

/** Asks the process itself, and is too tight in nothing but its timeout and its startup budget: it is patched, never denied. */
export const LIVE: Manifest = { httpGet: { path: '/livez', port: 8080 } };

/** Asks a database: denied under Enforce. */
export const ASKS_DATABASE: Manifest = { exec: { command: ['pg_isready', '-h', 'billing-db', '-U', 'app'] } };

export const container = (probes: Manifest = {}, name = 'app'): Manifest => ({
  name,
  image: 'example/app:1',
  ports: [{ name: 'http', containerPort: 8080 }],
  ...probes,
});

export const podSpec = (probes: Manifest = {}, rest: Manifest = {}): Manifest => ({ containers: [container(probes)], ...rest });

const template = (name: string, spec: Manifest): Manifest => ({ metadata: { labels: { app: name } }, spec });

const object = (apiVersion: string, kind: string, name: string, spec: Manifest, metadata: Manifest = {}): Manifest => ({
  apiVersion,
  kind,
  metadata: { name, ...metadata },
  spec,
});

export const pod = (name: string, spec: Manifest, metadata?: Manifest): Manifest => object('v1', 'Pod', name, spec, metadata);

export const deployment = (name: string, spec: Manifest, metadata?: Manifest, rest: Manifest = {}): Manifest =>
  object('apps/v1', 'Deployment', name, { ...selected(name, spec), ...rest }, metadata);

export const statefulSet = (name: string, spec: Manifest): Manifest =>
  object('apps/v1', 'StatefulSet', name, { serviceName: name, ...selected(name, spec) });

export const daemonSet = (name: string, spec: Manifest): Manifest => object('apps/v1', 'DaemonSet', name, selected(name, spec));

export const replicaSet = (name: string, spec: Manifest, metadata?: Manifest): Manifest =>
  object('apps/v1', 'ReplicaSet', name, { replicas: 0, ...selected(name, spec) }, metadata);

export const replicationController = (name: string, spec: Manifest): Manifest =>
  object('v1', 'ReplicationController', name, { replicas: 0, selector: { app: name }, template: template(name, spec) });

export const job = (name: string, spec: Manifest, rest: Manifest = {}): Manifest =>
  object('batch/v1', 'Job', name, { template: template(name, { restartPolicy: 'Never', ...spec }), ...rest });

export const cronJob = (name: string, spec: Manifest, schedule = '0 0 1 1 *'): Manifest =>
  object('batch/v1', 'CronJob', name, {
    schedule,
    jobTemplate: { spec: { template: template(name, { restartPolicy: 'Never', ...spec }) } },
  });

const selected = (name: string, spec: Manifest): Manifest => ({
  selector: { matchLabels: { app: name } },
  template: template(name, spec),
});

/** The same object in a namespace. */
export const inNamespace = (manifest: Manifest, namespace: string): unknown =>
  applyEdits(manifest, [{ op: 'set', at: ['metadata', 'namespace'], value: namespace }]);
