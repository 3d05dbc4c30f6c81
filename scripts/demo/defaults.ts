import { isObject, property } from '../../src/core/json.ts';
import { PROBE_FIELDS } from '../../src/core/probe.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A Deployment or StatefulSet as the API server hands it to a webhook: its own defaults filled in (kubernetes
 * pkg/apis/core/v1/defaults.go and pkg/apis/apps/v1/defaults.go), as far as the examples need them.
 */
export function withDefaults(manifest: unknown): unknown {
  const object = fields(manifest);
  const spec = fields(object['spec']);
  const template = fields(spec['template']);
  const pod = fields(template['spec']);
  const containers = Array.isArray(pod['containers']) ? pod['containers'].map(container) : [];
  return {
    ...object,
    metadata: { namespace: 'default', ...fields(object['metadata']) },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 10,
      ...(object['kind'] === 'Deployment' && { progressDeadlineSeconds: 600 }),
      ...spec,
      template: {
        ...template,
        spec: { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', ...pod, containers },
      },
    },
    status: {},
  };
}

function container(value: unknown): unknown {
  const own = fields(value);
  const probes = PROBE_FIELDS.flatMap((field) => (isObject(own[field]) ? [[field, probe(own[field])]] : []));
  const ports = Array.isArray(own['ports']) ? { ports: own['ports'].map((port) => ({ protocol: 'TCP', ...fields(port) })) } : {};
  return { imagePullPolicy: 'IfNotPresent', resources: {}, ...own, ...ports, ...Object.fromEntries(probes) };
}

function probe(value: unknown): unknown {
  const own = fields(value);
  const http = property(own, 'httpGet');
  return {
    ...own,
    ...(isObject(http) && { httpGet: { path: '/', scheme: 'HTTP', ...http } }),
    timeoutSeconds: own['timeoutSeconds'] ?? 1,
    periodSeconds: own['periodSeconds'] ?? 10,
    successThreshold: own['successThreshold'] ?? 1,
    failureThreshold: own['failureThreshold'] ?? 3,
  };
}

const fields = (value: unknown): Fields => (isObject(value) ? value : {});
