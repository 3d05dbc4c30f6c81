import type { CatalogueEntry } from '../catalogue-entry.ts';

export const proxies2: readonly CatalogueEntry[] = [
  {
    id: 'apisix-status',
    product: 'Apache APISIX',
    path: '/status',
    images: ['apisix'],
    asks: 'process',
    confidence: 'medium',
    checks: 'answers from the gateway',
    source: 'https://apisix.apache.org',
    since: '0.1',
  },
  {
    id: 'gravitee-node-health',
    product: 'Gravitee',
    path: '.../_node/health',
    images: ['gravitee', 'apim-gateway', 'apim-management-api'],
    asks: 'aggregate',
    confidence: 'medium',
    checks: 'runs the probes of repositories and gateways',
    safe: 'a TCP connection',
    source: 'https://documentation.gravitee.io',
    since: '0.1',
  },
  {
    id: 'envoy-gateway-healthz',
    product: 'Envoy Gateway',
    path: '/healthz',
    images: ['envoyproxy/gateway'],
    asks: 'process',
    confidence: 'medium',
    checks: 'answers from the manager itself',
    source: 'https://gateway.envoyproxy.io',
    since: '0.1',
  },
];
