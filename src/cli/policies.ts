import { readFile } from 'node:fs/promises';
import type { Policy } from '../core/policy.ts';
import { display } from '../core/path.ts';
import type { CliEnvironment } from './environment.ts';
import { reason } from './input/files.ts';

/** The policies of all files, or undefined after saying on stderr what is wrong with them: half a policy is none. */
export async function readPolicies(files: readonly string[], environment: CliEnvironment): Promise<Policy[] | undefined> {
  if (files.length === 0) return [];
  // The schema's library is worth a tenth of a second: only who has a policy waits for it.
  const { loadPolicies } = await import('../config/policy-file.ts');
  const policies: Policy[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      const loaded = loadPolicies(await readFile(file, 'utf8'), file);
      policies.push(...loaded.policies);
      problems.push(
        ...loaded.problems.map(({ line, column, path, message }) => {
          const field = typeof path === 'string' ? path : display(path);
          return `${file}:${line}:${column}: ${field === '' ? '' : `${field}: `}${message}`;
        }),
      );
    } catch (error) {
      problems.push(`${file}: ${reason(error)}`);
    }
  }
  for (const problem of problems) environment.stderr.write(`error: ${problem}\n`);
  return problems.length === 0 ? policies : undefined;
}
