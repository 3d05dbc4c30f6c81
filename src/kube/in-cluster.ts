import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import type { Connection } from './connection.ts';
import { KubeError } from './error.ts';

/** Where the kubelet mounts a pod's service account. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The kubelet writes a new token long before the old one ends (at 80 % of its hour). */
const READ_AGAIN_MILLISECONDS = 60_000;

export interface InClusterOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export const isInCluster = (env: InClusterOptions['env']): boolean => (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '';

/** The namespace that this pod runs in, or undefined where nothing is mounted. */
export async function ownNamespace(folder: string = SERVICE_ACCOUNT): Promise<string | undefined> {
  const namespace = await readFile(`${folder}/namespace`, 'utf8').catch(() => '');
  return namespace.trim() || undefined;
}

/** As the service account of the pod that we run in. Its token and authority are read again as they rotate. */
export function inCluster({ env, folder = SERVICE_ACCOUNT, now }: InClusterOptions): Connection {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT'] || '443';
  let known: { readonly at: number; readonly ca: string; readonly token: string } | undefined;

  async function credentials(): Promise<{ readonly ca: string; readonly token: string }> {
    const at = now();
    if (known !== undefined && at - known.at < READ_AGAIN_MILLISECONDS) return known;
    try {
      const [ca, token] = await Promise.all([readFile(`${folder}/ca.crt`, 'utf8'), readFile(`${folder}/token`, 'utf8')]);
      known = { at, ca, token: token.trim() };
      return known;
    } catch (cause) {
      // While the kubelet swaps them, what was read a minute ago is still good.
      if (known !== undefined) return known;
      throw new KubeError(
        'unusable',
        `This pod has no service account token at ${folder}: set automountServiceAccountToken to true in its spec.`,
        { cause },
      );
    }
  }

  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    as: "this pod's service account",
    async options() {
      const { ca, token } = await credentials();
      return { ca, headers: { authorization: `Bearer ${token}` } };
    },
    refresh() {
      if (known !== undefined) known = { ...known, at: Number.NEGATIVE_INFINITY };
    },
  };
}
