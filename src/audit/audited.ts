import type { Finding } from '../core/finding.ts';
import type { WorkloadHistory } from './history/history.ts';

/** What admission would do with an object if it were created now and its policy were in mode Enforce. */
export type IfEnforced = 'denied' | 'patched' | 'warned' | 'admitted';

/** A workload of the cluster, as it is judged. Holds nothing of the object itself: thousands of these stay in memory. */
export interface AuditedWorkload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The policy that it was judged by. */
  readonly policy: string;
  readonly findings: readonly Finding[];
  readonly ifEnforced: IfEnforced;
  readonly history: WorkloadHistory;
}

/** What could not be read, and so was not judged. */
export interface Skipped {
  /** `deployments`, `events`, `namespaces`, … */
  readonly what: string;
  /** Empty for the whole cluster. */
  readonly namespaces: readonly string[];
  /** A sentence. */
  readonly reason: string;
  /** Workloads are missing in the result; otherwise only what is told of them is less. */
  readonly workloads: boolean;
}

export interface Audit {
  readonly workloads: readonly AuditedWorkload[];
  readonly skipped: readonly Skipped[];
  /** What a person should know besides, in sentences, each once. */
  readonly notes: readonly string[];
  /** Objects that were looked at, the owned ones among them. */
  readonly objects: number;
}
