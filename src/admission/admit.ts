import { type Circumstances, decide, type Decision } from '../core/decide.ts';
import type { Evaluate } from '../core/evaluate.ts';
import type { Evaluation } from '../core/finding.ts';
import { display } from '../core/path.ts';
import type { Resolution } from '../core/resolve.ts';
import type { Workload } from '../core/workload.ts';
import type { WorkloadKind } from '../core/workload-kinds.ts';
import { isControllerAccount } from './controllers.ts';
import { edited, followEdits } from './follow.ts';
import { annotationsFit, markerEdits } from './marker.ts';
import { isNamespaceWrite, namespaceProblems, type ResolveNamespace } from './namespace.ts';
import { auditSummary, denialMessage, patchSummary, warning, warnings } from './messages.ts';
import { isPatchedSomewhere, reasonNotToPatch } from './ownership.ts';
import { toOperations } from './patch.ts';
import { readSubject, type Subject } from './read.ts';
import type { Admit, Admitted, AdmissionRecord, AdmissionReviewResponse, Door } from './record.ts';
import { type AdmissionRequest, readReview } from './review.ts';

export interface AdmissionDependencies {
  readonly evaluate: Evaluate;
  /** The kinds that carry a pod spec: the table, and what policies add. */
  readonly kinds: () => readonly WorkloadKind[];
  /** From memory, synchronous. `seen` is false where the namespace itself is not known yet. */
  readonly policyFor: (namespace: string) => NamespacePolicy;
  /** Accounts that are never denied, as globs. */
  readonly controllers: readonly string[];
  /** Where the documentation stands, if anywhere. */
  readonly docsUrl?: string;
  /** Asked only before a denial. Absent where there is no cluster to ask. */
  readonly cluster?: BeforeDenial;
  /** For Namespaces that are written. Absent where there is no cluster whose Namespaces count. */
  readonly resolveNamespace?: ResolveNamespace;
}

export type PolicyInForce = Pick<Resolution, 'policy' | 'problems'>;

export interface NamespacePolicy extends PolicyInForce {
  readonly seen: boolean;
}

/** What is asked of the API server before a denial, each within its own time limit. Both may reject: then nothing is denied. */
export interface BeforeDenial {
  /** The namespace as it is now. */
  readNamespace(namespace: string): Promise<PolicyInForce>;
  /** Did this template run here before (a ReplicaSet or ControllerRevision of the same owner has it)? */
  ranBefore(workload: Workload): Promise<boolean>;
}

/** Hops 2 to 5. An error of ours is not a denial: whatever goes wrong, the request is admitted and the caller is told. */
export const createAdmit =
  (dependencies: AdmissionDependencies): Admit =>
  async (door, body) => {
    const read = readReview(body);
    if ('refused' in read) return read;
    const { request } = read;
    try {
      if (door === 'validate' && dependencies.resolveNamespace !== undefined && isNamespaceWrite(request)) {
        const problems = namespaceProblems(request, dependencies.resolveNamespace);
        return allowed(request, { ...recordOf(door, request), problems }, problems.map(warning));
      }
      const reading = readSubject(request, dependencies.kinds());
      if ('skip' in reading) return allowed(request, { ...recordOf(door, request), decision: 'skipped', skip: reading.skip });
      return door === 'mutate' ? mutate(reading.subject, dependencies) : await validate(reading.subject, dependencies);
    } catch (error) {
      const record = { ...recordOf(door, request), errors: [{ rule: 'probewise', error }] };
      return allowed(request, record, [warning(`${FAILED[door]} because of an error of its own`)]);
    }
  };

/** Of a mutation, validation still judges: only its own failure lets an object in unchecked. */
const FAILED: Record<Door, string> = { mutate: 'left this object as it is', validate: 'admitted this object unchecked' };

function mutate(subject: Subject, dependencies: AdmissionDependencies): Admitted {
  const { request, workload } = subject;
  const { policy } = dependencies.policyFor(workload.namespace);
  // What is ours must not go stale, whatever is decided: a denial may still be softened before it is spoken.
  const follow = followEdits(workload, dependencies.evaluate, policy);
  const followed = edited(workload, follow);
  const evaluation = dependencies.evaluate(followed, policy);
  const record = { ...recordOf('mutate', request, subject), policy: policy.policy, mode: policy.mode, errors: evaluation.errors };
  const { denied } = decide(evaluation.findings, policy, circumstances(subject, evaluation, dependencies));
  const mayPatch = reasonNotToPatch(workload, request.operation, policy, dependencies.kinds()) === undefined;
  const edits = denied.length === 0 && mayPatch ? [...follow, ...evaluation.edits] : follow;
  const marked = [...edits, ...markerEdits(workload, edits)];
  if (marked.length === 0 || !annotationsFit(workload, marked)) return allowed(request, record);
  const patch = Buffer.from(JSON.stringify(toOperations(workload, marked))).toString('base64');
  const isTold = edits.length > 0 && denied.length === 0 && policy.mode !== 'Audit';
  return answer(
    { ...record, decision: 'patched', edits: edits.length },
    {
      uid: request.uid,
      allowed: true,
      patchType: 'JSONPatch',
      patch,
      ...(isTold && { warnings: [patchSummary(workload, edits)] }),
      auditAnnotations: { patched: String(edits.length) },
    },
  );
}

