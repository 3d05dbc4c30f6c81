import type { CatalogueEntry } from '../catalogue-entry.ts';

export const java3: readonly CatalogueEntry[] = [
  {
    id: 'hadoop-cluster-info',
    product: 'Hadoop YARN/HDFS',
    path: '/ws/v1/cluster/info',
    asks: 'process',
    confidence: 'low',
    checks: 'asks the own resource manager',
    source: 'https://github.com/helm/charts/tree/master/stable/hadoop',
    since: '0.1',
  },
];
