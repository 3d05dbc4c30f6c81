import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a control plane needs, and the package that each is built from. */
const PACKAGES = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
} as const;

const TOOLS = join(import.meta.dirname, '../tools');

export interface Binaries {
  readonly folder: string;
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly kubectl: string;
}

export const HOW_TO_GET_BINARIES =
  'set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver, kube-controller-manager and kubectl, or install Go ≥ 1.25: they are then built once, in about nine minutes';

/** Those that are there already: in KUBEBUILDER_ASSETS, else in the user's cache folder. A folder counts only if it is complete. */
export async function findBinaries(env: NodeJS.ProcessEnv = process.env): Promise<Binaries | undefined> {
  for (const folder of [env['KUBEBUILDER_ASSETS'], await cacheFolder(env)]) {
    if (folder !== undefined && folder !== '' && (await missingFrom(folder)).length === 0) return binariesIn(folder);
  }
  return undefined;
}

/** Those that are there, else built from the Go module beside this one; undefined where there is no Go. Minutes, the first time. */
export async function findOrBuildBinaries(say: (line: string) => void, env = process.env): Promise<Binaries | undefined> {
  const found = await findBinaries(env);
  if (found !== undefined) return found;
  const assets = env['KUBEBUILDER_ASSETS'];
  if (assets !== undefined && assets !== '') {
    say(`KUBEBUILDER_ASSETS is ${assets}, where ${(await missingFrom(assets)).join(', ')} is missing: looking further.`);
  }
  if ((await run('go', ['version'], env)) !== 0) return undefined;
  return build(await cacheFolder(env), say, env);
}

async function build(folder: string, say: (line: string) => void, env: NodeJS.ProcessEnv): Promise<Binaries> {
  await mkdir(folder, { recursive: true });
  const version = await kubernetesVersion();
  const stamp = 'k8s.io/component-base/version';
  const [major, minor] = version.slice(1).split('.');
  const flags = `-s -w -X ${stamp}.gitVersion=${version} -X ${stamp}.gitMajor=${major} -X ${stamp}.gitMinor=${minor} -X ${stamp}.gitTreeState=clean`;
  const missing = await missingFrom(folder);
  say(`Building ${missing.join(', ')} ${version} from source, once, into ${folder}: about nine minutes on two cores.`);
  for (const [index, name] of missing.entries()) {
    const began = Date.now();
    say(`  ${index + 1} of ${missing.length}: ${name} …`);
    const partial = join(folder, `.${name}.${process.pid}`);
    const code = await run('go', ['build', '-mod=readonly', '-trimpath', '-ldflags', flags, '-o', partial, PACKAGES[name]], {
      ...env,
      CGO_ENABLED: '0',
    });
    if (code !== 0) throw new Error(`go build of ${name} failed with code ${code}; its output is above`);
    await rename(partial, join(folder, name));
    say(`  ${index + 1} of ${missing.length}: ${name}, ${Math.round((Date.now() - began) / 1000)} s`);
  }
  return binariesIn(folder);
}

const cacheFolder = async (env: NodeJS.ProcessEnv): Promise<string> =>
  join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'probewise', 'kubernetes', await kubernetesVersion());

/** The one that go.mod pins, `v1.35.4`. */
export async function kubernetesVersion(): Promise<string> {
  const version = /^\s*k8s\.io\/kubernetes (v\S+)/m.exec(await readFile(join(TOOLS, 'go.mod'), 'utf8'))?.[1];
  if (version === undefined) throw new Error('test/control-plane/tools/go.mod does not require k8s.io/kubernetes');
  return version;
}

const binariesIn = (folder: string): Binaries => ({
  folder,
  etcd: join(folder, 'etcd'),
  apiServer: join(folder, 'kube-apiserver'),
  controllerManager: join(folder, 'kube-controller-manager'),
  kubectl: join(folder, 'kubectl'),
});

const NAMES = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'] as const satisfies (keyof typeof PACKAGES)[];

async function missingFrom(folder: string): Promise<(keyof typeof PACKAGES)[]> {
  const there = await Promise.all(
    NAMES.map((name) =>
      access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return NAMES.filter((_, index) => there[index] === false);
}

/** Resolves to the exit code; 127 where there is no such program. `go version` is quiet, everything else speaks on the screen. */
function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const quiet = args[0] === 'version';
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: TOOLS, env, stdio: quiet ? 'ignore' : ['ignore', 'inherit', 'inherit'] });
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
