import * as z from 'zod';
import { WORKLOAD_KINDS } from '../core/workload-kinds.ts';
import { celList, must } from './kubernetes-validation.ts';

const known = WORKLOAD_KINDS.map(({ group, kind }) => `${group}/${kind}`);

export const workloadKind = must(
  z.strictObject({
    group: z
      .string()
      .max(253)
      .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, {
        error: 'an API group is written without a version, in lower case: argoproj.io',
      })
      .describe('API group, without a version: argoproj.io.'),
    kind: z
      .string()
      .max(63)
      .regex(/^[A-Z][A-Za-z0-9]*$/, { error: 'a kind is written as in a manifest: Rollout' })
      .describe('Kind, such as Rollout.'),
    podSpecPath: z
      .string()
      .max(256)
      .regex(/^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)*$/, {
        error: 'a path consists of field names with dots between them: spec.template.spec',
      })
      .describe('Where its pod spec is: spec.template.spec. A kind with several pod specs has several entries.'),
  }),
  ({ group, kind }) => !known.includes(`${group}/${kind}`),
  `!((self.group + '/' + self.kind) in ${celList(known)})`,
  'Probewise knows this kind already: leave it out',
);
