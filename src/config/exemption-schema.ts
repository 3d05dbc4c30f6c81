import * as z from 'zod';
import { parseTime } from '../core/time.ts';
import { globs } from './glob-schema.ts';
import { must } from './kubernetes-validation.ts';
import { ruleGlob } from './rule-name-schema.ts';

const EXPIRES = 'expires is a date or a time as in RFC 3339, in quotes: "2027-01-31" or "2027-01-31T12:00:00Z"';

const expires = must(
  z
    .string()
    .max(35)
    .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2}))?$/, { error: EXPIRES }),
  (time) => parseTime(time) !== undefined,
  // A day that is in no calendar makes timestamp() fail, which refuses the object as well.
  "timestamp(size(self) == 10 ? self + 'T00:00:00Z' : self) > timestamp('1970-01-01T00:00:00Z')",
  EXPIRES,
).describe(
  'From this moment on the exemption counts as absent: a time as in RFC 3339, or a date, whose first moment in UTC it is.',
);

export const exemption = must(
  z.strictObject({
    namespaces: globs('Names of namespaces.').exactOptional(),
    kinds: globs('Kinds of workloads, such as StatefulSet.').exactOptional(),
    names: globs('Names of workloads.').exactOptional(),
    containers: globs('Names of containers.').exactOptional(),
    rules: z.array(ruleGlob).min(1).max(64).describe('Ids of rules. Globs: * and ?.').exactOptional(),
    reason: must(
      z.string().min(1).max(1024),
      (reason) => reason.trim() !== '',
      "self.trim() != ''",
      'an exemption needs a reason: who allowed it, and where it is written down',
    ).describe('Why, for whoever meets it later. It is told with every finding that it lets pass.'),
    expires: expires.exactOptional(),
  }),
  ({ namespaces, kinds, names, containers, rules }) =>
    [namespaces, kinds, names, containers, rules].some((limit) => limit !== undefined),
  'has(self.namespaces) || has(self.kinds) || has(self.names) || has(self.containers) || has(self.rules)',
  'an exemption needs at least one of namespaces, kinds, names, containers and rules; namespaces: ["*"] exempts everything',
);
