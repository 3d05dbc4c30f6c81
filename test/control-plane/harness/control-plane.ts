import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { type Authority, createAuthority, createKeys, type KeyPair } from './certificates.ts';
import { apiClient } from './api-client.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { temporaryFolder } from './lifetime.ts';
import { freePorts } from './ports.ts';
import { lastLines, type Program, type ProgramOptions, startProgram } from './program.ts';
import { until } from './until.ts';

/** What a test needs to reach it; plain data, so that it can be handed to test workers. */
export interface ControlPlaneAccess {
  /** Of the temporary folder that holds everything, logs as well. */
  readonly folder: string;
  /** May do everything. */
  readonly adminKubeconfig: string;
  /** A normal user: ClusterRole `edit`, no more. */
  readonly developerKubeconfig: string;
  readonly kubectl: string;
  readonly version: string;
}

export interface ControlPlane {
  readonly access: ControlPlaneAccess;
  readonly stop: () => Promise<void>;
}

const DEVELOPER = 'jane';
const DEVELOPERS = 'developers';

/** Real etcd, kube-apiserver and kube-controller-manager on loopback, ready for use: about ten seconds. */
export async function startControlPlane(binaries: Binaries, version: string): Promise<ControlPlane> {
  const folder = temporaryFolder('control-plane');
  const [etcdPort = 0, peerPort = 0, apiPort = 0] = await freePorts(3);
  const authority = await createAuthority('probewise-test');
  const server = `https://127.0.0.1:${apiPort}`;
  const path = (name: string): string => join(folder, name);
  await mkdir(path('logs'));
  await writeCredentials(path, authority, server);

  const programs: Program[] = [];
  const start = async (name: string, file: string, flags: Record<string, string>, options?: ProgramOptions): Promise<void> => {
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    programs.push(await startProgram(name, file, args, path(`logs/${name}.log`), options));
  };
  const stop = async (): Promise<void> => {
    for (const program of programs.toReversed()) await program.stop();
  };

  try {
    await start('etcd', binaries.etcd, etcdFlags(path('etcd'), etcdPort, peerPort));
    await start('kube-apiserver', binaries.apiServer, apiServerFlags(path, etcdPort, apiPort));
    const admin = apiClient(path('admin.kubeconfig'));
    await ready(programs, 'the API server', async () => (await admin.request('GET', '/readyz')).status === 200);
    await start('kube-controller-manager', binaries.controllerManager, controllerManagerFlags(path));
    await admin.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: DEVELOPERS },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: DEVELOPERS }],
    });
    const account = '/api/v1/namespaces/default/serviceaccounts/default';
    await ready(programs, 'the controllers', async () => (await admin.request('GET', account)).status === 200);
    admin.close();
  } catch (error) {
    await stop();
    throw error;
  }
  const access = {
    folder,
    adminKubeconfig: path('admin.kubeconfig'),
    developerKubeconfig: path('developer.kubeconfig'),
    kubectl: binaries.kubectl,
    version,
  };
  return { access, stop };
}

/** Waits; a program that has ended meanwhile is told at once, with the end of its log. */
async function ready(programs: readonly Program[], what: string, attempt: () => Promise<boolean>): Promise<void> {
  let dead: Program | undefined;
  await until(
    what,
    async () => {
      dead = programs.find((program) => program.ended() !== undefined);
      return dead !== undefined || attempt();
    },
    120,
  );
  if (dead !== undefined) throw new Error(`${dead.name} ${dead.ended()}:\n${await lastLines(dead)}`);
}

async function writeCredentials(path: (name: string) => string, authority: Authority, server: string): Promise<void> {
  const write = (name: string, text: string): Promise<void> => writeFile(path(name), text, { mode: 0o600 });
  const kubeconfig = (name: string, user: KeyPair): Promise<void> =>
    writeKubeconfig(path(`${name}.kubeconfig`), server, authority.certificate, user);
  const serving = await authority.issue({
    commonName: 'kube-apiserver',
    addresses: ['127.0.0.1', '10.96.0.1'],
    names: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
  });
  await write('ca.crt', authority.certificate);
  await write('apiserver.crt', serving.certificate);
  await write('apiserver.key', serving.key);
  const accounts = await createKeys();
  await write('service-accounts.key', accounts.key);
  await write('service-accounts.pub', accounts.publicKey);
  await kubeconfig('admin', await authority.issue({ commonName: 'admin', organizations: ['system:masters'] }));
  await kubeconfig('developer', await authority.issue({ commonName: DEVELOPER, organizations: [DEVELOPERS] }));
  await kubeconfig('controller-manager', await authority.issue({ commonName: 'system:kube-controller-manager' }));
}

const etcdFlags = (data: string, port: number, peerPort: number): Record<string, string> => ({
  'data-dir': data,
  'listen-client-urls': `http://127.0.0.1:${port}`,
  'advertise-client-urls': `http://127.0.0.1:${port}`,
  'listen-peer-urls': `http://127.0.0.1:${peerPort}`,
  'initial-advertise-peer-urls': `http://127.0.0.1:${peerPort}`,
  'initial-cluster': `default=http://127.0.0.1:${peerPort}`,
  'unsafe-no-fsync': 'true',
  'log-level': 'warn',
});

const apiServerFlags = (path: (name: string) => string, etcdPort: number, port: number): Record<string, string> => ({
  'etcd-servers': `http://127.0.0.1:${etcdPort}`,
  'bind-address': '127.0.0.1',
  'advertise-address': '127.0.0.1',
  'endpoint-reconciler-type': 'none',
  'secure-port': String(port),
  'service-cluster-ip-range': '10.96.0.0/16',
  'tls-cert-file': path('apiserver.crt'),
  'tls-private-key-file': path('apiserver.key'),
  'client-ca-file': path('ca.crt'),
  'service-account-key-file': path('service-accounts.pub'),
  'service-account-signing-key-file': path('service-accounts.key'),
  'service-account-issuer': 'https://kubernetes.default.svc',
  'authorization-mode': 'Node,RBAC',
  'allow-privileged': 'true',
});

const controllerManagerFlags = (path: (name: string) => string): Record<string, string> => ({
  kubeconfig: path('controller-manager.kubeconfig'),
  'service-account-private-key-file': path('service-accounts.key'),
  'root-ca-file': path('ca.crt'),
  // Each controller is then a user of its own, as in every real cluster.
  'use-service-account-credentials': 'true',
  'leader-elect': 'false',
  'secure-port': '0',
});
