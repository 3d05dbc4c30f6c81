import { run } from './run.ts';

/** What harms a cluster: only where the one who runs the tests has named a program that can. */
export interface Faults {
  /** cut-node N, join-node N, kill-node N, start-node N, restart etcd|apiserver. */
  (command: string, argument: string): Promise<void>;
}

export const HOW_TO_GET_FAULTS =
  'Skipped, what needs faults of nodes: set PROBEWISE_FAULTS to a program that takes cut-node N, join-node N, kill-node N, start-node N and restart NAME, for nodes named nodeN.';

const program = process.env['PROBEWISE_FAULTS'];

export const faults: Faults | undefined =
  program === undefined || program === ''
    ? undefined
    : async (command, argument) => {
        const { code, stdout, stderr } = await run(program, [command, argument]);
        if (code !== 0) throw new Error(`${program} ${command} ${argument} ended with ${code}: ${stderr || stdout}`);
      };
