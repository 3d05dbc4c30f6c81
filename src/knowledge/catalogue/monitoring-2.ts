import type { CatalogueEntry } from '../catalogue-entry.ts';

export const monitoring2: readonly CatalogueEntry[] = [
  {
    id: 'grafana-login',
    product: 'Grafana',
    path: ['/login', '/'],
    images: ['grafana/grafana'],
    asks: 'unknown',
    confidence: 'low',
    checks: 'renders the start page, sessions of which are in the database',
    source: 'https://github.com/grafana/grafana',
    since: '0.1',
  },
  {
    id: 'alertmanager-status',
    product: 'Alertmanager',
    path: '/api/v2/status',
    images: ['alertmanager'],
    asks: 'process',
    confidence: 'medium',
    checks: 'gives the state of the own node',
    source: 'https://github.com/prometheus/alertmanager',
    since: '0.1',
  },
  {
    id: 'unifi-status',
    product: 'UniFi controller',
    path: '/status',
    images: ['unifi-controller', 'unifi'],
    asks: 'process',
    confidence: 'low',
    checks: 'gives the version of the server',
    source: 'https://ui.com',
    since: '0.1',
  },
];
