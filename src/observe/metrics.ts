import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AdmissionRecord, Door } from '../admission/record.ts';
import { WORKLOAD_KINDS } from '../core/workload-kinds.ts';
import type { ClusterFigures } from '../kube/cluster-report.ts';
import type { Refusal } from '../http/refusal.ts';
import type { Observer } from './observer.ts';
import { createScanMetrics, type ScanMetrics } from './scan-metrics.ts';

const KINDS: ReadonlySet<string> = new Set(WORKLOAD_KINDS.map(({ kind }) => kind));
const OPERATIONS: ReadonlySet<string> = new Set(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']);

/** A label's values must stay few, whatever is sent to us. */
const bounded = (value: string, known: ReadonlySet<string>): string => (known.has(value) ? value : 'other');

/** All metrics of a server. Each is described once, here; docs/operating.md is tested against it. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];

  const requests = new Counter({
    name: 'probewise_admission_requests_total',
    help: 'Admission requests that were decided, by door (mutate, validate), operation, kind (a known workload kind, or other) and decision (allowed, denied, patched, skipped).',
    labelNames: ['door', 'operation', 'kind', 'decision'],
    registers,
  });
  const duration = new Histogram({
    name: 'probewise_admission_duration_seconds',
    help: 'Time from the whole body of a request to its answer, by door.',
    labelNames: ['door'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
    registers,
  });
  const findings = new Counter({
    name: 'probewise_findings_total',
    help: 'Findings in validated objects, by rule and severity. An object that is sent again counts again.',
    labelNames: ['rule', 'severity'],
    registers,
  });
  const patchedFields = new Counter({
    name: 'probewise_patched_fields_total',
    help: 'Fields that were patched in admitted objects.',
    registers,
  });
  const problems = new Counter({
    name: 'probewise_problems_total',
    help: 'Parts of requests and annotations that could not be used: the request was judged by the rest.',
    registers,
  });
  const errors = new Counter({
    name: 'probewise_errors_total',
    help: 'Errors of Probewise itself, by the rule that failed, or probewise. The request was judged by the rest, or admitted.',
    labelNames: ['rule'],
    registers,
  });
  const refused = new Counter({
    name: 'probewise_http_refused_total',
    help: 'Requests that got an HTTP error instead of a decision, by status.',
    labelNames: ['status'],
    registers,
  });
  const distrusted = new Counter({
    name: 'probewise_tls_client_alerts_total',
    help: 'TLS handshakes that a client broke off with an alert, mostly because it does not trust the certificate (caBundle).',
    registers,
  });
  const policyLoaded = new Gauge({
    name: 'probewise_policy_last_reload_success_timestamp_seconds',
    help: 'When the policies in force were loaded, in Unix time.',
    registers,
  });
  const policyValid = new Gauge({
    name: 'probewise_policy_last_reload_successful',
    help: 'Are the policies in force the newest ones? 0 after new ones were refused.',
    registers,
  });
  const certificateExpiry = new Gauge({
    name: 'probewise_certificate_expiry_timestamp_seconds',
    help: 'When the serving certificate in use ends, in Unix time.',
    registers,
  });
  const certificateValid = new Gauge({
    name: 'probewise_certificate_last_reload_successful',
    help: 'Is the serving certificate in use the newest one? 0 after a new one was refused.',
    registers,
  });

  const enforcing = new Gauge({
    name: 'probewise_enforcing',
    help: 'Did the API server answer the canary as it does only when it calls the webhook (mutate, validate)? Written by the replica that leads.',
    labelNames: ['webhook'],
    registers,
  });
  const leader = new Gauge({
    name: 'probewise_leader',
    help: 'Does this replica lead? 1 in one replica, 0 in the others.',
    registers,
  });
  const clusterFailures = new Counter({
    name: 'probewise_cluster_failures_total',
    help: 'Calls to the API server that failed and are tried again, by task (policies, namespaces, certificates, lease, canary, status, scan). Of the same failure in a row, only the first counts.',
    labelNames: ['task'],
    registers,
  });
  const certificateSteps = new Counter({
    name: 'probewise_certificate_steps_total',
    help: 'Steps of the rotation of certificates, by step.',
    labelNames: ['step'],
    registers,
  });
  const bundlesRestored = new Counter({
    name: 'probewise_ca_bundle_writes_total',
    help: 'Webhook configurations whose caBundle was missing or another one, and was written.',
    registers,
  });
  let figures: (() => ClusterFigures) | undefined;
  const clusterAge = new Gauge({
    name: 'probewise_cluster_age_seconds',
    help: 'Seconds since the API server was last heard of this kind (policies, namespaces): up to a minute in good times.',
    labelNames: ['kind'],
    registers: [],
    collect() {
      const now = figures?.();
      if (now === undefined) return;
      this.set({ kind: 'policies' }, now.policiesAgeSeconds);
      this.set({ kind: 'namespaces' }, now.namespacesAgeSeconds);
    },
  });
  registry.registerMetric(clusterAge);
  const policies = new Gauge({
    name: 'probewise_policies',
    help: 'ClusterProbePolicies in the cluster, by state: accepted, partly (a part of it is not known to this release), invalid.',
    labelNames: ['state'],
    registers: [],
    collect() {
      const now = figures?.();
      if (now === undefined) return;
      for (const [state, count] of Object.entries(now.policies)) this.set({ state }, count);
    },
  });
  registry.registerMetric(policies);
  const scans = createScanMetrics(registry);

  return {
    ...scans,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    collectProcess: () => collectDefaultMetrics({ register: registry }),
    decided(record, seconds) {
      requests.inc({
        door: record.door,
        operation: bounded(record.operation, OPERATIONS),
        kind: bounded(record.kind, KINDS),
        decision: record.decision,
      });
      duration.observe({ door: record.door }, seconds);
      for (const { rule, severity } of record.findings) findings.inc({ rule, severity });
      if (record.edits > 0) patchedFields.inc(record.edits);
      if (record.problems.length > 0) problems.inc(record.problems.length);
      for (const { rule } of record.errors) errors.inc({ rule });
    },
    refused: ({ status }) => refused.inc({ status }),
    failed: () => errors.inc({ rule: 'probewise' }),
    distrusted: () => distrusted.inc(),
    policyLoaded(now) {
      policyLoaded.set(now / 1000);
      policyValid.set(1);
    },
    policyRefused: () => policyValid.set(0),
    certificateLoaded(notAfter) {
      certificateExpiry.set(notAfter / 1000);
      certificateValid.set(1);
    },
    certificateRefused: () => certificateValid.set(0),
    canary(results) {
      enforcing.reset();
      for (const { door, answered } of results ?? []) enforcing.set({ webhook: door }, answered ? 1 : 0);
    },
    leading: (now) => leader.set(now ? 1 : 0),
    clusterFailed: (task) => clusterFailures.inc({ task }),
    certificateStep: (step) => certificateSteps.inc({ step }),
    bundleRestored: () => bundlesRestored.inc(),
    useFigures(read) {
      figures = read;
    },
  };
}

/** All times in milliseconds since the epoch. */
export interface Metrics extends Observer, ScanMetrics {
  readonly contentType: string;
  /** In Prometheus' text format. */
  text(): Promise<string>;
  /** Adds the conventional `process_` and `nodejs_` metrics: once in a process. */
  collectProcess(): void;
  decided(record: AdmissionRecord, seconds: number): void;
  refused(refusal: Refusal): void;
  failed(door: Door, uid: string, error: unknown): void;
  distrusted(): void;
  policyLoaded(now: number): void;
  policyRefused(): void;
  certificateLoaded(notAfter: number): void;
  certificateRefused(): void;
  /** Undefined: this replica does not look any more. */
  canary(results: readonly { readonly door: Door; readonly answered: boolean }[] | undefined): void;
  leading(now: boolean): void;
  clusterFailed(task: string): void;
  certificateStep(step: string): void;
  bundleRestored(): void;
  /** Asked at each scrape. */
  useFigures(read: () => ClusterFigures): void;
}
