import { connect } from '../../kube/connect.ts';
import { KubeError } from '../../kube/error.ts';
import { explainNamespace as explained } from '../../kube/explain-namespace.ts';
import type { CliEnvironment } from '../environment.ts';
import { EXIT } from '../exit-code.ts';
import { describeNamespace } from '../explain/namespace.ts';
import { colorsFor } from '../report/colors.ts';
import { plainText } from '../report/plain-text.ts';

export interface ClusterChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** Says what is in force in a namespace of a cluster, and whence. */
export async function explainNamespace(
  name: string | undefined,
  { kubeconfig, context }: ClusterChoice,
  environment: CliEnvironment,
): Promise<number> {
  const { stdout, stderr } = environment;
  if (name === undefined) {
    stderr.write('error: Name the namespace: probewise explain namespace NAME.\n');
    return EXIT.unusable;
  }
  try {
    const { api } = await connect({
      env: environment.env,
      now: () => environment.now(),
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
    });
    try {
      stdout.write(describeNamespace(await explained(api, name, environment.now()), colorsFor(stdout, environment)));
    } finally {
      api.close();
    }
    return EXIT.clean;
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    stderr.write(`error: ${plainText(error.message)}\n`);
    return EXIT.unusable;
  }
}
