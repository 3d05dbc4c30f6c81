import { describe, expect, it } from 'vitest';
import { judge, judgeCommand, judgeHttp } from './pod.ts';

describe('what the settings of a container say of its endpoints', () => {
  const health = (path: string) => ({ image: 'elasticsearch:8', livenessProbe: { httpGet: { path, port: 9200 } } });

  it.each(['/_cluster/health', '/_cluster/health?wait_for_status=yellow'])('%s of a single Elasticsearch asks itself', (path) => {
    expect(judge(health(path))).toMatchObject({ asks: 'dependency', confidence: 'high' });
    const env = [{ name: 'discovery.type', value: 'single-node' }];
    expect(judge({ ...health(path), env })).toMatchObject({ asks: 'process', confidence: 'medium' });
    expect(judge({ ...health(path), args: ['-Ediscovery.type=single-node'] }).asks).toBe('process');
    expect(judge({ ...health(path), env: [{ name: 'discovery.type', value: 'multi-node' }] }).asks).toBe('dependency');
  });

  it('a Consul server answers 200 without a leader; an agent asks the servers; a body is what a command looks at', () => {
    const consul = (args: readonly string[]) =>
      judge({ image: 'hashicorp/consul:1.18', args, livenessProbe: { httpGet: { path: '/v1/status/leader', port: 8500 } } });
    expect(consul(['agent', '-server', '-bootstrap-expect=3'])).toMatchObject({ asks: 'process', confidence: 'medium' });
    expect(consul([]).asks).toBe('process');
    expect(consul(['agent', '-retry-join=consul'])).toMatchObject({ asks: 'dependency', confidence: 'medium' });
    const script = 'curl -s http://127.0.0.1:8500/v1/status/leader | grep -E ".+"';
    expect(judgeCommand(['sh', '-c', script], 'hashicorp/consul:1.18')).toMatchObject({ asks: 'dependency', confidence: 'high' });
  });

  it('the rate limit service of Envoy looks at Redis where it is told to', () => {
    const ratelimit = { image: 'envoyproxy/ratelimit:master', livenessProbe: { httpGet: { path: '/healthcheck', port: 8080 } } };
    expect(judge(ratelimit).asks).toBe('process');
    const env = [{ name: 'REDIS_HEALTH_CHECK_ACTIVE_CONNECTION', value: 'true' }];
    expect(judge({ ...ratelimit, env }).asks).toBe('dependency');
  });
});

describe('entries whose source has been read', () => {
  it.each([
    ['/healthz', 'registry.k8s.io/ingress-gce-glbc-amd64:v1.23', 8086, 'dependency'],
    ['/api/health', 'example/tracker', 8090, 'process'],
    ['/sync', 'example/bitwarden-cli:2026', 8087, 'dependency'],
    ['/v1/sys/health?standbyok=true', 'hashicorp/vault:1.15', 8200, 'readiness'],
    ['/', 'nginx:1.27', 80, 'process'],
    ['/', 'example/app', 80, 'unknown'],
  ])('%s of %s on %i: %s', (path, image, port, asks) => {
    expect(judgeHttp(path, image, port).asks).toBe(asks);
  });

  it.each([
    [['arq', '--check', 'app.Worker'], 'example/app', 'dependency', 'high'],
    [['python', '-m', 'arq', 'app.Worker', '--check'], 'example/app', 'dependency', 'high'],
    [['rq', 'info'], 'example/app', 'dependency', 'high'],
    [['/usr/bin/check-status', '-l'], 'calico/kube-controllers:v3.29.6', 'dependency', 'medium'],
    [['/usr/bin/check-status', '-l'], 'example/app', 'unknown', 'low'],
  ])('%j in %s: %s, %s', (command, image, asks, confidence) => {
    expect(judgeCommand(command, image)).toMatchObject({ asks, confidence });
  });
});
