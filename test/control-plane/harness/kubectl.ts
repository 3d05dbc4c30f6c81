import { spawn } from 'node:child_process';

/** What a person sees. */
interface Terminal {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface KubectlOptions {
  /** Sent to standard input, for `-f -`. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs kubectl as the user of a kubeconfig. Never throws for what the API server answers. */
export type Kubectl = (args: readonly string[], options?: KubectlOptions) => Promise<Terminal>;

const LIMIT_MILLISECONDS = 60_000;

export const kubectl =
  (program: string, kubeconfig: string, namespace?: string): Kubectl =>
  (args, { input, env = {} } = {}) =>
    new Promise((resolve, reject) => {
      const flags = [`--kubeconfig=${kubeconfig}`, ...(namespace === undefined ? [] : [`--namespace=${namespace}`])];
      const child = spawn(program, [...flags, ...args], {
        env: { ...process.env, KUBECONFIG: kubeconfig, ...env },
        timeout: LIMIT_MILLISECONDS,
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('error', reject);
      child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
      child.stdin.end(input ?? '');
    });
