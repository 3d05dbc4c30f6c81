import { Counter, Gauge, type Registry } from 'prom-client';
import type { ScanFigures } from '../audit/scan-figures.ts';

/** What the leader's scan of the cluster saw last. Written by the replica that leads, and by no other. */
export interface ScanMetrics {
  /** `at` in milliseconds since the epoch. */
  scanned(figures: ScanFigures, seconds: number, at: number): void;
  reportsWritten(count: number): void;
  /** This replica does not look any more. */
  scanEnded(): void;
}

/** Not `namespace` and `container`: those are of whoever is scraped, and Prometheus would rename ours. */
const WORKLOAD_LABELS = ['workload_namespace', 'workload', 'workload_container'];

const workloadLabels = (place: { readonly namespace: string; readonly workload: string; readonly container: string }) => ({
  workload_namespace: place.namespace,
  workload: place.workload,
  workload_container: place.container,
});

export function createScanMetrics(registry: Registry): ScanMetrics {
  const registers = [registry];
  const workloads = new Gauge({
    name: 'probewise_cluster_workloads',
    help: 'Workloads that the last scan of the cluster judged.',
    registers,
  });
  const findings = new Gauge({
    name: 'probewise_cluster_findings',
    help: 'Findings of the last scan of the cluster, by rule, severity and namespace: the 20 worst namespaces, and _other for the rest.',
    labelNames: ['rule', 'severity', 'workload_namespace'],
    registers,
  });
  const restarts = new Gauge({
    name: 'probewise_cluster_probe_restarts',
    help: 'Containers that the kubelet killed because of a probe, as far back as the cluster keeps events, by namespace, workload, container, probe, and whether that probe has a finding: the 20 worst, and _other for the rest.',
    labelNames: [...WORKLOAD_LABELS, 'probe', 'flagged'],
    registers,
  });
  const start = new Gauge({
    name: 'probewise_cluster_slowest_start_seconds',
    help: 'The longest that containers took from their start to being ready, by namespace, workload and container: the 20 nearest to the end of their budget.',
    labelNames: WORKLOAD_LABELS,
    registers,
  });
  const budget = new Gauge({
    name: 'probewise_cluster_startup_budget_seconds',
    help: 'What the kubelet guarantees these containers to start in, with the same labels.',
    labelNames: WORKLOAD_LABELS,
    registers,
  });
  const unread = new Gauge({
    name: 'probewise_cluster_unread_collections',
    help: 'Collections of workloads that the last scan of the cluster could not read.',
    registers,
  });
  const duration = new Gauge({
    name: 'probewise_scan_duration_seconds',
    help: 'How long the last scan of the cluster took. It takes its time.',
    registers,
  });
  const last = new Gauge({
    name: 'probewise_scan_last_success_timestamp_seconds',
    help: 'When the last scan of the cluster was finished, in Unix time.',
    registers,
  });
  const reports = new Counter({
    name: 'probewise_reports_written_total',
    help: 'Reports that were written into the cluster because they said something new.',
    registers,
  });
  const gauges = [workloads, findings, restarts, start, budget, unread, duration, last];
  const forget = (): void => gauges.forEach((gauge) => gauge.reset());
  // A gauge without labels is 0 from the beginning, which would say that there are no workloads: it is not there instead.
  for (const gauge of [workloads, unread, duration, last]) gauge.remove();

  return {
    scanned(figures, seconds, at) {
      forget();
      workloads.set(figures.workloads);
      unread.set(figures.unread);
      duration.set(seconds);
      last.set(at / 1000);
      for (const { count, namespace, rule, severity } of figures.findings) {
        findings.set({ rule, severity, workload_namespace: namespace }, count);
      }
      for (const { count, flagged, probe, ...place } of figures.restarts) {
        restarts.set({ ...workloadLabels(place), probe, flagged: String(flagged) }, count);
      }
      for (const { seconds: took, budgetSeconds, ...place } of figures.starts) {
        const labels = workloadLabels(place);
        start.set(labels, took);
        budget.set(labels, budgetSeconds);
      }
    },
    reportsWritten(count) {
      if (count > 0) reports.inc(count);
    },
    scanEnded() {
      forget();
      for (const gauge of [workloads, unread, duration, last]) gauge.remove();
    },
  };
}
