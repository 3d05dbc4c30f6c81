import * as z from 'zod';

const condition = z.strictObject({
  type: z
    .string()
    .max(316)
    .describe(
      'Accepted: the policy can be read and is in force. Conflicting: another of the same priority selects the same namespaces. Enforcing: the API server calls the webhook.',
    ),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it is so.'),
  observedGeneration: z
    .int()
    .min(0)
    .meta({ format: 'int64' })
    .describe('The generation of the policy that this is about.')
    .optional(),
  lastTransitionTime: z.string().meta({ format: 'date-time' }).describe('When the status changed last.'),
  reason: z.string().min(1).max(1024).describe('The reason in one word.'),
  message: z.string().max(32_768).describe('The reason in a sentence.'),
});

/** What Probewise writes about a policy. */
export const policyStatus = z
  .strictObject({
    observedGeneration: z
      .int()
      .min(0)
      .meta({ format: 'int64' })
      .describe('The generation of the policy that is in force.')
      .optional(),
    ruleset: z.string().max(16).describe('The newest ruleset of the release that applies the policy.').optional(),
    namespaces: z.int().min(0).meta({ format: 'int32' }).describe('How many namespaces it applies to now.').optional(),
    conditions: z
      .array(condition)
      .max(16)
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
      .describe('What is known of the policy.')
      .optional(),
  })
  .describe('Written by Probewise.');

export type PolicyStatus = z.output<typeof policyStatus>;
