import type { ServingCertificate } from '../tls/certificate.ts';
import type { CertificateStep } from '../tls/plan.ts';
import type { CanaryResult } from './canary.ts';
import type { KnownPolicy } from './policies.ts';

/** What is read from the API server all the time, or done there. */
type ClusterTask = 'policies' | 'namespaces' | 'certificates' | 'lease' | 'canary' | 'status' | 'scan';

/** Told of everything that happens between us and the cluster: for the log and the metrics. Must not throw. */
export interface ClusterReport {
  /** It did not work and will be tried again; what was known stays in force. Said once for each new sentence. */
  failed(task: ClusterTask, sentence: string): void;
  /** The names of the policies in force. */
  policiesChanged(names: readonly string[]): void;
  policyInvalid(known: KnownPolicy): void;
  leading(now: boolean): void;
  certificateChanged(certificate: ServingCertificate): void;
  certificateStep(step: CertificateStep): void;
  bundleRestored(kind: string): void;
  /** Undefined: this replica does not look any more. */
  canary(results: readonly CanaryResult[] | undefined): void;
}

/** What a server that watches a cluster knows of it. */
export interface ClusterFigures {
  readonly policiesAgeSeconds: number;
  readonly namespacesAgeSeconds: number;
  readonly policies: Readonly<Record<'accepted' | 'partly' | 'invalid', number>>;
}
