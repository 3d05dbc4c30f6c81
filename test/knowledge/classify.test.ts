import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, judgeHttp, livenessOf, only, podOf } from './pod.ts';
import { classify } from '../../src/knowledge/classify.ts';
import { unwrapIstio } from '../../src/knowledge/istio.ts';

describe('the order of evidence', () => {
  const container = { image: 'example/orders:1', livenessProbe: { httpGet: { path: '/actuator/health', port: 8080 } } };

  it('believes the policy before the catalogue', () => {
    const fact = { image: 'example/*', path: '/actuator/*', asks: 'process', dependencies: [] } as const;
    expect(judge(container, [], [fact])).toMatchObject({ asks: 'process', confidence: 'high' });
  });

  it('passes over a fact whose image, path, port or command is another one', () => {
    const fact = { asks: 'process', dependencies: [] } as const;
    const others = [{ image: 'else/*' }, { path: '/health' }, { port: 9090 }, { command: 'cat *' }].map((part) => ({
      ...fact,
      ...part,
    }));
    expect(judge(container, [], others)).toMatchObject({ asks: 'aggregate', confidence: 'high' });
  });

  it('takes an image in a fact with or without its tag', () => {
    const fact = { image: 'example/orders', asks: 'dependency', dependencies: [{ name: 'db', sharing: 'Shared' }] } as const;
    expect(judge(container, [], [fact])).toMatchObject({ asks: 'dependency', dependencies: [{ name: 'db' }] });
  });

  it('calls another host a dependency, whatever the path says', () => {
    const livenessProbe = { httpGet: { path: '/livez', port: 80, host: 'example.com' } };
    expect(judge({ livenessProbe })).toMatchObject({ asks: 'dependency', confidence: 'high' });
    expect(judge({ livenessProbe: { tcpSocket: { port: 5432, host: 'db' } } })).toMatchObject({
      asks: 'dependency',
      confidence: 'high',
    });
  });

  it('takes loopback for the own pod', () => {
    expect(judge({ livenessProbe: { httpGet: { path: '/livez', port: 80, host: '127.0.0.1' } } }).asks).toBe('process');
  });

  it('lets an image decide what one path of many products asks', () => {
    expect(judgeHttp('/alive', 'vaultwarden/server:1').asks).toBe('dependency');
    expect(judgeHttp('/alive').asks).toBe('process');
  });

  it('does not take an exporter or an operator for the product itself', () => {
    expect(judgeHttp('/wp-login.php', 'bitnami/wordpress-exporter').asks).toBe('unknown');
    expect(judgeHttp('/health', 'example/keycloak-operator').asks).toBe('unknown');
  });

  it('is less sure where only a port speaks for a product', () => {
    expect(judgeHttp('/healthz', 'example/app', 5558)).toMatchObject({ asks: 'dependency', confidence: 'medium' });
  });

  it('looks through a query: it can name what is asked', () => {
    expect(judgeHttp('/health?check=database')).toMatchObject({ asks: 'dependency', confidence: 'high' });
    expect(judgeHttp('/health?ready=1')).toMatchObject({ asks: 'readiness' });
    expect(judgeHttp('/health?type=live').asks).toBe('process');
    expect(judgeHttp('/health?verbose').asks).toBe('unknown');
  });
});

describe('the words of a path', () => {
  it.each([
    ['/livez', 'process', 'medium'],
    ['/isAlive', 'process', 'medium'],
    ['/ping', 'process', 'low'],
    ['/ready', 'readiness', 'high'],
    ['/api/is_ready', 'readiness', 'high'],
    ['/health/db', 'dependency', 'high'],
    ['/healthcheck/redis-cache', 'dependency', 'high'],
    ['/status/queues', 'dependency', 'medium'],
    ['/health/full', 'aggregate', 'medium'],
    ['/redis/health', 'unknown', 'low'],
    ['/database/livez', 'process', 'medium'],
    ['/', 'unknown', 'low'],
    ['/health', 'unknown', 'low'],
    ['/readings', 'unknown', 'low'],
  ])('%s: %s, %s', (path, asks, confidence) => {
    expect(judgeHttp(path)).toMatchObject({ asks, confidence });
  });
});

