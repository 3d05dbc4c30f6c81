import * as z from 'zod';
import { isObject, type JsonObject } from '../core/json.ts';
import { API_VERSION, KIND, policySpec } from './policy-schema.ts';
import { policyStatus } from './policy-status-schema.ts';

const [GROUP = '', VERSION = ''] = API_VERSION.split('/');

const PLURAL = 'clusterprobepolicies';

/** The CustomResourceDefinition of ClusterProbePolicy, from the one schema that the file loader uses too. */
export const customResourceDefinition = (): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${PLURAL}.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Cluster',
    names: {
      kind: KIND,
      listKind: `${KIND}List`,
      plural: PLURAL,
      singular: KIND.toLowerCase(),
      shortNames: ['cpp'],
      categories: ['probewise'],
    },
    versions: [
      {
        name: VERSION,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          column('Mode', 'string', '.spec.mode'),
          column('Profile', 'string', '.spec.profile'),
          column('Priority', 'integer', '.spec.priority'),
          column('Namespaces', 'integer', '.status.namespaces'),
          column('Accepted', 'string', '.status.conditions[?(@.type=="Accepted")].status'),
          { ...column('Ruleset', 'string', '.spec.ruleset'), priority: 1 },
          { ...column('Patch', 'string', '.spec.patch'), priority: 1 },
          column('Age', 'date', '.metadata.creationTimestamp'),
        ],
        schema: {
          openAPIV3Schema: {
            description: 'How the probes of workloads are judged in the namespaces that it selects.',
            type: 'object',
            required: ['spec'],
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object' },
              spec: structural(policySpec),
              status: structural(policyStatus),
            },
          },
        },
      },
    ],
  },
});

const column = (name: string, type: string, jsonPath: string): JsonObject => ({ name, type, jsonPath });

/** A structural schema: the API server prunes fields that are not known by itself, and takes no word about it. */
function structural(schema: z.ZodType): unknown {
  return withoutClosing(z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', reused: 'inline' }));
}

const NOT_STRUCTURAL: ReadonlySet<string> = new Set(['$schema', 'propertyNames']);

function withoutClosing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutClosing);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, item]) => !NOT_STRUCTURAL.has(key) && !(key === 'additionalProperties' && item === false),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutClosing(item)]));
}
