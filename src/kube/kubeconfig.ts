import type { RequestOptions } from 'node:https';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Connection } from './connection.ts';
import { KubeError, sentenceOf } from './error.ts';

export interface KubeconfigOptions {
  /** As given by `--kubeconfig`; else KUBECONFIG, else the usual place in the home directory. */
  readonly file?: string;
  /** As given by `--context`; else the file's current one. */
  readonly context?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The cluster and user of a kubeconfig's context: certificates, tokens, exec plug-ins and OIDC as the library reads them. */
export async function kubeconfig({ file, context, env }: KubeconfigOptions): Promise<Connection> {
  const files = filesOf(file, env);
  // The library costs time and memory that a pod, which has no kubeconfig, should not pay.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  try {
    for (const [index, path] of files.entries()) {
      if (index === 0) {
        config.loadFromFile(path);
        continue;
      }
      const more = new KubeConfig();
      more.loadFromFile(path);
      config.mergeConfig(more, true);
    }
  } catch (cause) {
    throw new KubeError('unusable', `The kubeconfig ${files.join(', ')} cannot be read: ${firstLine(cause)}.`, { cause });
  }

  const names = config.getContexts().map(({ name }) => name);
  const chosen = context ?? config.getCurrentContext();
  if (chosen === '' || chosen === undefined) {
    throw new KubeError('unusable', `The kubeconfig ${files.join(', ')} has no current context: name one of ${listed(names)}.`);
  }
  if (!names.includes(chosen)) {
    throw new KubeError(
      'unusable',
      `The kubeconfig ${files.join(', ')} has no context "${chosen}": it has ${names.length === 0 ? 'none' : listed(names)}.`,
    );
  }
  config.setCurrentContext(chosen);
  const cluster = config.getCurrentCluster();
  if (cluster === null || config.getCurrentUser() === null) {
    throw new KubeError('unusable', `The context "${chosen}" names a cluster or user that its kubeconfig does not have.`);
  }

  return {
    server: cluster.server.replace(/\/+$/, ''),
    as: `context "${chosen}"`,
    async options() {
      const options: RequestOptions = {};
      try {
        await config.applyToHTTPSOptions(options);
      } catch (cause) {
        throw new KubeError('unusable', `The credentials of context "${chosen}" cannot be had: ${firstLine(cause)}.`, { cause });
      }
      return options;
    },
    refresh() {},
  };
}

function filesOf(file: string | undefined, env: KubeconfigOptions['env']): string[] {
  if (file !== undefined) return [file];
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return named.length > 0 ? named : [join(env['HOME'] ?? homedir(), '.kube', 'config')];
}

const listed = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

const firstLine = (error: unknown): string => (sentenceOf(error).split('\n')[0] ?? '').replace(/\.$/, '');
