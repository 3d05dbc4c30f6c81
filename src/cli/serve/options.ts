import type { LogLevel } from '../../observe/log.ts';

export interface ServeOptions {
  readonly policy: readonly string[];
  /** Files in PEM form. */
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly certificates?: 'self' | 'files' | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly serviceName: string;
  readonly secretName: string;
  readonly leaseName: string;
  readonly canaryNamespace?: string | undefined;
  /** Accounts, as globs. */
  readonly controllers: readonly string[];
  /** Seconds. */
  readonly certificateOverlap: number;
  /** Seconds; 0: never. */
  readonly scanInterval: number;
  readonly address: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly logLevel: LogLevel;
  readonly docsUrl?: string | undefined;
  /** Seconds. */
  readonly shutdownDelay: number;
}

/** Where the server takes what it needs. */
export interface ServePlan {
  readonly policies: 'files' | 'cluster';
  readonly certificates: { readonly from: 'files'; readonly files: readonly [string, string] } | { readonly from: 'self' };
}

/**
 * | --policy | --kubeconfig, or in a pod | policies    |
 * |----------|---------------------------|-------------|
 * | given    | any                       | from files  |
 * | –        | yes                       | the cluster |
 * | –        | no                        | built in    |
 *
 * The certificate comes from `--tls-cert` and `--tls-key` where they are given, and otherwise from the server itself, which needs
 * the cluster to keep it.
 */
export function planServe(options: ServeOptions, inCluster: boolean): ServePlan | { readonly problem: string } {
  const { tlsCert, tlsKey, policy, kubeconfig, context } = options;
  const cluster = policy.length === 0 && (inCluster || kubeconfig !== undefined || context !== undefined);
  const policies = cluster ? 'cluster' : 'files';
  const from = options.certificates ?? (tlsCert === undefined && tlsKey === undefined && cluster ? 'self' : 'files');
  if (from === 'self') {
    if (tlsCert !== undefined || tlsKey !== undefined) {
      return { problem: '--certificates self makes its own certificate: leave out --tls-cert and --tls-key.' };
    }
    if (!cluster) {
      return {
        problem:
          '--certificates self keeps its certificate in the cluster: run it in one, or give --kubeconfig, and no --policy.',
      };
    }
    return { policies, certificates: { from } };
  }
  if (tlsCert === undefined || tlsKey === undefined) {
    return { problem: 'Give a certificate with --tls-cert and its key with --tls-key.' };
  }
  return { policies, certificates: { from, files: [tlsCert, tlsKey] } };
}