async function validate(subject: Subject, dependencies: AdmissionDependencies): Promise<Admitted> {
  const { workload } = subject;
  const known = dependencies.policyFor(workload.namespace);
  const first = judge(subject, known, dependencies);
  if (first.decision.denied.length === 0) return verdictOf(subject, known, first, dependencies);

  const { cluster } = dependencies;
  try {
    const resolution = known.seen || cluster === undefined ? known : await cluster.readNamespace(workload.namespace);
    const second = resolution === known ? first : judge(subject, resolution, dependencies);
    if (second.decision.denied.length === 0 || cluster === undefined) return verdictOf(subject, resolution, second, dependencies);
    if (!(await cluster.ranBefore(workload))) return verdictOf(subject, resolution, second, dependencies);
    return verdictOf(
      subject,
      resolution,
      judge(subject, resolution, dependencies, 'admitted: this template already ran here'),
      dependencies,
    );
  } catch (error) {
    const softened = judge(subject, known, dependencies, 'admitted: the API server could not be asked before a denial');
    return verdictOf(subject, known, { ...softened, evaluation: withError(softened.evaluation, error) }, dependencies);
  }
}

interface Judgement {
  readonly evaluation: Evaluation;
  readonly decision: Decision;
  readonly mayNotDeny: string | undefined;
}

function judge(subject: Subject, { policy }: PolicyInForce, dependencies: AdmissionDependencies, mayNotDeny?: string): Judgement {
  const evaluation = dependencies.evaluate(subject.workload, policy);
  const met = circumstances(subject, evaluation, dependencies, policy);
  const reason = mayNotDeny ?? met.mayNotDeny;
  const decision = decide(evaluation.findings, policy, { ...met, ...(reason !== undefined && { mayNotDeny: reason }) });
  return { evaluation, decision, mayNotDeny: reason };
}

function circumstances(
  { request, workload, before }: Subject,
  { findings }: Evaluation,
  { evaluate, controllers, kinds, policyFor }: AdmissionDependencies,
  policy = policyFor(request.namespace).policy,
): Circumstances {
  const hasError = findings.some(({ severity }) => severity === 'Error');
  const judged = hasError && before !== undefined ? evaluate(before, policy).findings : [];
  return {
    known: new Set(judged.map(({ identity }) => identity)),
    isMended: isPatchedSomewhere(workload, request.operation, policy, kinds()),
    ...(isControllerAccount(request.user, controllers) && { mayNotDeny: 'admitted: a controller made it' }),
  };
}

function verdictOf(
  subject: Subject,
  resolution: PolicyInForce,
  judgement: Judgement,
  dependencies: AdmissionDependencies,
): Admitted {
  const { request, workload } = subject;
  const { policy } = resolution;
  const { evaluation, decision, mayNotDeny } = judgement;
  const problems = [...resolution.problems, ...subject.shapeProblems.map(({ at, message }) => `${display(at)} ${message}`)];
  const record: AdmissionRecord = {
    ...recordOf('validate', request, subject),
    policy: policy.policy,
    mode: policy.mode,
    decision: decision.denied.length > 0 ? 'denied' : 'allowed',
    findings: evaluation.findings.map(({ rule, severity, container }) => ({ rule, severity, container })),
    problems,
    errors: evaluation.errors,
  };
  const told = [
    ...warnings(decision.warned, mayNotDeny),
    ...problems.map((problem) => warning(`could not use a part of what it was given: ${problem}`)),
    ...evaluation.errors.map(({ rule }) => warning(`left out ${rule}, which failed: the rest was judged`)),
  ];
  const spoken = policy.mode === 'Audit' ? [] : told;
  const audit = evaluation.findings.length > 0 && { auditAnnotations: { findings: auditSummary(evaluation.findings) } };
  if (decision.denied.length === 0) return allowed(request, record, spoken, audit || {});
  return answer(record, {
    uid: request.uid,
    allowed: false,
    status: {
      code: 403,
      reason: 'Forbidden',
      message: denialMessage(workload, decision.denied, policy.policy, dependencies.docsUrl),
    },
    ...(spoken.length > 0 && { warnings: spoken }),
    ...audit,
  });
}

const withError = (evaluation: Evaluation, error: unknown): Evaluation => ({
  ...evaluation,
  errors: [...evaluation.errors, { rule: 'the check before a denial', error }],
});

function recordOf(door: Door, request: AdmissionRequest, subject?: Subject): AdmissionRecord {
  return {
    door,
    uid: request.uid,
    operation: request.operation,
    kind: request.kind,
    namespace: request.namespace,
    name: subject?.workload.name || request.name,
    user: request.user,
    dryRun: request.dryRun,
    decision: 'allowed',
    findings: [],
    edits: 0,
    problems: [],
    errors: [],
  };
}

const allowed = (
  { uid }: AdmissionRequest,
  record: AdmissionRecord,
  told: readonly string[] = [],
  audit: Pick<AdmissionReviewResponse['response'], 'auditAnnotations'> = {},
): Admitted => answer(record, { uid, allowed: true, ...(told.length > 0 && { warnings: told }), ...audit });

const answer = (record: AdmissionRecord, response: AdmissionReviewResponse['response']): Admitted => ({
  review: { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response },
  record,
});
