import type { Path } from './path.ts';

/** Where the pod specs sit in a kind of workload, and how its pods come to be. */
export interface WorkloadKind {
  readonly group: string;
  readonly kind: string;
  readonly podSpecs: readonly Path[];
  /** A Job's pods end by themselves: nothing waits for them to become Ready, and its template is immutable. */
  readonly runsToCompletion?: true;
  /** Its own webhook gives probes another meaning or refuses some: it is judged, but its template is never patched. */
  readonly neverPatched?: true;
  /** Its `spec.progressDeadlineSeconds`, in seconds, where none is written. */
  readonly progressDeadlineSeconds?: number;
}

const POD: Path = ['spec'];
const TEMPLATE: Path = ['spec', 'template', 'spec'];

/** The kinds that we know. A policy adds others with `spec.workloads`. */
export const WORKLOAD_KINDS: readonly WorkloadKind[] = [
  { group: '', kind: 'Pod', podSpecs: [POD] },
  { group: '', kind: 'ReplicationController', podSpecs: [TEMPLATE] },
  { group: 'apps', kind: 'Deployment', podSpecs: [TEMPLATE], progressDeadlineSeconds: 600 },
  { group: 'apps', kind: 'StatefulSet', podSpecs: [TEMPLATE] },
  { group: 'apps', kind: 'DaemonSet', podSpecs: [TEMPLATE] },
  { group: 'apps', kind: 'ReplicaSet', podSpecs: [TEMPLATE] },
  { group: 'batch', kind: 'Job', podSpecs: [TEMPLATE], runsToCompletion: true },
  { group: 'batch', kind: 'CronJob', podSpecs: [['spec', 'jobTemplate', 'spec', 'template', 'spec']], runsToCompletion: true },
  { group: 'argoproj.io', kind: 'Rollout', podSpecs: [TEMPLATE], progressDeadlineSeconds: 600 },
  { group: 'apps.kruise.io', kind: 'CloneSet', podSpecs: [TEMPLATE] },
  { group: 'apps.kruise.io', kind: 'StatefulSet', podSpecs: [TEMPLATE] },
  { group: 'apps.kruise.io', kind: 'DaemonSet', podSpecs: [TEMPLATE] },
  { group: 'apps.openshift.io', kind: 'DeploymentConfig', podSpecs: [TEMPLATE] },
  {
    group: 'leaderworkerset.x-k8s.io',
    kind: 'LeaderWorkerSet',
    podSpecs: [
      ['spec', 'leaderWorkerTemplate', 'leaderTemplate', 'spec'],
      ['spec', 'leaderWorkerTemplate', 'workerTemplate', 'spec'],
    ],
  },
  { group: 'serving.knative.dev', kind: 'Service', podSpecs: [TEMPLATE], neverPatched: true },
];

/** The template around a pod spec: what must differ for an update to roll out. The whole object for a bare Pod. */
export const templatePath = (podSpec: Path): Path => podSpec.slice(0, -1);
