import { isObject, type Json, type JsonObject, list, property, scalarText, text } from './json.ts';

export const PROBE_FIELDS = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
export type ProbeField = (typeof PROBE_FIELDS)[number];

/** What a probe calls. A port is a number, or the name of one of the container's ports. */
export type Handler =
  | {
      readonly kind: 'httpGet';
      readonly path: string;
      readonly port: number | string;
      readonly scheme: string;
      readonly host?: string;
      readonly headers: readonly { readonly name: string; readonly value: string }[];
    }
  | { readonly kind: 'tcpSocket'; readonly port: number | string; readonly host?: string }
  | { readonly kind: 'grpc'; readonly port: number; readonly service: string }
  | { readonly kind: 'exec'; readonly command: readonly string[] };

export interface Timing {
  readonly initialDelaySeconds: number;
  readonly timeoutSeconds: number;
  readonly periodSeconds: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** A probe as the kubelet sees it: after Kubernetes' defaulting. */
export interface Probe extends Timing {
  readonly handler: Handler;
  /** Set where the probe overrides the pod's grace period, in seconds. */
  readonly terminationGracePeriodSeconds?: number;
}

/** kubernetes pkg/apis/core/v1/defaults.go, SetDefaults_Probe: an explicit 0 is replaced as well. */
const DEFAULTS: Timing = {
  initialDelaySeconds: 0,
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
};

export const TIMING_FIELDS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const satisfies readonly (keyof Timing)[];

/** The API server's numbers are int32: what is beyond is not legal, and must not overflow here either. */
const MAX_INT32 = 2_147_483_647;

/** A probe with Kubernetes' defaults filled in, or undefined where there is none or it has no handler that can be read. */
export function readProbe(value: unknown): Probe | undefined {
  if (!isObject(value)) return undefined;
  const handler = readHandler(value);
  if (handler === undefined) return undefined;
  const seconds = (field: keyof Timing): number => {
    const given = property(value, field);
    return typeof given === 'number' && given > 0 ? Math.min(Math.trunc(given), MAX_INT32) : DEFAULTS[field];
  };
  const grace = property(value, 'terminationGracePeriodSeconds');
  return {
    handler,
    initialDelaySeconds: seconds('initialDelaySeconds'),
    timeoutSeconds: seconds('timeoutSeconds'),
    periodSeconds: seconds('periodSeconds'),
    successThreshold: seconds('successThreshold'),
    failureThreshold: seconds('failureThreshold'),
    ...(typeof grace === 'number' && { terminationGracePeriodSeconds: grace }),
  };
}

function readHandler(probe: JsonObject): Handler | undefined {
  const http = property(probe, 'httpGet');
  if (isObject(http)) {
    const host = text(property(http, 'host'));
    return {
      kind: 'httpGet',
      path: text(property(http, 'path')) || '/',
      port: readPort(property(http, 'port')),
      scheme: text(property(http, 'scheme')) || 'HTTP',
      ...(host !== undefined && host !== '' && { host }),
      headers: list(property(http, 'httpHeaders')).map((header) => ({
        name: text(property(header, 'name')) ?? '',
        value: text(property(header, 'value')) ?? '',
      })),
    };
  }
  const tcp = property(probe, 'tcpSocket');
  if (isObject(tcp)) {
    const host = text(property(tcp, 'host'));
    return { kind: 'tcpSocket', port: readPort(property(tcp, 'port')), ...(host !== undefined && host !== '' && { host }) };
  }
  const grpc = property(probe, 'grpc');
  if (isObject(grpc)) {
    return { kind: 'grpc', port: Number(readPort(property(grpc, 'port'))), service: text(property(grpc, 'service')) ?? '' };
  }
  const exec = property(probe, 'exec');
  if (isObject(exec)) return { kind: 'exec', command: list(property(exec, 'command')).map(scalarText) };
  return undefined;
}

const readPort = (value: unknown): number | string => (typeof value === 'number' || typeof value === 'string' ? value : 0);

/**
 * Seconds for which a check may fail at once (refused, status 500) before the kubelet acts for certain: the first failure
 * may come right after a success, so one period less than the documentation's figure is all that is guaranteed
 * (measured: kubelet 1.35, killed at the third failed probe).
 */
export const toleranceSeconds = (probe: Timing): number => (probe.failureThreshold - 1) * probe.periodSeconds;

/** Seconds that the documentation gives: `periodSeconds × failureThreshold`. */
export const documentedToleranceSeconds = (probe: Timing): number => probe.failureThreshold * probe.periodSeconds;

/** Seconds that a container is guaranteed for its boot: of the startupProbe, or of the liveness probe where there is none. */
export const startupBudgetSeconds = (probe: Timing): number => probe.initialDelaySeconds + toleranceSeconds(probe);

/** A probe as one would write it, in one form: what Kubernetes fills in by itself is left out. */
export function writtenProbe(probe: Probe): { readonly [key: string]: Json } {
  const { handler, terminationGracePeriodSeconds } = probe;
  const numbers = TIMING_FIELDS.filter((field) => probe[field] !== DEFAULTS[field]).map(
    (field) => [field, probe[field]] as const,
  );
  return {
    [handler.kind]: writtenHandler(handler),
    ...Object.fromEntries(numbers),
    ...(terminationGracePeriodSeconds !== undefined && { terminationGracePeriodSeconds }),
  };
}

function writtenHandler(handler: Handler): Json {
  switch (handler.kind) {
    case 'httpGet':
      return {
        path: handler.path,
        port: handler.port,
        ...(handler.scheme !== 'HTTP' && { scheme: handler.scheme }),
        ...(handler.host !== undefined && { host: handler.host }),
        ...(handler.headers.length > 0 && { httpHeaders: handler.headers.map(({ name, value }) => ({ name, value })) }),
      };
    case 'tcpSocket':
      return { port: handler.port, ...(handler.host !== undefined && { host: handler.host }) };
    case 'grpc':
      return { port: handler.port, ...(handler.service !== '' && { service: handler.service }) };
    case 'exec':
      return { command: handler.command };
  }
}

/** What makes two handlers the same check. A finding is known again by it, whatever the order of keys in the manifest. */
export function handlerIdentity(handler: Handler): string {
  switch (handler.kind) {
    case 'httpGet':
      return JSON.stringify([
        'httpGet',
        handler.scheme.toUpperCase(),
        handler.host ?? '',
        String(handler.port),
        handler.path,
        handler.headers,
      ]);
    case 'tcpSocket':
      return JSON.stringify(['tcpSocket', handler.host ?? '', String(handler.port)]);
    case 'grpc':
      return JSON.stringify(['grpc', handler.port, handler.service]);
    case 'exec':
      return JSON.stringify(['exec', handler.command]);
  }
}

/** The check in a few words, as a message goes on after the probe's name: `asks GET /health on port 8080`. */
export function describeHandler(handler: Handler): string {
  switch (handler.kind) {
    case 'httpGet':
      return `asks GET ${handler.path} on ${handler.host === undefined ? '' : `${handler.host} `}port ${handler.port}`;
    case 'tcpSocket':
      return `connects to ${handler.host === undefined ? '' : `${handler.host} `}port ${handler.port}`;
    case 'grpc':
      return `asks gRPC health on port ${handler.port}`;
    case 'exec':
      return `runs \`${handler.command.join(' ')}\``;
  }
}
