import type { Policy } from '../core/policy.ts';
import { loadPolicies } from './policy-file.ts';

export interface PolicySet {
  readonly policies: readonly Policy[];
  /** `file:line:column: field: what is wrong`. Where there is one, none of the policies is to be used: half a policy is none. */
  readonly problems: readonly string[];
}

/** The policies of several files, with their texts in the same order. */
export function readPolicySet(files: readonly string[], texts: readonly string[]): PolicySet {
  const loaded = files.map((file, index) => loadPolicies(texts[index] ?? '', file));
  return {
    policies: loaded.flatMap(({ policies }) => policies),
    problems: loaded.flatMap(({ problems }) =>
      problems.map(({ file, line, column, path, message }) =>
        [`${file}:${line}:${column}`, ...(path === '' ? [] : [path]), message].join(': '),
      ),
    ),
  };
}
