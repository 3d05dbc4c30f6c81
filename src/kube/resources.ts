/** A collection in the API server. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Lower case: `deployments`. */
  readonly plural: string;
}

export const NAMESPACES: Resource = { group: '', version: 'v1', plural: 'namespaces' };
export const SECRETS: Resource = { group: '', version: 'v1', plural: 'secrets' };
export const DEPLOYMENTS: Resource = { group: 'apps', version: 'v1', plural: 'deployments' };
export const REPLICA_SETS: Resource = { group: 'apps', version: 'v1', plural: 'replicasets' };
export const CONTROLLER_REVISIONS: Resource = { group: 'apps', version: 'v1', plural: 'controllerrevisions' };
export const LEASES: Resource = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };
export const POLICIES: Resource = { group: 'probewise.dev', version: 'v1alpha1', plural: 'clusterprobepolicies' };
export const MUTATING_CONFIGURATIONS: Resource = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural: 'mutatingwebhookconfigurations',
};
export const VALIDATING_CONFIGURATIONS: Resource = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural: 'validatingwebhookconfigurations',
};

export interface Where {
  /** Absent for cluster-scoped kinds, and for all namespaces. */
  readonly namespace?: string;
  /** Absent for the collection. */
  readonly name?: string;
  readonly subresource?: 'status';
}

/** `/apis/apps/v1/namespaces/shop/deployments/web`. */
export function pathOf({ group, version, plural }: Resource, { namespace, name, subresource }: Where = {}): string {
  const steps = group === '' ? ['api', version] : ['apis', group, version];
  if (namespace !== undefined) steps.push('namespaces', namespace);
  steps.push(plural);
  if (name !== undefined) steps.push(name);
  if (subresource !== undefined) steps.push(subresource);
  return `/${steps.map((step) => encodeURIComponent(step)).join('/')}`;
}
