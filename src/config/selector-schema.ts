import * as z from 'zod';
import { must } from './kubernetes-validation.ts';

const labelKey = z.string().min(1).max(317);
const labelValue = z.string().max(63);

const requirement = must(
  z.strictObject({
    key: labelKey.describe('Key of a label.'),
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']).describe('How the label relates to the values.'),
    values: z
      .array(labelValue)
      .max(256)
      .describe('For In and NotIn: at least one. For Exists and DoesNotExist: none.')
      .exactOptional(),
  }),
  ({ operator, values = [] }) => ['In', 'NotIn'].includes(operator) === values.length > 0,
  "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
  'In and NotIn need values; Exists and DoesNotExist have none',
);

export const namespaceSelector = z
  .strictObject({
    matchLabels: z.record(labelKey, labelValue).describe('Labels that the namespace has, with these values.').exactOptional(),
    matchExpressions: z.array(requirement).max(64).describe('Conditions that all hold.').exactOptional(),
  })
  .meta({ 'x-kubernetes-map-type': 'atomic' })
  .describe(
    'The namespaces that this policy is for, by their labels; an empty selector takes all. A single one is selected by its label kubernetes.io/metadata.name.',
  );
