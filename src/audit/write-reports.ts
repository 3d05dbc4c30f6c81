import { createHash } from 'node:crypto';
import { list, property, text, valueAt } from '../core/json.ts';
import type { KubeApi } from '../kube/api.ts';
import { isProblem, sentenceOf } from '../kube/error.ts';
import { pathOf } from '../kube/resources.ts';
import type { Audit, AuditedWorkload } from './audited.ts';
import { pages } from './pages.ts';
import {
  DIGEST_ANNOTATION,
  REPORT_FORMS,
  type ReportForm,
  reportName,
  reportResults,
  SOURCE,
  toReport,
} from './policy-report.ts';

export interface WriteOptions {
  readonly api: KubeApi;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called before each write. */
  readonly breathe: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly failed: (sentence: string) => void;
}

interface Stored {
  readonly digest: string;
  readonly resourceVersion: string;
}

/** Writes a report for each workload where it says something else than before; without the CRD, none. How many were written. */
export async function writeReports(audit: Audit, options: WriteOptions): Promise<number> {
  const { api, signal, breathe, failed } = options;
  const form = await formOf(api);
  if (form === undefined) return 0;
  const stored = await storedReports(api, form, signal);
  let written = 0;
  let complaint = '';
  for (const workload of audit.workloads) {
    const known = stored.get(`${workload.namespace}/${reportName(workload)}`);
    if (known === undefined && workload.findings.length === 0) continue;
    const results = reportResults(workload);
    const digest = digestOf(workload, results);
    if (known?.digest === digest) continue;
    await breathe();
    if (signal.aborted) return written;
    const report = toReport(form, workload, results, digest, options.now());
    try {
      await write(api, form, workload, report, known);
      written += 1;
    } catch (error) {
      // Its namespace goes away, or another replica was first: the next scan sees.
      if (isProblem(error, 'unreachable', 'unauthorized')) throw error;
      if (!isProblem(error, 'conflict', 'not-found') && complaint === '') complaint = sentenceOf(error);
    }
  }
  if (complaint !== '') failed(`Some reports could not be written: ${complaint}`);
  return written;
}

/** The first of the forms whose CRD is there. */
async function formOf(api: KubeApi): Promise<ReportForm | undefined> {
  const versions = list(property(await api.get('/apis'), 'groups')).flatMap((group) => list(property(group, 'versions')));
  const served = new Set(versions.map((version) => property(version, 'groupVersion')));
  return REPORT_FORMS.find(({ apiVersion }) => served.has(apiVersion));
}

async function storedReports(api: KubeApi, { resource }: ReportForm, signal: AbortSignal): Promise<Map<string, Stored>> {
  const stored = new Map<string, Stored>();
  const labelSelector = `app.kubernetes.io/managed-by=${SOURCE}`;
  for await (const page of pages(api, pathOf(resource), { labelSelector, signal })) {
    for (const report of page) {
      const at = (...path: string[]): string => text(valueAt(report, path)) ?? '';
      stored.set(`${at('metadata', 'namespace')}/${at('metadata', 'name')}`, {
        digest: at('metadata', 'annotations', DIGEST_ANNOTATION),
        resourceVersion: at('metadata', 'resourceVersion'),
      });
    }
  }
  return stored;
}

const digestOf = ({ apiVersion, kind, name }: AuditedWorkload, results: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify([apiVersion, kind, name, results]))
    .digest('base64url')
    .slice(0, 32);

async function write(
  api: KubeApi,
  { resource }: ReportForm,
  workload: AuditedWorkload,
  report: ReturnType<typeof toReport>,
  known: Stored | undefined,
): Promise<void> {
  const { namespace } = workload;
  if (known === undefined) {
    await api.create(pathOf(resource, { namespace }), report);
    return;
  }
  const metadata = Object.assign({ resourceVersion: known.resourceVersion }, report['metadata']);
  await api.replace(pathOf(resource, { namespace, name: reportName(workload) }), { ...report, metadata });
}
