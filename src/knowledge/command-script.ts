import {
  type AndOr,
  type Command,
  forEachChild,
  parse,
  type Pipeline,
  type Redirection,
  type Statement,
  type SyntaxNode,
} from 'unbash';
import type { CommandReading, Invocation } from './command.ts';
import { leavesTrace, onlyFails, passesAlways, reachable, waits, writesFile, writesOutput } from './command-status.ts';
import { baseName, unwrap } from './command-unwrap.ts';
import { wordText } from './command-word.ts';
import type { Lookup } from './environment.ts';
import { isPythonScript, isShellScript } from './script-file.ts';

/** Scripts longer than this are not read: a probe's are some hundred characters. */
const LONGEST_SCRIPT = 16_384;
const MOST_INVOCATIONS = 200;
const MOST_STEPS = 5000;
const DEEPEST = 6;

/** What a command finds around it: variables, and files whose text is known. */
export interface Surroundings {
  readonly lookup: Lookup;
  readonly scripts?: ReadonlyMap<string, string> | undefined;
}

interface Scope extends Surroundings {
  readonly variables: Map<string, string>;
  readonly functions: Map<string, SyntaxNode>;
  readonly invocations: Invocation[];
  readonly depth: number;
  readonly source: string;
  /** What changes on the way through the script. */
  readonly state: { exitOnError: boolean; steps: number; readonly calls: Set<string> };
}

/** Reads the argument of `sh -c`. */
function readScript(script: string, { lookup, scripts }: Surroundings, exitOnError: boolean, depth = 0): CommandReading {
  if (script.length > LONGEST_SCRIPT) return { invocations: [], problem: 'its script is too long to be read' };
  const tree = parse(script);
  const variables = new Map<string, string>();
  const scope: Scope = {
    lookup: (name) => variables.get(name) ?? lookup(name),
    scripts,
    variables,
    functions: new Map(),
    invocations: [],
    depth,
    source: script,
    state: { exitOnError, steps: 0, calls: new Set() },
  };
  visitList(tree.commands, scope, OUTERMOST);
  const passes = passesAlways(tree.commands, exitOnError);
  return {
    invocations: scope.invocations,
    ...(passes !== undefined && { alwaysPasses: passes }),
    ...((tree.errors?.length ?? 0) > 0 && { problem: 'its script is not valid shell' }),
  };
}

interface Place {
  readonly masked: boolean;
  readonly ignored: Invocation['ignored'];
  /** Inside `$(…)` or `<(…)`: its output is what counts. */
  readonly captured: boolean;
  readonly pipedInto: readonly string[];
  readonly input: string;
}
const OUTERMOST: Place = { masked: false, ignored: undefined, captured: false, pipedInto: [], input: '' };

function visit(node: SyntaxNode, scope: Scope, place: Place): void {
  if (scope.invocations.length >= MOST_INVOCATIONS || ++scope.state.steps > MOST_STEPS) return;
  if (node.type === 'Command') visitCommand(node, scope, place);
  else if (node.type === 'AndOr') visitAndOr(node, scope, place);
  else if (node.type === 'Pipeline') visitPipeline(node, scope, place);
  else if (node.type === 'Script' || node.type === 'CompoundList') visitList(node.commands, scope, place);
  // Its body runs where it is called.
  else if (node.type === 'Function') scope.functions.set(node.name.value, node.body);
  else if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') {
    if (node.script !== undefined) visit(node.script, scope, { ...place, captured: true });
  } else {
    if (node.type === 'Redirected') addConnections(node.redirects, scope, place);
    forEachChild(node, (child) => {
      visit(child, scope, place);
    });
  }
}

const lessCounting = (a: Invocation['ignored'], b: Invocation['ignored']): Invocation['ignored'] =>
  b === 'background' ? b : (a ?? b);

