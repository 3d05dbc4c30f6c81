import type { EffectivePolicy } from '../core/policy.ts';
import type { WorkloadKind } from '../core/workload-kinds.ts';

/** Something that goes on in all replicas, and does its work in the one that leads. */
export interface LeaderTask {
  /** Leadership has changed. */
  wake(): void;
  stop(): Promise<void>;
}

/** What such a task may ask of what is known of the cluster. */
export interface LeaderContext {
  isLeader(): boolean;
  /** Are policies and namespaces known? */
  isReady(): boolean;
  policyFor(namespace: string): EffectivePolicy;
  kinds(): readonly WorkloadKind[];
}
