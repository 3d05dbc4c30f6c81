import { readStoredPolicy } from '../config/read-stored-policy.ts';
import { isObject, type JsonObject, property, text, valueAt } from '../core/json.ts';
import type { Policy } from '../core/policy.ts';
import type { KubeApi } from './api.ts';
import { pathOf, POLICIES } from './resources.ts';
import { type Clockwork, type Watch, watchCollection } from './watch.ts';

/** A ClusterProbePolicy as it is in the cluster. */
export interface KnownPolicy {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  /** As stored. */
  readonly status: JsonObject | undefined;
  /** What is in force: of an object that cannot be read, its last version that could, while this process lives. */
  readonly policy: Policy | undefined;
  /** Is that the version that is stored? */
  readonly current: boolean;
  /** What is wrong with the object, or was left out of it, in sentences. */
  readonly problems: readonly string[];
}

export interface PoliciesOptions {
  readonly api: KubeApi;
  readonly clockwork: Clockwork;
  /** The policies in force, or what is told of them, may be others now. */
  readonly changed: () => void;
  readonly failed: (sentence: string) => void;
  /** An object was written that cannot be read. */
  readonly invalid: (known: KnownPolicy) => void;
}

export interface Policies extends Pick<Watch<KnownPolicy>, 'hasSynced' | 'ageSeconds' | 'stop'> {
  /** The same list until one of them changes. */
  inForce(): readonly Policy[];
  known(): Iterable<KnownPolicy>;
}

/** Follows the ClusterProbePolicies. Without their CRD there are none, until it is installed. */
export function watchPolicies({ api, clockwork, changed, failed, invalid }: PoliciesOptions): Policies {
  /** By uid: what the last version of each was read as. */
  const last = new Map<string, KnownPolicy>();
  let inForce: readonly Policy[] = [];

  function keep(object: JsonObject): KnownPolicy | undefined {
    const known = read(object, last.get(text(valueAt(object, ['metadata', 'uid'])) ?? ''));
    if (known === undefined) return undefined;
    if (known.problems.length > 0 && last.get(known.uid)?.generation !== known.generation) invalid(known);
    last.set(known.uid, known);
    return known;
  }

  const watch = watchCollection({
    api,
    path: pathOf(POLICIES),
    keep,
    clockwork,
    failed,
    changed() {
      const there = [...watch.items.values()];
      const uids = new Set(there.map(({ uid }) => uid));
      for (const uid of last.keys()) if (!uids.has(uid)) last.delete(uid);
      const now = there.flatMap(({ policy }) => (policy === undefined ? [] : [policy]));
      if (now.length !== inForce.length || now.some((policy, index) => policy !== inForce[index])) inForce = now;
      changed();
    },
  });

  return {
    inForce: () => inForce,
    known: () => watch.items.values(),
    hasSynced: () => watch.hasSynced(),
    ageSeconds: () => watch.ageSeconds(),
    stop: () => watch.stop(),
  };
}

function read(object: JsonObject, before: KnownPolicy | undefined): KnownPolicy | undefined {
  const metadata = property(object, 'metadata');
  const name = text(property(metadata, 'name'));
  if (name === undefined) return undefined;
  const generation = property(metadata, 'generation');
  const status = property(object, 'status');
  const facts = {
    name,
    uid: text(property(metadata, 'uid')) ?? name,
    generation: typeof generation === 'number' ? generation : 0,
    status: isObject(status) ? status : undefined,
  };
  // Only its status has changed: what was read of it is still right.
  if (before !== undefined && before.generation === facts.generation) {
    return { ...facts, policy: before.policy, current: before.current, problems: before.problems };
  }
  const { policy, problems } = readStoredPolicy(object);
  return { ...facts, policy: policy ?? before?.policy, current: policy !== undefined, problems };
}