/** Of a list only the last status counts, unless the shell ends at the first failure or a later command looks at what was left. */
function visitList(all: readonly Statement[], scope: Scope, place: Place): void {
  const statements = reachable(all);
  const waited = waits(statements);
  statements.forEach((statement, index) => {
    const next = statements[index + 1];
    const thrownAway =
      next !== undefined &&
      statement.background !== true &&
      !place.captured &&
      !scope.state.exitOnError &&
      !scope.source.slice(next.pos, next.end).includes('$?') &&
      !leavesTrace(statement.command, scope.functions);
    const own = statement.background === true && !waited ? 'background' : thrownAway ? 'earlier' : undefined;
    visit(statement.command, scope, { ...place, ignored: lessCounting(place.ignored, own) });
  });
}

function visitAndOr(node: AndOr, scope: Scope, place: Place): void {
  node.commands.forEach((command, index) => {
    const laterOr = node.operators.indexOf('||', index);
    const next = laterOr < 0 ? undefined : node.commands[laterOr + 1];
    visit(command, scope, { ...place, masked: place.masked || (next !== undefined && !onlyFails(next)) });
  });
}

function visitPipeline(node: Pipeline, scope: Scope, place: Place): void {
  const programs = node.commands.map((command) => (command.type === 'Command' ? (command.name?.value ?? '') : ''));
  node.commands.forEach((command, index) => {
    const before = node.commands[index - 1];
    const input = before?.type === 'Command' ? before.args.map((arg) => arg.text).join(' ') : '';
    visit(command, scope, { ...place, pipedInto: programs.slice(index + 1).map(baseName), input });
  });
}

function visitCommand(node: Command, scope: Scope, place: Place): void {
  const env = new Map<string, string>();
  for (const item of node.prefix) {
    if (item.type !== 'Assignment') continue;
    forEachChild(item, (child) => {
      visit(child, scope, place);
    });
    if (item.value.type === 'Word') env.set(item.name, wordText(item.value, scope.lookup));
  }
  if (node.name === undefined) {
    for (const [name, value] of env) scope.variables.set(name, value);
  }
  // Commands inside `$(…)` of this one's words run first.
  for (const word of [node.name, ...node.suffix]) {
    if (word?.type !== 'Word' && word?.type !== 'Assignment') continue;
    forEachChild(word, (child) => {
      visit(child, scope, place);
    });
  }
  if (node.name === undefined) {
    addConnections(node.redirects, scope, place);
    return;
  }
  const files = node.redirects.flatMap((redirect) => fileOf(redirect, scope.lookup));
  const body = scope.functions.get(node.name.value);
  if (body !== undefined) {
    visitCall(node.name.value, body, scope, place);
    return;
  }
  const argv = [wordText(node.name, scope.lookup)];
  for (const arg of node.args) {
    if (arg.type === 'Word') argv.push(wordText(arg, scope.lookup));
    else {
      const value = arg.value.type === 'Word' ? wordText(arg.value, scope.lookup) : arg.text;
      argv.push(`${arg.name}=${value}`);
      if (argv[0] === 'export' || argv[0] === 'local' || argv[0] === 'declare') scope.variables.set(arg.name, value);
    }
  }
  if (argv[0] === 'set') noteErrexit(argv.slice(1), scope);
  const captured = place.captured || node.redirects.some(writesFile) || writesOutput(node);
  add(scope, { ...place, captured }, argv, env, files);
}

function visitCall(name: string, body: SyntaxNode, scope: Scope, place: Place): void {
  const { calls } = scope.state;
  if (calls.has(name)) return;
  calls.add(name);
  visit(body, scope, place);
  calls.delete(name);
}

/** `set -e`, `set -o errexit`, and `set +e`, which takes it back. */
function noteErrexit(args: readonly string[], { state }: Scope): void {
  for (const [index, arg] of args.entries()) {
    const sets = arg.startsWith('-');
    if (!sets && !arg.startsWith('+')) continue;
    const isLong = arg.endsWith('o') && args[index + 1] === 'errexit';
    if (isLong || (!arg.startsWith('--') && arg.includes('e'))) state.exitOnError = sets;
  }
}

