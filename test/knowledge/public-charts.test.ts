import { describe, expect, it } from 'vitest';
import type { Asks } from '../../src/core/verdict.ts';
import { judge, judgeScript } from './pod.ts';

/** Liveness probes as widely used charts and manifests write them by default: image, path with port, and what they ask. */
const CHARTS: readonly (readonly [who: string, image: string, path: string, port: number, asks: Asks])[] = [
  ['Vault agent injector', 'hashicorp/vault-k8s:1.7', '/health/ready', 8080, 'readiness'],
  ['Consul connect injector', 'hashicorp/consul-k8s-control-plane:1.6', '/readyz/ready', 9445, 'readiness'],
  ['Harbor jobservice', 'goharbor/harbor-jobservice:v2.12', '/api/v1/stats', 8080, 'dependency'],
  ['Contour', 'ghcr.io/projectcontour/contour:v1.20', '/healthz', 8000, 'dependency'],
  ['Cilium operator', 'quay.io/cilium/operator-generic:v1.17', '/healthz', 9234, 'dependency'],
  ['Metabase', 'metabase/metabase:v0.50', '/api/health', 3000, 'dependency'],
  ['Nextcloud', 'nextcloud:30-apache', '/status.php', 80, 'dependency'],
  ['SonarQube', 'sonarqube:10', '/api/system/liveness', 9000, 'dependency'],
  ['NATS', 'nats:2.10', '/healthz?js-enabled-only=true', 8222, 'process'],
  ['Strimzi', 'quay.io/strimzi/operator:latest', '/healthy', 8080, 'process'],
  ['Dex', 'ghcr.io/dexidp/dex:v2.41', '/healthz/live', 5558, 'process'],
  ['oauth2-proxy', 'quay.io/oauth2-proxy/oauth2-proxy:v7', '/ping', 4180, 'process'],
  ['cert-manager webhook', 'quay.io/jetstack/cert-manager-webhook:v1.17', '/livez', 6080, 'process'],
  ['JupyterHub proxy', 'quay.io/jupyterhub/configurable-http-proxy:4', '/_chp_healthz', 8000, 'process'],
];

describe('charts as they come', () => {
  it.each(CHARTS)('%s', (_, image, path, port, asks) => {
    expect(judge({ image, livenessProbe: { httpGet: { path, port } } }).asks).toBe(asks);
  });

  it('Airflow workers ask through the broker, although only one worker is meant to answer', () => {
    const script =
      'CONNECTION_CHECK_MAX_COUNT=0 exec /entrypoint python -m celery --app executor inspect ping -d celery@$(hostname)';
    expect(judgeScript(script, 'apache/airflow:2.10')).toMatchObject({ asks: 'dependency', confidence: 'high' });
  });

  it('Dagster asks its own gRPC server by a Python client', () => {
    const livenessProbe = { exec: { command: ['dagster', 'api', 'grpc-health-check', '-p', '3030'] } };
    expect(judge({ livenessProbe }).asks).toBe('process');
  });

  it('nginx before Nextcloud passes the question on', () => {
    const livenessProbe = { httpGet: { path: '/status.php', port: 80 } };
    const nginx = { image: 'nginx:alpine', ports: [{ containerPort: 80 }], livenessProbe };
    expect(judge(nginx, [{ name: 'fpm', image: 'nextcloud:30-fpm' }])).toMatchObject({ asks: 'dependency', confidence: 'low' });
    expect(judge(nginx).asks).toBe('unknown');
  });
});
