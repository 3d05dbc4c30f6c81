import { readFile } from 'node:fs/promises';
import type { Policy } from '../core/policy.ts';
import type { CliEnvironment } from './environment.ts';
import { reason } from './input/files.ts';

/** The policies of all files, or undefined after saying on stderr what is wrong with them: half a policy is none. */
export async function readPolicies(
  files: readonly string[],
  environment: CliEnvironment,
): Promise<readonly Policy[] | undefined> {
  if (files.length === 0) return [];
  // The schema's library is worth a tenth of a second: only who has a policy waits for it.
  const { readPolicySet } = await import('../config/policy-set.ts');
  const texts = new Map<string, string>();
  const unreadable: string[] = [];
  for (const file of files) {
    try {
      texts.set(file, await readFile(file, 'utf8'));
    } catch (error) {
      unreadable.push(`${file}: ${reason(error)}`);
    }
  }
  const { policies, problems } = readPolicySet([...texts.keys()], [...texts.values()]);
  for (const problem of [...unreadable, ...problems]) environment.stderr.write(`error: ${problem}\n`);
  return unreadable.length + problems.length === 0 ? policies : undefined;
}
