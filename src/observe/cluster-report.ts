import type { ClusterReport } from '../kube/cluster-report.ts';
import type { ServingCertificate } from '../tls/certificate.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

/** What happens between us and the cluster, as log lines and metrics. `now` in milliseconds since the epoch. */
export function clusterReport(
  log: Logger,
  metrics: Metrics,
  now: () => number,
  useCertificate: (certificate: ServingCertificate) => void,
): ClusterReport {
  /** What the canary saw last: said when it changes. */
  let seen = '';
  return {
    failed(task, sentence) {
      metrics.clusterFailed(task);
      log.warn({ task, reason: sentence }, 'the cluster did not answer as it should: trying again');
    },
    policiesChanged(names) {
      metrics.policyLoaded(now());
      log.info({ policies: names }, names.length === 0 ? 'no policies: the built-in one applies' : 'policies loaded');
    },
    policyInvalid({ name, problems, current }) {
      log.error(
        { policy: name, problems },
        current
          ? 'a policy was read only in part'
          : 'a policy cannot be read: its last good version stays in force, if there is one',
      );
    },
    leading(leading) {
      metrics.leading(leading);
      log.info(leading ? 'leading' : 'not leading any more');
    },
    certificateChanged: useCertificate,
    certificateStep(step) {
      metrics.certificateStep(step);
      log.info({ step }, 'certificates');
    },
    bundleRestored(kind) {
      metrics.bundleRestored();
      log.info({ kind }, 'caBundle written');
    },
    canary(results) {
      metrics.canary(results);
      const wrong = (results ?? []).filter(({ answered }) => !answered);
      const saying = wrong.map(({ door, reason }) => `${door}: ${reason}`).join(' ');
      if (results === undefined || saying === seen) return;
      if (saying === '') log.info('the canary is answered: the API server calls the webhook');
      else log.error({ reason: saying }, 'the canary is not answered: requests are admitted unchecked');
      seen = saying;
    },
  };
}
