import type { Evaluate } from '../core/evaluate.ts';
import type { Evaluation } from '../core/finding.ts';
import { property } from '../core/json.ts';
import { display } from '../core/path.ts';
import type { EffectivePolicy, Policy } from '../core/policy.ts';
import { workloadKinds } from '../core/policy-kinds.ts';
import { resolve } from '../core/resolve.ts';
import { quoted } from '../core/suggest.ts';
import type { WorkloadKind } from '../core/workload-kinds.ts';
import { readWorkload, shapeProblems, type Workload } from '../core/workload.ts';
import { type FindConfigMap, withMountedScripts } from '../knowledge/mounted-scripts.ts';
import { hasHelmAction } from './input/helm.ts';
import { type InputProblem, shownFile } from './input/problem.ts';
import { type Input, type ManifestObject, objectsOf, type Source } from './input/read.ts';
import { locate, regionOf } from './yaml/locate.ts';
import { span } from './yaml/node.ts';
import type { YamlDocument } from './yaml/parse.ts';
import { repeatedKeys } from './yaml/repeated-keys.ts';

/** A workload of the input with what the engine says of it. */
export interface Judged extends ManifestObject {
  readonly workload: Workload;
  readonly evaluation: Evaluation;
  /** Under which policy: a command that offers more than the engine's own fixes asks it. */
  readonly policy: EffectivePolicy;
}

export interface JudgeOptions {
  readonly evaluate: Evaluate;
  readonly policies: readonly Policy[];
  /** For objects that name no namespace. */
  readonly namespace: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What was not judged, and what a person should know of the rest. */
export interface JudgeLog {
  readonly problems: InputProblem[];
  /** Sentences, each once. */
  readonly notes: Set<string>;
  /** Files that hold no Kubernetes object. */
  notKubernetes: number;
}

/** Judges the workloads of one text, one at a time, in their order. */
export type JudgeSource = (source: Source) => Generator<Judged>;

export function createJudge(input: Input, options: JudgeOptions, log: JudgeLog): JudgeSource {
  const kinds = workloadKinds(options.policies);
  const policyFor = policyLookup(input, options, log);
  log.problems.push(...input.problems);
  log.notKubernetes += input.notKubernetes;
  const configMap: FindConfigMap = (namespace, name) =>
    input.configMaps.get(`${namespace}/${name}`) ??
    (namespace === options.namespace ? input.configMaps.get(`/${name}`) : undefined);
  return (source) => judgeSource(source, { ...options, kinds, policyFor, configMap }, log);
}

interface SourceOptions extends JudgeOptions {
  readonly kinds: readonly WorkloadKind[];
  readonly policyFor: (namespace: string) => EffectivePolicy;
  readonly configMap: FindConfigMap;
}

function* judgeSource(source: Source, options: SourceOptions, log: JudgeLog): Generator<Judged> {
  let known = false;
  const isTemplate = templateCheck(source);
  const repeated = repeatedKeyNotes(source);
  for (const item of objectsOf(source)) {
    known = true;
    if (!('object' in item)) {
      log.problems.push(item);
      // One document that is a template makes the file a template.
      if (item.helm) return;
      continue;
    }
    const read = readWorkload(item.object, options.kinds);
    if (read === undefined) {
      if (property(item.object, 'kind') === 'ClusterProbePolicy') {
        log.notes.add(`${shownFile(source.file)}: a ClusterProbePolicy in the input is not applied; --policy FILE does that`);
      }
      continue;
    }
    if (isTemplate(item.document)) {
      const { line, column } = locate(item.document, source, item.at);
      log.problems.push({ file: source.file, line, column, message: 'is a Helm template, not a manifest', helm: true });
      return;
    }
    for (const note of repeated(item.document)) log.notes.add(note);
    for (const { at, message } of shapeProblems(read)) {
      const { line, column } = locate(item.document, source, [...item.at, ...at]);
      log.problems.push({ file: source.file, line, column, message: `${read.kind} "${read.name}": ${display(at)} ${message}` });
    }
    const workload = withMountedScripts({ ...read, namespace: read.namespace || options.namespace }, options.configMap);
    const policy = options.policyFor(workload.namespace);
    const evaluation = options.evaluate(workload, policy);
    for (const { rule, error } of evaluation.errors) {
      log.notes.add(
        `rule ${rule} failed, and the rest was judged without it: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    yield { ...item, workload, evaluation, policy };
  }
  if (!known) log.notKubernetes += 1;
}

/** A List is one document with many objects: its text is searched once. */
function templateCheck({ text }: Source): (document: YamlDocument) => boolean {
  let last: { readonly document: YamlDocument; readonly template: boolean } | undefined;
  return (document) => {
    if (last?.document !== document) {
      const [start, , end] = document.range;
      last = { document, template: hasHelmAction(text.slice(start, end)) };
    }
    return last.template;
  };
}

/** What kubectl does in silence, and kustomize and helm refuse. */
function repeatedKeyNotes(source: Source): (document: YamlDocument) => readonly string[] {
  let last: YamlDocument | undefined;
  return (document) => {
    if (last === document) return [];
    last = document;
    return repeatedKeys(document).map(({ key }) => {
      const [start = 0, end = 0] = span(key) ?? [];
      const { line, column } = regionOf(source, start, end);
      return `${shownFile(source.file)}:${line}:${column}: ${quoted(source.text.slice(start, end))} stands in this map before: the last one counts, as for kubectl`;
    });
  };
}

function policyLookup(input: Input, { policies, now }: JudgeOptions, log: JudgeLog): (namespace: string) => EffectivePolicy {
  const known = new Map<string, EffectivePolicy>();
  return (namespace) => {
    const found = known.get(namespace);
    if (found !== undefined) return found;
    const facts = input.namespaces.get(namespace) ?? { name: namespace, labels: {}, annotations: {} };
    const { policy, problems } = resolve(policies, facts, now);
    for (const problem of problems) log.notes.add(`namespace "${namespace}": ${problem}`);
    known.set(namespace, policy);
    return policy;
  };
}
