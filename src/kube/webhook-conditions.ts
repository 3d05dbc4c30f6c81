import { PATCHED_ANNOTATION } from '../admission/marker.ts';
import type { Path } from '../core/path.ts';
import { templatePath, type WorkloadKind } from '../core/workload-kinds.ts';

/** A CEL expression: the API server calls the webhook only where all of them are true. */
export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}

/*
 * An expression that fails counts, under `failurePolicy: Ignore`, as a webhook not called: so every step is optional (`.?`), which
 * no legal object can make fail, and every expression holds for every kind in the rules (optional syntax: Kubernetes ≥ 1.29).
 */

/** On UPDATE, only what changes a template: scale, status, labels and finalizers are none of our business. */
export const templateChanges = (kinds: readonly WorkloadKind[]): MatchCondition => {
  const same = distinct(kinds.flatMap((kind) => kind.podSpecs.map(templatePath)).filter((path) => path.length > 0));
  const differs = same.map((path) => `${optional('object', path)} != ${optional('oldObject', path)}`);
  return { name: 'template-changes', expression: ["request.operation == 'CREATE'", ...differs].join(' || ') };
};

const MARKED = `'${PATCHED_ANNOTATION}' in object.?metadata.?annotations.orValue({})`;

/** An object without a single probe is called for only where we once patched it: our mark goes with the last probe. */
export const hasProbes = (kinds: readonly WorkloadKind[]): MatchCondition => {
  const specs = distinct(kinds.flatMap((kind) => kind.podSpecs)).map((path) => optional('object', path));
  const probed = 'has(c.livenessProbe) || has(c.readinessProbe) || has(c.startupProbe)';
  const anyOf = (list: string): string => `pod.?${list}.orValue([]).exists(c, ${probed})`;
  return {
    name: 'has-probes',
    expression: `[${specs.join(', ')}].exists(pod, ${anyOf('containers')} || ${anyOf('initContainers')}) || ${MARKED}`,
  };
};

/** A static pod's image in the API. Only its kubelet makes one: from anybody else the annotation is a disguise. */
export const NO_MIRROR_POD: MatchCondition = {
  name: 'no-mirror-pod',
  expression:
    "!(request.userInfo.username.startsWith('system:node:') && 'kubernetes.io/config.mirror' in object.?metadata.?annotations.orValue({}))",
};

/**
 * Pods are patched whoever made them; a workload with a controller never is, because its controller would undo it. Where we patched
 * it before it had one, what is ours still has to follow.
 */
export const PATCHABLE: MatchCondition = {
  name: 'no-controlled-workload',
  expression:
    "request.kind.kind == 'Pod' || !object.?metadata.?ownerReferences.orValue([]).exists(o, o.?controller.orValue(false))" +
    ` || ${MARKED}`,
};

/** A Namespace on which somebody writes annotations of ours, or changes what they depend on: the few whose writer needs a word. */
export const OUR_ANNOTATIONS: MatchCondition[] = [
  {
    name: 'has-our-annotations',
    expression: "object.?metadata.?annotations.orValue({}).exists(key, key.contains('probewise.dev/'))",
  },
  {
    name: 'annotations-or-labels-change',
    expression: [
      "request.operation == 'CREATE'",
      'object.?metadata.?annotations != oldObject.?metadata.?annotations',
      'object.?metadata.?labels != oldObject.?metadata.?labels',
    ].join(' || '),
  },
];

/** What a controller makes is never denied, and nobody reads its warnings. */
export function madeByPeople(controllerAccounts: readonly string[]): MatchCondition {
  const exact = controllerAccounts.filter((account) => !/[*?]/.test(account));
  const globs = controllerAccounts.filter((account) => /[*?]/.test(account));
  const user = 'request.userInfo.username';
  const tests = [
    ...(exact.length > 0 ? [`${user} in [${exact.map(literal).join(', ')}]`] : []),
    ...globs.map((glob) => matches(user, glob)),
  ];
  return { name: 'made-by-people', expression: tests.length === 0 ? 'true' : `!(${tests.join(' || ')})` };
}

/** The usual glob ends in its only star; any other becomes an RE2 expression, which cannot backtrack. */
function matches(user: string, glob: string): string {
  if (/^[^*?]*\*$/.test(glob)) return `${user}.startsWith(${literal(glob.slice(0, -1))})`;
  const pattern = glob
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return `${user}.matches(${literal(`^${pattern}$`)})`;
}

const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const optional = (root: string, path: Path): string => [root, ...path].join('.?');

function distinct(paths: readonly Path[]): Path[] {
  return [...new Map(paths.map((path) => [path.join('.'), path])).values()];
}
