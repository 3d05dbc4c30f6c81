import type { KubeApi } from './api.ts';
import type { Connection } from './connection.ts';
import { httpApi } from './http-api.ts';
import { inCluster, isInCluster } from './in-cluster.ts';
import { kubeconfig } from './kubeconfig.ts';

export interface ConnectOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A kubeconfig; it goes before the pod's own service account. */
  readonly kubeconfig?: string;
  readonly context?: string;
}

export interface Connected {
  readonly api: KubeApi;
  readonly connection: Connection;
}

/** Finds the API server and whom to be there; calls nothing yet. Rejects with a KubeError. */
export async function connect({ env, now, ...options }: ConnectOptions): Promise<Connected> {
  const asked = options.kubeconfig !== undefined || options.context !== undefined;
  const connection =
    !asked && isInCluster(env)
      ? inCluster({ env, now })
      : await kubeconfig({
          env,
          ...(options.kubeconfig !== undefined && { file: options.kubeconfig }),
          ...(options.context !== undefined && { context: options.context }),
        });
  return { api: httpApi(connection), connection };
}
