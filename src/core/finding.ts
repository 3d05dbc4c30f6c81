import type { Edit, Fix } from './edit.ts';
import type { Path } from './path.ts';
import type { ProbeField } from './probe.ts';
import type { Severity } from './rule.ts';
import type { Verdict } from './verdict.ts';

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly container: string;
  readonly probe: ProbeField;
  readonly path: Path;
  readonly message: string;
  readonly evidence?: string;
  readonly remedy: string;
  readonly verdict?: Verdict;
  readonly fix?: Fix;
  /** Known again on an update by this: rule, container, probe and handler. */
  readonly identity: string;
  /** Why it is let pass, where an exemption says so. */
  readonly exempt?: string;
}

/** What the engine says of one workload under one policy. */
export interface Evaluation {
  /** Worst first, then in the order of the containers. */
  readonly findings: readonly Finding[];
  /** All safe edits together: what a patch makes, already joint and without repetition. */
  readonly edits: readonly Edit[];
  /** Rules that threw: the workload was judged by the others. */
  readonly errors: readonly { readonly rule: string; readonly error: unknown }[];
}
