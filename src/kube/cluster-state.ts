import type { BeforeDenial, NamespacePolicy } from '../admission/admit.ts';
import type { ResolveNamespace } from '../admission/namespace.ts';
import type { Policy } from '../core/policy.ts';
import type { WorkloadKind } from '../core/workload-kinds.ts';
import type { ServingCertificate } from '../tls/certificate.ts';
import type { KubeApi } from './api.ts';
import { beforeDenial } from './before-denial.ts';
import { startCanary } from './canary.ts';
import { keepCertificates } from './certificates.ts';
import type { ClusterFigures, ClusterReport } from './cluster-report.ts';
import type { LeaderContext, LeaderTask } from './leader-task.ts';
import { leadByLease } from './lease.ts';
import { watchNamespaces } from './namespaces.ts';
import { watchPolicies } from './policies.ts';
import { policyState } from './policy-state.ts';
import type { Enforcing } from './policy-status.ts';
import { writeStatuses } from './status.ts';
import type { Clockwork } from './watch.ts';

export interface ClusterOptions {
  readonly api: KubeApi;
  /** Where this server runs: its Lease and its Secret are there. */
  readonly namespace: string;
  readonly leaseName: string;
  /** Of this process among its replicas, and never of another one. */
  readonly identity: string;
  /** Absent where the certificate comes from files. */
  readonly certificates?: {
    readonly secretName: string;
    readonly dnsNames: readonly string[];
    readonly overlapMilliseconds?: number;
  };
  /** Absent: no canary. */
  readonly canaryNamespace?: string;
  readonly clockwork: Clockwork;
  readonly report: ClusterReport;
  /** What else only the leader does. */
  readonly leaderTask?: (context: LeaderContext) => LeaderTask;
}

/** All that the webhook knows of its cluster. Decisions are made from memory, whether or not the API server is there. */
export interface ClusterState {
  policyFor(namespace: string): NamespacePolicy;
  kinds(): readonly WorkloadKind[];
  readonly resolveNamespace: ResolveNamespace;
  readonly beforeDenial: BeforeDenial;
  /** Why no request should come yet, as a sentence. Once there is none, there is none again. */
  notReady(): string | undefined;
  /** The first certificate that can be served with; later ones come by the report. Never rejects; waits for ever. */
  certificate(): Promise<ServingCertificate>;
  figures(): ClusterFigures;
  /** Hands the leader's work over and stops watching; `policyFor` goes on with what is known. */
  stop(): Promise<void>;
}

export function startCluster(options: ClusterOptions): ClusterState {
  const { api, namespace, leaseName, identity, canaryNamespace, clockwork, report } = options;
  const firstCertificate = Promise.withResolvers<ServingCertificate>();
  let enforcing: Enforcing = canaryNamespace === undefined ? 'no-canary' : 'unknown';
  let told: readonly Policy[] | undefined;

  const namespaces = watchNamespaces({
    api,
    clockwork,
    changed: () => statuses.wake(),
    failed: (sentence) => report.failed('namespaces', sentence),
  });
  const policies = watchPolicies({
    api,
    clockwork,
    changed() {
      statuses.wake();
      const inForce = policies.inForce();
      if (inForce === told) return;
      told = inForce;
      report.policiesChanged(inForce.map(({ name }) => name));
    },
    failed: (sentence) => report.failed('policies', sentence),
    invalid: (known) => report.policyInvalid(known),
  });
  const state = policyState({
    policies: () => policies.inForce(),
    namespaces: namespaces.items,
    now: clockwork.now,
    ...(canaryNamespace !== undefined && { canaryNamespace }),
  });

  const lease = leadByLease({
    api,
    namespace,
    name: leaseName,
    identity,
    clockwork,
    changed(leading) {
      report.leading(leading);
      if (canaryNamespace !== undefined && !leading) {
        enforcing = 'unknown';
        report.canary(undefined);
      }
      certificates?.wake();
      canary?.wake();
      statuses.wake();
      task?.wake();
    },
    failed: (sentence) => report.failed('lease', sentence),
  });
  const isLeader = (): boolean => lease.isLeader();

  const certificates =
    options.certificates === undefined
      ? undefined
      : keepCertificates({
          ...options.certificates,
          api,
          namespace,
          isLeader,
          clockwork,
          changed(certificate) {
            firstCertificate.resolve(certificate);
            report.certificateChanged(certificate);
          },
          stepTaken: (step) => report.certificateStep(step),
          bundleRestored: (kind) => report.bundleRestored(kind),
          failed: (sentence) => report.failed('certificates', sentence),
        });
  const statuses = writeStatuses({
    api,
    known: () => policies.known(),
    namespaces: () => namespaces.items.values(),
    enforcing: () => enforcing,
    isLeader,
    clockwork,
    failed: (sentence) => report.failed('status', sentence),
  });
  const canary =
    canaryNamespace === undefined
      ? undefined
      : startCanary({
          api,
          namespace: canaryNamespace,
          isLeader,
          clockwork,
          sang(results) {
            const wrong = results.filter(({ answered }) => !answered);
            enforcing = { enforcing: wrong.length === 0, reason: wrong.map(({ reason }) => reason).join(' ') };
            report.canary(results);
            statuses.wake();
          },
          failed: (sentence) => report.failed('canary', sentence),
        });
  const task = options.leaderTask?.({
    isLeader,
    isReady: () => policies.hasSynced() && namespaces.hasSynced(),
    policyFor: (name) => state.policyFor(name).policy,
    kinds: () => state.kinds(),
  });

  return {
    policyFor: (name) => state.policyFor(name),
    kinds: () => state.kinds(),
    resolveNamespace: (facts) => state.resolveFacts(facts),
    beforeDenial: beforeDenial({ api, resolveFacts: (facts) => state.resolveFacts(facts) }),
    notReady() {
      if (!policies.hasSynced()) return 'The ClusterProbePolicies have not been read yet.';
      if (!namespaces.hasSynced()) return 'The namespaces have not been read yet.';
      return undefined;
    },
    certificate: () => firstCertificate.promise,
    figures() {
      const count = { accepted: 0, partly: 0, invalid: 0 };
      for (const { current, problems } of policies.known()) {
        count[current ? (problems.length === 0 ? 'accepted' : 'partly') : 'invalid'] += 1;
      }
      return {
        policiesAgeSeconds: policies.ageSeconds(),
        namespacesAgeSeconds: namespaces.ageSeconds(),
        policies: count,
      };
    },
    async stop() {
      await Promise.all([task?.stop(), canary?.stop(), statuses.stop(), certificates?.stop()]);
      await lease.stop();
      await Promise.all([policies.stop(), namespaces.stop()]);
    },
  };
}
