import { type Container, type PodSpec, readPodSpec } from '../../src/core/container.ts';
import type { Handler } from '../../src/core/probe.ts';
import type { EndpointFact, Verdict } from '../../src/core/verdict.ts';
import { classify } from '../../src/knowledge/classify.ts';

/** A pod of these containers, read as the API server would hand them over. */
export const podOf = (...containers: readonly object[]): PodSpec => readPodSpec({ containers }, ['spec']);

export function only(pod: PodSpec): Container {
  const [container] = pod.containers;
  if (container === undefined) throw new Error('the pod has no container');
  return container;
}

export function livenessOf(pod: PodSpec): Handler {
  const handler = only(pod).livenessProbe?.handler;
  if (handler === undefined) throw new Error('the container has no livenessProbe');
  return handler;
}

/** The verdict on the livenessProbe of the first container. */
export function judge(container: object, others: readonly object[] = [], facts: readonly EndpointFact[] = []): Verdict {
  const pod = podOf({ name: 'app', image: 'example/app:1', ...container }, ...others);
  return classify(livenessOf(pod), only(pod), pod, facts);
}

export const judgeHttp = (path: string, image = 'example/app', port: number | string = 8080): Verdict =>
  judge({ image, livenessProbe: { httpGet: { path, port } } });

export const judgeCommand = (command: readonly string[], image = 'example/app', env: readonly object[] = []): Verdict =>
  judge({ image, env, livenessProbe: { exec: { command } } });

export const judgeScript = (script: string, image?: string, env?: readonly object[]): Verdict =>
  judgeCommand(['sh', '-c', script], image, env);
