import { BUILT_IN_POLICY } from '../../../src/core/policy.ts';
import { resolve } from '../../../src/core/resolve.ts';
import { readWorkload } from '../../../src/core/workload.ts';
import { WORKLOAD_KINDS } from '../../../src/core/workload-kinds.ts';
import { evaluate } from '../../../src/engine.ts';

/** What the engine says about an object, one line for each finding. */
export function judge(object: unknown): string[] {
  const workload = readWorkload(object, WORKLOAD_KINDS);
  if (workload === undefined) throw new Error('This is no workload.');
  const { policy: effective } = resolve([BUILT_IN_POLICY], { name: 'guard', labels: {}, annotations: {} }, 0);
  return evaluate(workload, effective).findings.map(({ rule, severity, message }) => `${rule} ${severity}: ${message}`);
}
