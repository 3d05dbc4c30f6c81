import { isPatchedSomewhere, reasonNotToPatch } from '../admission/ownership.ts';
import { decide } from '../core/decide.ts';
import type { Finding } from '../core/finding.ts';
import type { EffectivePolicy } from '../core/policy.ts';
import type { WorkloadKind } from '../core/workload-kinds.ts';
import type { Workload } from '../core/workload.ts';
import type { IfEnforced } from './audited.ts';

/** The worst that admission would do: what is denied is not patched, and what is patched may be warned about as well. */
export function ifEnforced(
  workload: Workload,
  findings: readonly Finding[],
  policy: EffectivePolicy,
  kinds: readonly WorkloadKind[],
): IfEnforced {
  const enforced: EffectivePolicy = { ...policy, mode: 'Enforce' };
  const isMended = isPatchedSomewhere(workload, 'CREATE', enforced, kinds);
  const { denied, warned } = decide(findings, enforced, { known: new Set(), isMended });
  if (denied.length > 0) return 'denied';
  const mendable = findings.some(({ fix }) => fix?.safe === true);
  if (mendable && reasonNotToPatch(workload, 'CREATE', enforced, kinds) === undefined) return 'patched';
  return warned.length > 0 ? 'warned' : 'admitted';
}
