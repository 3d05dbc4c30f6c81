import { describe, expect, it } from 'vitest';
import { BUILT_IN_POLICY } from '../../src/core/policy.ts';
import { workloadKinds } from '../../src/core/policy-kinds.ts';
import { readWorkload } from '../../src/core/workload.ts';
import { WORKLOAD_KINDS } from '../../src/core/workload-kinds.ts';

const entry = (podSpecPath: string[]) => ({ group: 'example.com', kind: 'Pair', podSpecPath });

describe('the kinds of workloads', () => {
  it('are those that we know where no policy adds any', () => {
    expect(workloadKinds([BUILT_IN_POLICY])).toBe(WORKLOAD_KINDS);
  });

  it('are more where policies add some, with as many pod specs as there are entries', () => {
    const left = { ...BUILT_IN_POLICY, workloads: [entry(['spec', 'left', 'spec']), entry(['spec', 'right', 'spec'])] };
    const again = { ...BUILT_IN_POLICY, workloads: [entry(['spec', 'left', 'spec'])] };
    const kinds = workloadKinds([left, again]);
    const pod = { containers: [{ name: 'app', image: 'x' }] };
    const object = { apiVersion: 'example.com/v1', kind: 'Pair', spec: { left: { spec: pod }, right: { spec: pod } } };
    expect(readWorkload(object, kinds)?.pods.map(({ at }) => at.join('.'))).toEqual(['spec.left.spec', 'spec.right.spec']);
  });
});
