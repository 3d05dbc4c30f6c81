import { messageOf } from '../../control-plane/harness/api-client.ts';
import type { Api } from './api.ts';
import { NAMESPACE, workload } from './workloads.ts';

/** What came of a Deployment with a bad liveness probe: `unchecked` means that Probewise was not asked. */
export type Outcome = 'denied' | 'warned' | 'unchecked' | 'failed';

export interface Asked {
  readonly outcome: Outcome;
  readonly milliseconds: number;
  /** What was said. */
  readonly text: string;
}

/** Sends a bad Deployment, in a dry run. Never rejects. */
export async function ask(api: Api, namespace: string = NAMESPACE): Promise<Asked> {
  const began = performance.now();
  const told = (outcome: Outcome, text: string): Asked => ({ outcome, milliseconds: performance.now() - began, text });
  try {
    const answer = await api.send(
      'POST',
      `/apis/apps/v1/namespaces/${namespace}/deployments?dryRun=All`,
      workload({ namespace }),
    );
    const message = messageOf(answer.body);
    if (answer.status === 403 && message.includes('admission webhook "validate.probewise.dev" denied'))
      return told('denied', message);
    if (answer.status !== 201) return told('failed', `${answer.status} ${message}`);
    const warning = answer.warnings.find((line) => line.includes('liveness-dependency'));
    return warning === undefined ? told('unchecked', '') : told('warned', answer.warnings.join('\n'));
  } catch (error) {
    return told('failed', error instanceof Error ? error.message : String(error));
  }
}

export interface Load {
  /** Ends it, when what is in flight has been answered. */
  stop(): Promise<readonly Asked[]>;
  readonly asked: readonly Asked[];
}

/** Bad Deployments, so many at a time, each with a pause after it, until it is stopped or so many were sent. */
export function load(
  api: Api,
  options: { readonly atATime: number; readonly pauseMilliseconds?: number; readonly limit?: number },
): Load {
  const { atATime, pauseMilliseconds = 20, limit = 50_000 } = options;
  const asked: Asked[] = [];
  const stopping = new AbortController();
  let sent = 0;
  async function one(): Promise<void> {
    while (!stopping.signal.aborted && sent < limit) {
      sent += 1;
      asked.push(await ask(api));
      await new Promise((resolve) => void setTimeout(resolve, pauseMilliseconds));
    }
  }
  const running = Promise.all(Array.from({ length: atATime }, one));
  return {
    asked,
    async stop() {
      stopping.abort();
      await running;
      return asked;
    },
  };
}

/** How often each outcome was seen, and the slowest answer: for an assertion that shows everything when it fails. */
export function summary(asked: readonly Asked[]) {
  const count = (outcome: Outcome): number => asked.filter((one) => one.outcome === outcome).length;
  return {
    sent: asked.length,
    denied: count('denied'),
    warned: count('warned'),
    unchecked: count('unchecked'),
    failed: count('failed'),
    slowest: Math.round(Math.max(0, ...asked.map(({ milliseconds }) => milliseconds))),
    failures: textsOf(asked, 'failed'),
    warnings: textsOf(asked, 'warned'),
  };
}

const textsOf = (asked: readonly Asked[], wanted: Outcome): string[] =>
  [...new Set(asked.filter(({ outcome }) => outcome === wanted).map(({ text }) => text))].slice(0, 5);
