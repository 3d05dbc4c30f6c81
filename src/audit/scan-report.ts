import type { Logger } from '../observe/log.ts';
import type { ScanMetrics } from '../observe/scan-metrics.ts';
import type { BackgroundReport } from './background.ts';
import { scanFigures } from './scan-figures.ts';

/** What scans see, as metrics, and as a log line where it is another than before. */
export function scanReport(
  log: Logger,
  metrics: ScanMetrics,
  now: () => number,
  failed: (sentence: string) => void,
): BackgroundReport {
  let told = '';
  return {
    scanned(audit, seconds) {
      const figures = scanFigures(audit);
      metrics.scanned(figures, seconds, now());
      const { workloads, findings, restarts, unread } = figures;
      const count = findings.reduce((sum, finding) => sum + finding.count, 0);
      const kills = restarts.reduce((sum, restart) => sum + restart.count, 0);
      const fields = { workloads, findings: count, restartsByProbes: kills, unread };
      const telling = JSON.stringify([fields, audit.notes]);
      if (telling === told) return;
      told = telling;
      log.info({ ...fields, notes: audit.notes.slice(0, 20) }, 'cluster scanned');
    },
    reportsWritten(count) {
      metrics.reportsWritten(count);
      if (count > 0) log.debug({ count }, 'reports written');
    },
    ended() {
      told = '';
      metrics.scanEnded();
    },
    failed,
  };
}
