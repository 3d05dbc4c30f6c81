import * as z from 'zod';
import { MODES, PATCHING } from '../core/policy.ts';
import { SEVERITIES } from '../core/rule.ts';
import { RULESET } from '../core/ruleset.ts';
import { MAX_FLOOR_SECONDS } from '../core/thresholds.ts';
import { endpoint } from './endpoint-schema.ts';
import { exemption } from './exemption-schema.ts';
import { must } from './kubernetes-validation.ts';
import { oneOfRules } from './rule-name-schema.ts';
import { namespaceSelector } from './selector-schema.ts';
import { workloadKind } from './workload-kind-schema.ts';

export const API_VERSION = 'probewise.dev/v1alpha1';
export const KIND = 'ClusterProbePolicy';

const floor = (description: string) => z.int().min(1).max(MAX_FLOOR_SECONDS).describe(description).exactOptional();

const thresholds = z
  .strictObject({
    livenessTimeoutSeconds: floor('Least timeoutSeconds of a liveness probe.'),
    livenessToleranceSeconds: floor(
      'How long at least a liveness check of its own process may fail before the kubelet restarts the container: (failureThreshold - 1) times periodSeconds.',
    ),
    livenessToleranceUnknownSeconds: floor('The same where it cannot be told what the liveness probe asks.'),
    livenessToleranceDependencySeconds: floor(
      'The same where the liveness probe asks more than its own process (a dependency, readiness, an aggregate, a resource) and is let in all the same.',
    ),
    readinessTimeoutSeconds: floor('Least timeoutSeconds of a readiness probe that asks more than its own process.'),
    readinessToleranceSeconds: floor(
      'How long at least a readiness check of shared dependencies may fail before the pod gets no more traffic.',
    ),
    startupBudgetSeconds: floor(
      'How long at least a container may take to start; in a Deployment, never more than its progressDeadlineSeconds.',
    ),
  })
  .describe('Floors under the numbers of probes, in seconds, that replace those of the profile one by one.');

/**
 * Off, as a person writes it, is false for YAML 1.1, which kubectl reads: so both are taken. The API server then needs a field without a
 * type, which its expressions cannot see: hence minProperties instead of one of them.
 */
const severity = z
  .literal([...SEVERITIES, 'Off', false])
  .meta({ 'x-kubernetes-preserve-unknown-fields': true })
  .describe('The worst severity that the rule may have: it lowers, and never raises. Off, or false, turns the rule off.');

const rule = z
  .strictObject({
    name: oneOfRules.describe('Id of a rule, as `probewise rules` lists them.'),
    severity: severity.exactOptional(),
    fix: z
      .enum(['Auto', 'Never'])
      .describe('Never: what this rule finds is told, and not patched. Auto is the default.')
      .exactOptional(),
  })
  .refine((settings) => settings.severity !== undefined || settings.fix !== undefined, {
    error: 'a rule needs a severity (Error, Warning, Info or Off) or a fix (Auto or Never)',
  })
  .meta({ minProperties: 2 });

export const policySpec = z
  .strictObject({
    mode: z
      .enum(MODES)
      .default('Warn')
      .describe(
        'What is done about findings. Audit: they are recorded, and the caller is told nothing. Warn: Errors and Warnings become warnings. Enforce: Errors deny, Warnings warn.',
      ),
    profile: z
      .enum(['Standard', 'Resilient'])
      .default('Standard')
      .describe('The set of thresholds that applies where `thresholds` says nothing. Resilient is the more patient one.'),
    ruleset: z
      .string()
      .max(16)
      .regex(/^(Latest|[0-9]{1,4}\.[0-9]{1,4})$/, { error: 'a ruleset is a release such as "0.1", in quotes, or Latest' })
      .default(RULESET)
      .describe(
        'The release of the rules, such as "0.1" (in quotes), or Latest. Rules and knowledge that came later yield a Warning at most, so that an upgrade does not turn into denials. The default is the release that stores the policy.',
      ),
    priority: z
      .int()
      .min(-2_147_483_648)
      .max(2_147_483_647)
      .default(0)
      .meta({ format: 'int32' })
      .describe(
        'Where several policies match a namespace, the one with the highest priority applies, whole: nothing is merged. Of equals, the oldest.',
      ),
    namespaceSelector: namespaceSelector.default({}),
    patch: z
      .enum(PATCHING)
      .default('Auto')
      .describe(
        'What the webhook may make more patient. Auto: workloads and Pods, but nothing that an operator or a GitOps tool manages. Pods: only Pods. Never: nothing.',
      ),
    thresholds: thresholds.exactOptional(),
    rules: must(
      z.array(rule).max(64),
      (rules) => new Set(rules.map(({ name }) => name)).size === rules.length,
      'self.all(a, self.exists_one(b, b.name == a.name))',
      'each rule may stand here only once',
    )
      .describe('What this policy makes of single rules. A rule that is not here has its own severity.')
      .exactOptional(),
    endpoints: z
      .array(endpoint)
      .max(256)
      .describe(
        'What only you know about your own endpoints and commands. All that an entry names must match; the first that matches counts.',
      )
      .exactOptional(),
    exemptions: z
      .array(exemption)
      .max(256)
      .describe(
        'What is let pass: an Error becomes a Warning, a Warning an Info, and nothing is patched. A list that is absent limits nothing.',
      )
      .exactOptional(),
    workloads: z
      .array(workloadKind)
      .max(64)
      .describe('Kinds that carry a pod spec, beyond those that Probewise knows.')
      .exactOptional(),
    overrides: z
      .enum(['Any', 'Tighten', 'None'])
      .default('Any')
      .describe(
        'What the annotations of a namespace may do. Any: loosen and tighten. Tighten: only a stricter mode, a higher threshold or a higher severity. None: nothing.',
      ),
  })
  .describe('How probes are judged in the namespaces that the policy selects, and what is done about it.');

/** The whole object, as a person writes it. What the API server adds to `metadata` is let through. */
export const clusterProbePolicy = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal(KIND),
  metadata: z.looseObject({
    name: z
      .string()
      .max(253)
      .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, {
        error: 'a name consists of lower-case letters, digits, "-" and "."',
      }),
    creationTimestamp: z.string().nullish(),
  }),
  spec: policySpec,
  status: z.unknown().optional(),
});

export type PolicySpec = z.output<typeof policySpec>;
