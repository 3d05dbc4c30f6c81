import { createHash } from 'node:crypto';
import type { JsonObject } from '../core/json.ts';
import { count, cut } from '../core/text.ts';
import { showTime } from '../core/time.ts';
import type { KubeApi } from '../kube/api.ts';
import { isProblem, sentenceOf } from '../kube/error.ts';
import { pathOf, type Resource } from '../kube/resources.ts';
import type { Audit, AuditedWorkload } from './audited.ts';
import { observe, observedText } from './history/observed.ts';
import { SOURCE } from './policy-report.ts';
import type { WriteOptions } from './write-reports.ts';

const EVENTS: Resource = { group: '', version: 'v1', plural: 'events' };
const HOUR = 3_600_000;
/** In one scan: the first one of a large cluster must not fill etcd. The others come with the next scans. */
const MOST_AT_ONCE = 100;

/**
 * Events for what a person should see in `kubectl describe`: Errors, and whatever a probe has restarted a container for. At most one
 * for each workload, rule and hour; the name is made of these three, so that not even two leaders could write it twice.
 */
function eventsOf(workload: AuditedWorkload, now: number): JsonObject[] {
  const urgent = workload.findings
    .map((finding) => ({ finding, observed: observe(finding, workload.history) }))
    .filter(({ finding, observed }) => finding.severity === 'Error' || (observed?.kills ?? 0) > 0);
  return [...Map.groupBy(urgent, ({ finding }) => finding.rule)].map(([rule, found]) => {
    const [first] = found;
    const happened = first?.observed === undefined ? undefined : observedText(first.observed, now);
    const rest = found.length - 1;
    const message = [
      `${first?.finding.message ?? ''}.`,
      happened === undefined ? '' : `Seen: ${happened}.`,
      rest === 0 ? '' : `And ${count(rest, 'container')} more.`,
      `\`probewise explain ${rule}\` says what to do.`,
    ];
    const { apiVersion, kind, namespace, name, uid } = workload;
    const time = showTime(Math.floor(now / 1000) * 1000);
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: eventName(workload, rule, now), namespace },
      involvedObject: { apiVersion, kind, namespace, name, uid },
      type: 'Warning',
      reason: 'UnsafeProbe',
      message: cut(message.filter((part) => part !== '').join(' '), 1000),
      source: { component: SOURCE },
      reportingComponent: SOURCE,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    };
  });
}

function eventName({ name, uid }: AuditedWorkload, rule: string, now: number): string {
  const hour = Math.floor(now / HOUR);
  const digest = createHash('sha256')
    .update(JSON.stringify([uid, rule, hour]))
    .digest('hex');
  return `${name.slice(0, 200)}.${digest.slice(0, 20)}`;
}

/** Writes what has not been written in this hour. */
export function createEventWriter(api: KubeApi): (audit: Audit, options: WriteOptions) => Promise<void> {
  let hour = 0;
  const written = new Set<string>();

  return async (audit, { now, breathe, signal, failed }) => {
    const time = now();
    if (Math.floor(time / HOUR) !== hour) written.clear();
    hour = Math.floor(time / HOUR);
    let left = MOST_AT_ONCE;
    for (const workload of audit.workloads) {
      for (const event of workload.findings.length === 0 ? [] : eventsOf(workload, time)) {
        const key = JSON.stringify(event['metadata']);
        if (written.has(key)) continue;
        if (left === 0) return;
        left -= 1;
        await breathe();
        if (signal.aborted) return;
        try {
          await api.create(pathOf(EVENTS, { namespace: workload.namespace }), event);
          written.add(key);
        } catch (error) {
          if (isProblem(error, 'conflict')) written.add(key);
          else if (isProblem(error, 'forbidden')) {
            failed(`Events are not written: ${sentenceOf(error)}`);
            return;
          } else if (!isProblem(error, 'not-found', 'refused')) throw error;
        }
      }
    }
  };
}
