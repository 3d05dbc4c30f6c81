import { matchesGlob } from '../core/glob.ts';

/**
 * Accounts of controllers, as globs: what they make is never denied, because it would fail in the dark, on the night of a node
 * drain. An ownerReference is no proof (anyone can write one); who asks is. Deployers that apply what people wrote, such as
 * Argo CD's and Flux', are not among them.
 */
export const CONTROLLER_ACCOUNTS: readonly string[] = [
  'system:kube-controller-manager',
  'system:serviceaccount:kube-system:replicaset-controller',
  'system:serviceaccount:kube-system:deployment-controller',
  'system:serviceaccount:kube-system:statefulset-controller',
  'system:serviceaccount:kube-system:daemon-set-controller',
  'system:serviceaccount:kube-system:replication-controller',
  'system:serviceaccount:kube-system:job-controller',
  'system:serviceaccount:kube-system:cronjob-controller',
  'system:serviceaccount:kube-system:generic-garbage-collector',
  'system:node:*',
  'system:serviceaccount:openshift-infra:*',
  'system:serviceaccount:argo-rollouts:argo-rollouts',
  'system:serviceaccount:kruise-system:kruise-manager',
  'system:serviceaccount:lws-system:lws-controller-manager',
  'system:serviceaccount:knative-serving:controller',
];

export const isControllerAccount = (user: string, accounts: readonly string[]): boolean =>
  accounts.some((account) => matchesGlob(account, user));
