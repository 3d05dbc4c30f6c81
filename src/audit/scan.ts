import type { Evaluate } from '../core/evaluate.ts';
import { type JsonObject, property, valueAt } from '../core/json.ts';
import type { EffectivePolicy } from '../core/policy.ts';
import { quoted } from '../core/suggest.ts';
import type { WorkloadKind } from '../core/workload-kinds.ts';
import { findKind, readWorkload } from '../core/workload.ts';
import type { KubeApi } from '../kube/api.ts';
import { type Resource } from '../kube/resources.ts';
import type { Audit, AuditedWorkload, Skipped } from './audited.ts';
import { type Collection, discoverCollections } from './collections.ts';
import { NO_HISTORY, withEvent, withPod, type WorkloadHistory } from './history/history.ts';
import { sightingsOf } from './history/pods.ts';
import { PROBE_EVENT_REASONS, readProbeEvent } from './history/probe-events.ts';
import { ifEnforced } from './if-enforced.ts';
import { managingOwner } from './owner.ts';
import { uidOf } from './pages.ts';
import { createReader } from './reader.ts';
import { createShare } from './sharing.ts';

/** What workloads are judged by. */
export interface Judgement {
  readonly evaluate: Evaluate;
  readonly kinds: readonly WorkloadKind[];
  readonly policyFor: (namespace: string) => EffectivePolicy;
}

export interface ScanOptions {
  readonly api: KubeApi;
  readonly judgement: Judgement;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** All that exist, where they are known: they are asked one by one where the whole cluster may not be read. */
  readonly knownNamespaces: readonly string[];
  /** As for `kubectl -l`. */
  readonly labelSelector?: string | undefined;
  readonly progress?: ((progress: Progress) => void) | undefined;
  readonly pageSize?: number | undefined;
  /** Called before each page: a scan in the background takes its time here. */
  readonly breathe?: (() => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Progress {
  /** What is being read: `deployments`. */
  readonly what: string;
  /** Collections done, and to do in all. */
  readonly done: number;
  readonly total: number;
  readonly objects: number;
}

const EVENTS: Resource = { group: '', version: 'v1', plural: 'events' };

/** A workload while the scan goes on: its Pods and events come after it. */
interface Entry extends Omit<AuditedWorkload, 'history'> {
  history: WorkloadHistory;
}

/**
 * Reads every workload of a cluster, and judges each once: what another one made is judged there. No call is made for a single
 * object. Rejects with a KubeError where the cluster cannot be asked at all; what is only forbidden is left out and told.
 */
export async function scan(options: ScanOptions): Promise<Audit> {
  const { api, judgement, labelSelector } = options;
  const skipped: Skipped[] = [];
  const notes = new Set<string>();
  const share = createShare();
  const entries: Entry[] = [];
  /** By the uid of everything that a workload stands for: itself, its ReplicaSets, its Jobs, its Pods. */
  const byUid = new Map<string, Entry>();
  let objects = 0;
  let done = 0;

  const { collections, problem } = await discoverCollections(api, judgement.kinds);
  if (problem !== undefined) skipped.push({ what: 'custom kinds', namespaces: [], reason: problem, workloads: true });
  const total = collections.length + PROBE_EVENT_REASONS.length;
  const reader = createReader(options);
  const listed = new Set<WorkloadKind>();

  const tell = (what: string): void => options.progress?.({ what, done, total, objects });

  async function readCollection(collection: Collection): Promise<void> {
    const { resource } = collection;
    const selected = labelSelector === undefined ? undefined : new Set<string>();
    if (selected !== undefined) {
      for await (const page of reader.read(resource, { labelSelector })) for (const item of page) selected.add(uidOf(item));
    }
    // Without the selector as well: what a workload made need not have its labels.
    for await (const page of reader.read(resource)) {
      objects += page.length;
      for (const item of page) take(item, collection, selected);
      tell(resource.plural);
    }
    const missing = reader.unreadable(resource, true);
    skipped.push(...missing);
    if (missing.length === 0) listed.add(collection.kind);
  }

  function take(item: JsonObject, { apiVersion, kind }: Collection, selected: ReadonlySet<string> | undefined): void {
    const uid = uidOf(item);
    const owner = managingOwner(item);
    const above = owner === undefined ? undefined : byUid.get(owner.uid);
    if (above !== undefined) {
      byUid.set(uid, above);
      if (kind.kind === 'Pod') above.history = withPod(above.history, sightingsOf(item));
      return;
    }
    if (selected !== undefined && !selected.has(uid)) return;
    // The owner was not selected, or has come since its kind was read. One that never was is no reason: the garbage collector
    // takes what names it.
    const type = owner === undefined ? undefined : findKind(judgement.kinds, owner.apiVersion, owner.kind);
    if (type !== undefined && listed.has(type)) return;
    if (isOver(item)) return;
    const entry = judge({ ...item, apiVersion, kind: kind.kind }, uid);
    if (entry === undefined) return;
    entries.push(entry);
    byUid.set(uid, entry);
    if (kind.kind === 'Pod') entry.history = withPod(entry.history, sightingsOf(item));
  }

  function judge(object: JsonObject, uid: string): Entry | undefined {
    const workload = readWorkload(object, judgement.kinds);
    if (workload === undefined) return undefined;
    const policy = judgement.policyFor(workload.namespace);
    const { findings, errors } = judgement.evaluate(workload, policy);
    for (const { rule, error } of errors) {
      notes.add(
        `rule ${rule} failed on ${workload.kind} ${quoted(`${workload.namespace}/${workload.name}`)}, which was judged without it: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    const { apiVersion, kind, namespace, name } = workload;
    return {
      apiVersion,
      kind,
      namespace,
      name,
      uid,
      policy: policy.policy,
      findings: findings.map(share),
      ifEnforced: ifEnforced(workload, findings, policy, judgement.kinds),
      history: NO_HISTORY,
    };
  }

  async function readEvents(reason: string): Promise<void> {
    for await (const page of reader.read(EVENTS, { fieldSelector: `reason=${reason}` })) {
      for (const item of page) {
        const event = readProbeEvent(item);
        const entry = event === undefined ? undefined : byUid.get(event.podUid);
        if (event !== undefined && entry !== undefined) entry.history = withEvent(entry.history, event);
      }
      tell('events');
    }
  }

  for (const collection of collections) {
    tell(collection.resource.plural);
    await readCollection(collection);
    done += 1;
  }
  for (const reason of PROBE_EVENT_REASONS) {
    tell('events');
    await readEvents(reason);
    done += 1;
  }
  skipped.push(...reader.unreadable(EVENTS, false));
  tell('');
  return {
    workloads: entries,
    skipped,
    notes: [...notes],
    objects,
  };
}

/** What goes away, or has ended for good, hurts nobody any more. */
function isOver(object: JsonObject): boolean {
  if (valueAt(object, ['metadata', 'deletionTimestamp']) !== undefined) return true;
  const phase = property(property(object, 'status'), 'phase');
  return phase === 'Succeeded' || phase === 'Failed';
}