describe('what the same container tells besides', () => {
  it('takes an unknown endpoint for liveness where readiness has its own', () => {
    const readinessProbe = { httpGet: { path: '/readyz', port: 8080 } };
    const livenessProbe = { httpGet: { path: '/healthz', port: 8080 } };
    expect(judge({ livenessProbe, readinessProbe })).toMatchObject({ asks: 'process', confidence: 'low' });
    expect(judge({ livenessProbe, readinessProbe: livenessProbe }).asks).toBe('unknown');
  });

  it('reads which indicators a Spring Boot health group holds', () => {
    const livenessProbe = { httpGet: { path: '/actuator/health/liveness', port: 8080 } };
    const env = (value: string) => [{ name: 'MANAGEMENT_ENDPOINT_HEALTH_GROUP_LIVENESS_INCLUDE', value }];
    expect(judge({ livenessProbe, env: env('livenessState,db') })).toMatchObject({ asks: 'dependency', confidence: 'high' });
    expect(judge({ livenessProbe, env: env('livenessState,diskSpace') }).asks).toBe('resource');
    expect(judge({ livenessProbe, env: env('*') }).asks).toBe('aggregate');
    expect(judge({ livenessProbe, env: env('livenessState') }).asks).toBe('process');
  });

  it('finds Actuator behind its own base path', () => {
    const env = [{ name: 'MANAGEMENT_ENDPOINTS_WEB_BASE_PATH', value: '/' }];
    expect(judge({ env, livenessProbe: { httpGet: { path: '/health', port: 8080 } } })).toMatchObject({
      asks: 'aggregate',
      confidence: 'high',
    });
  });

  it('knows that kubectl proxy passes everything on to the API server', () => {
    const livenessProbe = { httpGet: { path: '/livez', port: 8001 } };
    expect(judge({ image: 'example/kubectl', args: ['proxy', '--port=8001'], livenessProbe })).toMatchObject({
      asks: 'dependency',
      confidence: 'high',
    });
  });

  it('asks the container of the pod that declares the port', () => {
    const livenessProbe = { exec: { command: ['curl', '-f', 'localhost:3000/api/health'] } };
    const sibling = { name: 'grafana', image: 'grafana/grafana:11', ports: [{ containerPort: 3000 }] };
    expect(judge({ livenessProbe }, [sibling])).toMatchObject({ asks: 'dependency', entry: 'grafana-api-health' });
  });

  it('lets a request header narrow what is asked', () => {
    const httpGet = { path: '/healthz', port: 9879, host: '127.0.0.1' };
    const image = 'quay.io/cilium/cilium:v1.17';
    expect(judge({ image, livenessProbe: { httpGet } }).asks).toBe('dependency');
    const httpHeaders = [{ name: 'Require-K8s-Connectivity', value: 'false' }];
    expect(judge({ image, livenessProbe: { httpGet: { ...httpGet, httpHeaders } } }).asks).toBe('process');
  });
});

describe('gRPC health', () => {
  it.each([
    ['', 'process', 'low'],
    ['liveness', 'process', 'high'],
    ['shop.v1.Cart-readiness', 'readiness', 'high'],
    ['shop.v1.Cart', 'unknown', 'low'],
  ])('of service "%s": %s, %s', (service, asks, confidence) => {
    expect(judge({ livenessProbe: { grpc: { port: 50_051, service } } })).toMatchObject({ asks, confidence });
  });

  it('knows servers whose overall status is that of their database', () => {
    expect(judge({ image: 'ghcr.io/kubeflow/katib/katib-db-manager', livenessProbe: { grpc: { port: 6789 } } }).asks).toBe(
      'dependency',
    );
  });
});

describe('a probe that Istio rewrote', () => {
  const rewritten = {
    image: 'example/web',
    livenessProbe: { httpGet: { path: '/app-health/app/livez', port: 15_020 }, timeoutSeconds: 9 },
  };
  const proxy = (value: string) => ({
    name: 'istio-proxy',
    image: 'istio/proxyv2',
    env: [{ name: 'ISTIO_KUBE_APP_PROBERS', value }],
  });
  const original = JSON.stringify({
    '/app-health/app/livez': { httpGet: { path: '/actuator/health', port: 8080 }, timeoutSeconds: 2 },
  });

  it('is judged by the original', () => {
    expect(judge(rewritten, [proxy(original)])).toMatchObject({ asks: 'aggregate', confidence: 'high' });
  });

  it('gives the timeout that the agent really uses', () => {
    const pod = podOf({ name: 'app', ...rewritten }, proxy(original));
    expect(unwrapIstio(livenessOf(pod), only(pod), pod)?.original?.timeoutSeconds).toBe(2);
  });

  it('is unknown, not process, where the original is not to be seen', () => {
    expect(judge(rewritten).asks).toBe('unknown');
    expect(judge(rewritten, [proxy('{')]).asks).toBe('unknown');
    expect(judge(rewritten, [proxy('{"__proto__": 1}')]).asks).toBe('unknown');
  });
});

describe('whatever a manifest holds', () => {
  const anything = fc.record(
    {
      image: fc.string({ unit: 'binary' }),
      env: fc.array(fc.record({ name: fc.string(), value: fc.string() })),
      livenessProbe: fc.oneof(
        fc.record({
          httpGet: fc.record({
            path: fc.string({ unit: 'binary' }),
            port: fc.oneof(fc.integer(), fc.string()),
            host: fc.string(),
          }),
        }),
        fc.record({ exec: fc.record({ command: fc.array(fc.string({ unit: 'binary' })) }) }),
        fc.record({ exec: fc.record({ command: fc.string({ unit: 'binary' }).map((script) => ['sh', '-c', script]) }) }),
        fc.record({ grpc: fc.record({ port: fc.integer(), service: fc.string({ unit: 'binary' }) }) }),
      ),
    },
    { requiredKeys: ['livenessProbe'] },
  );

  it('is judged without an error, in one printable sentence', () => {
    fc.assert(
      fc.property(anything, (container) => {
        const { evidence } = judge(container);
        expect(evidence).toMatch(/^\P{C}{1,200}$/u);
      }),
      { numRuns: 3000 },
    );
  });

  it('is judged in a moment, however long it is', () => {
    const long = 'a'.repeat(1_000_000);
    const pods = [
      { httpGet: { path: `/${'x/'.repeat(500_000)}`, port: 1 } },
      { httpGet: { path: `/health?${'a=b&'.repeat(300_000)}`, port: 1 } },
      { exec: { command: Array.from({ length: 50_000 }, () => '$(A)') } },
      { exec: { command: ['sh', '-c', '('.repeat(8000)] } },
      { exec: { command: ['sh', '-c', `sh -c '${'sh -c "'.repeat(1000)}`] } },
      { exec: { command: ['curl', `http://${long}/${long}`] } },
    ].map((livenessProbe) => podOf({ name: 'app', image: `${long}/${long}`, livenessProbe }));
    const start = performance.now();
    for (const pod of pods) classify(livenessOf(pod), only(pod), pod, []);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
