import { CONTROLLER_ACCOUNTS } from '../admission/controllers.ts';
import { WORKLOAD_KINDS, type WorkloadKind } from '../core/workload-kinds.ts';
import {
  hasProbes,
  madeByPeople,
  type MatchCondition,
  NO_MIRROR_POD,
  OUR_ANNOTATIONS,
  PATCHABLE,
  templateChanges,
} from './webhook-conditions.ts';

/** Both configurations bear it: mutating ones run in name order, and ours must come before a service mesh's injector. */
export const CONFIGURATION_NAME = 'admission.probewise.dev';
/** What a person reads in `admission webhook "…" denied the request`. */
const MUTATING_WEBHOOK = 'mutate.probewise.dev';
export const VALIDATING_WEBHOOK = 'validate.probewise.dev';
/** Never denies: it warns whoever writes an annotation of ours that cannot be used. */
const NAMESPACE_WEBHOOK = 'namespace.probewise.dev';

type ClientConfig =
  | { readonly url: string; readonly caBundle?: string }
  | {
      readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
      readonly caBundle?: string;
    };

export interface WebhookOptions {
  /** Where the server is: a URL without a path, or a Service. `caBundle` is base64 of PEM. */
  readonly client: ClientConfig;
  /** Namespaces that are never looked at, by name: users cannot forge `kubernetes.io/metadata.name`. */
  readonly excludedNamespaces?: readonly string[];
  readonly controllerAccounts?: readonly string[];
  readonly kinds?: readonly WorkloadKind[];
  /** Of the validating webhook; patching never fails a request. */
  readonly failurePolicy?: 'Ignore' | 'Fail';
  readonly timeoutSeconds?: number;
}

export interface WebhookConfiguration {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
  readonly metadata: { readonly name: string };
  readonly webhooks: readonly { readonly [key: string]: unknown }[];
}

/** Both configurations, as they are applied to a cluster: the one source of names, rules and match conditions. */
export function webhookConfigurations(options: WebhookOptions): readonly [WebhookConfiguration, WebhookConfiguration] {
  const { kinds = WORKLOAD_KINDS, controllerAccounts = CONTROLLER_ACCOUNTS } = options;
  const shared = [templateChanges(kinds), hasProbes(kinds), NO_MIRROR_POD];
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: CONFIGURATION_NAME },
      webhooks: [
        {
          ...webhook(MUTATING_WEBHOOK, '/mutate', options, [...shared, PATCHABLE]),
          rules: rules(kinds, 'mutate'),
          reinvocationPolicy: 'IfNeeded',
          failurePolicy: 'Ignore',
        },
      ],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: CONFIGURATION_NAME },
      webhooks: [
        {
          ...webhook(VALIDATING_WEBHOOK, '/validate', options, [...shared, madeByPeople(controllerAccounts)]),
          rules: rules(kinds, 'validate'),
          failurePolicy: options.failurePolicy ?? 'Ignore',
        },
        {
          ...webhook(NAMESPACE_WEBHOOK, '/validate', options, OUR_ANNOTATIONS),
          rules: [
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['namespaces'],
              scope: 'Cluster',
            },
          ],
          failurePolicy: 'Ignore',
        },
      ],
    },
  ];
}

function webhook(name: string, path: string, options: WebhookOptions, matchConditions: readonly MatchCondition[]) {
  return {
    name,
    clientConfig: clientConfig(options.client, path),
    matchConditions,
    matchPolicy: 'Equivalent',
    namespaceSelector: {
      matchExpressions: [
        { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: options.excludedNamespaces ?? ['kube-system'] },
      ],
    },
    sideEffects: 'None',
    // A silent partition of the network costs one request the whole of it.
    timeoutSeconds: options.timeoutSeconds ?? 2,
    admissionReviewVersions: ['v1'],
  };
}

function clientConfig(client: ClientConfig, path: string): unknown {
  return 'url' in client ? { ...client, url: `${client.url}${path}` } : { ...client, service: { ...client.service, path } };
}

/** Pods cannot change their probes, and Jobs not their template: those are patched when they are made, or never. */
function rules(kinds: readonly WorkloadKind[], door: 'mutate' | 'validate'): unknown[] {
  const fixed = ({ group, kind }: WorkloadKind): boolean =>
    group === '' ? kind === 'Pod' : door === 'mutate' && group === 'batch' && kind === 'Job';
  const judged = kinds.filter(({ neverPatched }) => door === 'validate' || neverPatched !== true);
  return [
    ...byGroup(judged.filter(fixed), ['CREATE']),
    ...byGroup(
      judged.filter((kind) => !fixed(kind)),
      ['CREATE', 'UPDATE'],
    ),
  ];
}

const BUILT_IN_GROUPS = new Set(['', 'apps', 'batch']);

function byGroup(kinds: readonly WorkloadKind[], operations: readonly string[]): unknown[] {
  return [...Map.groupBy(kinds, ({ group }) => group)].map(([group, members]) => ({
    apiGroups: [group],
    // A custom kind keeps its pod spec in place from version to version, and may be served in any.
    apiVersions: BUILT_IN_GROUPS.has(group) ? ['v1'] : ['*'],
    operations,
    resources: members.map(({ kind }) => `${kind.toLowerCase()}s`),
    scope: 'Namespaced',
  }));
}
