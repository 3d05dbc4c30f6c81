import fc from 'fast-check';

/** Pods that the API server accepts, and that are as odd as it lets them be. */
export const anyPod: fc.Arbitrary<Record<string, unknown>> = fc
  .record({
    containers: fc.integer({ min: 1, max: 4 }).chain((count) => fc.tuple(...names('app', count).map(anyContainer))),
    initContainers: fc.integer({ min: 0, max: 3 }).chain((count) => fc.tuple(...names('init', count).map(anyInitContainer))),
    restartPolicy: fc.constantFrom('Always', 'OnFailure', 'Never'),
    terminationGracePeriodSeconds: fc.constantFrom(0, 1, 30, 3600),
    annotations: fc.constantFrom({}, { 'probewise.dev/patched': '{"app0":{"startupProbe":' }, { 'probewise.dev/patched': '[]' }),
    labels: fc.constantFrom({}, { app: 'shop' }),
  })
  .map(({ annotations, labels, ...spec }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'generated', annotations, labels },
    spec: { ...spec, automountServiceAccountToken: false },
  }));

const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

const PORTS = [{ name: 'http', containerPort: 8080 }, { name: 'admin', containerPort: 9090 }, { containerPort: 5432 }];

const common = (name: string) => ({
  name: fc.constant(name),
  image: fc.constantFrom('example/app:1', 'postgres:16', 'redis:7', 'mongo:8', 'quay.io/keycloak/keycloak:26.0', 'nginx'),
  ports: fc.subarray(PORTS),
  env: fc.subarray([
    { name: 'DB_HOST', value: 'orders-db' },
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
  ]),
});

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const probed = (name: string) => ({
  ...common(name),
  livenessProbe: optional(killer()),
  startupProbe: optional(killer()),
  readinessProbe: optional(
    fc.tuple(anyHandler, fc.record({ ...timing, successThreshold: fc.constantFrom(0, 1, 7) })).map(merged),
  ),
});

const anyContainer = (name: string): fc.Arbitrary<object> => fc.record(probed(name));

const anyInitContainer = (name: string): fc.Arbitrary<object> =>
  fc.oneof(fc.record(common(name)), fc.record({ ...probed(name), restartPolicy: fc.constant('Always') }));

/** 0 is what Kubernetes replaces by its default; the largest are what int32 holds. */
const seconds = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 60 }) },
  { weight: 2, arbitrary: fc.integer({ min: 61, max: 100_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(2_147_483_646, 2_147_483_647) },
);

const timing = {
  initialDelaySeconds: optional(seconds),
  timeoutSeconds: optional(seconds),
  periodSeconds: optional(seconds),
  failureThreshold: optional(seconds),
};

/** A liveness or startup probe: the two whose failure kills. */
const killer = (): fc.Arbitrary<object> =>
  fc
    .tuple(
      anyHandler,
      fc.record({
        ...timing,
        successThreshold: fc.constantFrom(0, 1),
        terminationGracePeriodSeconds: optional(fc.integer({ min: 1, max: 600 })),
      }),
    )
    .map(merged);

const merged = ([handler, numbers]: readonly [object, object]): object => ({ ...handler, ...numbers });

/** Declared by name, not declared by name, a number. */
const anyPort = fc.constantFrom<(string | number)[]>('http', 'admin', 'nobody', 8080, 9090, 5432, 65_535);

const anyHandler: fc.Arbitrary<object> = fc.oneof(
  fc.record({
    httpGet: fc.record(
      {
        port: anyPort,
        path: fc.constantFrom('/', '/livez', '/health?full=1', '/actuator/health', '/ready', '/a~1b/~0', '/été', '/__proto__'),
        scheme: fc.constantFrom('HTTP', 'HTTPS'),
        host: fc.constantFrom('127.0.0.1', 'orders-db'),
        httpHeaders: fc.constantFrom([], [{ name: 'Host', value: 'shop.example.com' }]),
      },
      { requiredKeys: ['port'] },
    ),
  }),
  fc.record({
    tcpSocket: fc.record({ port: anyPort, host: fc.constantFrom('orders-db', 'localhost') }, { requiredKeys: ['port'] }),
  }),
  fc.record({
    grpc: fc.record(
      { port: fc.constantFrom(8080, 50_051), service: fc.constantFrom('', 'liveness') },
      { requiredKeys: ['port'] },
    ),
  }),
  fc.record({
    exec: fc.record({
      command: fc.constantFrom(
        ['true'],
        ['pg_isready'],
        ['pg_isready', '-h', '$(DB_HOST)'],
        ['sh', '-c', 'redis-cli -h "$POD_IP" ping || exit 1'],
        ['sh', '-c', 'curl -f http://orders/health | grep ok'],
        ['sh', '-c', 'it\'s "unbalanced'],
        ['__proto__'],
      ),
    }),
  }),
);
