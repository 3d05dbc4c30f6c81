import { isObject, list, property, scalarText, text } from './json.ts';
import type { Path } from './path.ts';
import { type Handler, type Probe, PROBE_FIELDS, type ProbeField, readProbe } from './probe.ts';

interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
}

/** `value` is missing where the value comes from elsewhere; `from` then says whence: `fieldRef:status.podIP`, `secretKeyRef`, … */
export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly from?: string;
}

/** A container that the kubelet probes: an app container, or an init container with `restartPolicy: Always` (a sidecar). */
export interface Container {
  readonly name: string;
  readonly role: 'app' | 'sidecar';
  /** From the root of the object to this container. */
  readonly at: Path;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly ports: readonly ContainerPort[];
  readonly env: readonly EnvironmentVariable[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
  /** Probes that are written but cannot be read, because they have no handler: nothing may be put in their place. */
  readonly unreadable?: readonly ProbeField[];
  /** Texts of files mounted into it, by path, as far as the same input holds them (a ConfigMap with a probe's script). */
  readonly scripts?: ReadonlyMap<string, string>;
}

export interface PodSpec {
  readonly at: Path;
  readonly hostNetwork: boolean;
  readonly containers: readonly Container[];
  /** Names that the pod's /etc/hosts has from `hostAliases`, in lower case, each with its address. */
  readonly hostAliases?: ReadonlyMap<string, string>;
}

/** The probed containers of a pod spec, in order. What is not of the right shape is left out: `shapeProblems` names it. */
export function readPodSpec(spec: unknown, at: Path): PodSpec {
  const read = (field: 'containers' | 'initContainers', role: Container['role']): Container[] =>
    list(property(spec, field)).flatMap((value, index) => {
      if (!isObject(value)) return [];
      if (role === 'sidecar' && property(value, 'restartPolicy') !== 'Always') return [];
      return [readContainer(value, role, [...at, field, index])];
    });
  const hostAliases = readHostAliases(spec);
  return {
    at,
    hostNetwork: property(spec, 'hostNetwork') === true,
    containers: [...read('initContainers', 'sidecar'), ...read('containers', 'app')],
    ...(hostAliases.size > 0 && { hostAliases }),
  };
}

const readHostAliases = (spec: unknown): ReadonlyMap<string, string> =>
  new Map(
    list(property(spec, 'hostAliases')).flatMap((alias) => {
      const address = text(property(alias, 'ip')) ?? '';
      return list(property(alias, 'hostnames')).map((name) => [scalarText(name).toLowerCase(), address] as const);
    }),
  );

function readContainer(value: unknown, role: Container['role'], at: Path): Container {
  const strings = (field: string): string[] => list(property(value, field)).map(scalarText);
  const livenessProbe = readProbe(property(value, 'livenessProbe'));
  const readinessProbe = readProbe(property(value, 'readinessProbe'));
  const startupProbe = readProbe(property(value, 'startupProbe'));
  const read = { livenessProbe, readinessProbe, startupProbe };
  const unreadable = PROBE_FIELDS.filter((field) => read[field] === undefined && (property(value, field) ?? null) !== null);
  return {
    name: text(property(value, 'name')) ?? '',
    role,
    at,
    image: text(property(value, 'image')) ?? '',
    command: strings('command'),
    args: strings('args'),
    ports: list(property(value, 'ports')).flatMap(readContainerPort),
    env: list(property(value, 'env')).flatMap(readVariable),
    ...(livenessProbe && { livenessProbe }),
    ...(readinessProbe && { readinessProbe }),
    ...(startupProbe && { startupProbe }),
    ...(unreadable.length > 0 && { unreadable }),
  };
}

function readContainerPort(value: unknown): ContainerPort[] {
  const containerPort = property(value, 'containerPort');
  if (typeof containerPort !== 'number') return [];
  const name = text(property(value, 'name'));
  const hostPort = property(value, 'hostPort');
  return [{ containerPort, ...(name !== undefined && { name }), ...(typeof hostPort === 'number' && { hostPort }) }];
}

function readVariable(value: unknown): EnvironmentVariable[] {
  const name = text(property(value, 'name'));
  if (name === undefined) return [];
  const given = property(value, 'value');
  const source = property(value, 'valueFrom');
  if (!isObject(source)) return [{ name, value: scalarText(given) }];
  const [kind] = Object.keys(source);
  const field = text(property(property(source, 'fieldRef'), 'fieldPath'));
  return [{ name, from: field === undefined ? (kind ?? 'unknown') : `fieldRef:${field}` }];
}

/**
 * The number of the port that a handler asks, as the kubelet finds it (pkg/probe/util.go): the container's own named ports,
 * then the text as a number. Undefined where neither answers: the kubelet throws that error away. 0 for exec.
 */
export function resolvePort(handler: Handler, container: Container): number | undefined {
  if (handler.kind === 'exec') return 0;
  if (typeof handler.port === 'number') return handler.port;
  const named = container.ports.find((port) => port.name === handler.port);
  if (named !== undefined) return named.containerPort;
  return /^\d{1,5}$/.test(handler.port) ? Number(handler.port) : undefined;
}