function addConnections(redirects: readonly Redirection[], scope: Scope, place: Place): void {
  const files = redirects.flatMap((redirect) => fileOf(redirect, scope.lookup));
  if (files.length > 0) add(scope, place, [''], new Map(), files);
}

function fileOf(redirect: Redirection, lookup: Lookup): string[] {
  return redirect.type === 'Redirect' && redirect.target !== undefined ? [wordText(redirect.target, lookup)] : [];
}

function add(
  scope: Scope,
  place: Place,
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
  files: readonly string[],
): void {
  const { invocations, problem } = readArguments(argv, scope, scope.depth + 1);
  for (const invocation of invocations) {
    scope.invocations.push({
      ...invocation,
      env: new Map([...env, ...invocation.env]),
      files: [...invocation.files, ...files],
      masked: place.masked || invocation.masked,
      ignored: lessCounting(place.ignored, invocation.ignored),
      observed: place.captured || place.pipedInto.length > 0 || invocation.observed,
      pipedInto: invocation.pipedInto.length > 0 ? invocation.pipedInto : place.pipedInto,
      input: invocation.input === '' ? place.input : invocation.input,
    });
  }
  if (problem !== undefined && invocations.length === 0) scope.invocations.push(plain(argv, files));
}

const plain = (argv: readonly string[], files: readonly string[] = []): Invocation => ({
  program: baseName(argv[0] ?? ''),
  path: argv[0] ?? '',
  args: argv.slice(1),
  env: new Map(),
  files,
  masked: false,
  ignored: undefined,
  observed: false,
  pipedInto: [],
  input: '',
});

/** Reads a command as a list of arguments: no shell, unless it names one. */
export function readArguments(argv: readonly string[], { lookup, scripts }: Surroundings, depth = 0): CommandReading {
  const { argv: rest, script, env, exitOnError } = unwrap(argv);
  const inner: Surroundings = { lookup: (name) => env.get(name) ?? lookup(name), scripts };
  if (script !== undefined && depth < DEEPEST) {
    const reading = readScript(script, inner, exitOnError, depth + 1);
    return env.size === 0 ? reading : { ...reading, invocations: reading.invocations.map((item) => within(item, env)) };
  }
  if (rest.length === 0) return { invocations: [], problem: 'it runs no program' };
  // `python3 /probes/check.py`: the interpreter stands before the file.
  const path =
    (baseName(rest[0] ?? '').startsWith('python') ? rest.slice(1).find((word) => !word.startsWith('-')) : rest[0]) ?? '';
  const file = scripts?.get(path);
  if (file !== undefined && depth < DEEPEST) {
    if (isPythonScript(path, file)) return { invocations: [plain(['python', '-c', file])] };
    if (isShellScript(path, file)) return readScript(file, inner, endsAtFirstFailure(file), depth + 1);
  }
  const invocation = { ...plain(rest), env };
  const { program, args } = invocation;
  if (program === 'eval' && depth < DEEPEST) return readScript(args.join(' '), inner, false, depth + 1);
  if (program === 'true' || program === ':') return { invocations: [invocation], alwaysPasses: '`true` never fails' };
  if (program === 'exit' && args[0] === '0') return { invocations: [invocation], alwaysPasses: '`exit 0` never fails' };
  return { invocations: [invocation] };
}

/** `#!/bin/sh -e` */
const endsAtFirstFailure = (file: string): boolean => {
  const first = file.slice(0, Math.max(0, file.indexOf('\n')));
  return first.startsWith('#!') && first.split(' ').some((word) => word.startsWith('-') && word.includes('e'));
};

const within = (invocation: Invocation, env: ReadonlyMap<string, string>): Invocation => ({
  ...invocation,
  env: new Map([...env, ...invocation.env]),
});
