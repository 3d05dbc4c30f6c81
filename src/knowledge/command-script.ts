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
import { baseName, unwrap } from './command-unwrap.ts';
import { wordText } from './command-word.ts';
import type { Lookup } from './environment.ts';
import { isPythonScript, isShellScript } from './script-file.ts';

/** Scripts longer than this are not read: a probe's are some hundred characters. */
const LONGEST_SCRIPT = 16_384;
const MOST_INVOCATIONS = 200;
const DEEPEST = 6;

/** What a command finds around it: variables, and files whose text is known. */
export interface Surroundings {
  readonly lookup: Lookup;
  readonly scripts?: ReadonlyMap<string, string> | undefined;
}

interface Scope extends Surroundings {
  readonly variables: Map<string, string>;
  readonly invocations: Invocation[];
  readonly depth: number;
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
    invocations: [],
    depth,
  };
  for (const statement of tree.commands) visit(statement, scope, UNMASKED);
  const passes = passesAlways(tree.commands, exitOnError);
  return {
    invocations: scope.invocations,
    ...(passes !== undefined && { alwaysPasses: passes }),
    ...((tree.errors?.length ?? 0) > 0 && { problem: 'its script is not valid shell' }),
  };
}

interface Place {
  readonly masked: boolean;
  readonly pipedInto: readonly string[];
  readonly input: string;
}
const UNMASKED: Place = { masked: false, pipedInto: [], input: '' };

function visit(node: SyntaxNode, scope: Scope, place: Place): void {
  if (scope.invocations.length >= MOST_INVOCATIONS) return;
  if (node.type === 'Command') visitCommand(node, scope, place);
  else if (node.type === 'AndOr') visitAndOr(node, scope, place);
  else if (node.type === 'Pipeline') visitPipeline(node, scope, place);
  else {
    forEachChild(node, (child) => {
      visit(child, scope, place);
    });
  }
}

function visitAndOr(node: AndOr, scope: Scope, place: Place): void {
  node.commands.forEach((command, index) => {
    const laterOr = node.operators.indexOf('||', index);
    const next = laterOr < 0 ? undefined : node.commands[laterOr + 1];
    visit(command, scope, { ...place, masked: place.masked || (next !== undefined && !onlyFails(next)) });
  });
}

/** `|| exit 1`, `|| { echo no; exit 1; }`: the alternative only says that it failed. */
function onlyFails(node: SyntaxNode): boolean {
  let last: SyntaxNode | undefined = node;
  while (last !== undefined && last.type !== 'Command') {
    const children: SyntaxNode[] = [];
    forEachChild(last, (child) => {
      if (child.type !== 'Negation') children.push(child);
    });
    last = children.at(-1);
  }
  if (last === undefined) return false;
  const status = last.args[0];
  return last.name?.value === 'false' || (isExit(last) && status !== undefined && status.text !== '0');
}

const isExit = (command: Command): boolean => command.name?.value === 'exit' || command.name?.value === 'return';

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
  const files = node.redirects.flatMap((redirect) => fileOf(redirect, scope.lookup));
  if (node.name === undefined) {
    if (files.length > 0) add(scope, place, [''], env, files);
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
  add(scope, place, argv, env, files);
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

/** Programs that do not fail when they are used as probes use them. */
const NEVER_FAIL = new Set(['true', ':', 'echo', 'printf', 'date', 'sleep']);

/**
 * Can this list of commands never fail? Only its last command counts, unless the shell ends at the first failure. A script that
 * can leave in its middle (`exit 1`) can fail.
 */
function passesAlways(statements: readonly Statement[], exitOnError: boolean): string | undefined {
  const last = statements.at(-1)?.command;
  if (last === undefined) return undefined;
  const reason = neverFails(last);
  if (reason === undefined) return undefined;
  const before = statements.slice(0, -1);
  if (before.some(({ command }) => canLeave(command))) return undefined;
  if (
    (exitOnError || before.some(({ command }) => setsExitOnError(command))) &&
    before.some(({ command }) => neverFails(command) === undefined && !setsExitOnError(command))
  ) {
    return undefined;
  }
  return reason;
}

function neverFails(node: SyntaxNode): string | undefined {
  if (node.type === 'Statement') return neverFails(node.command);
  if (node.type === 'Command') {
    const name = node.name?.value ?? '';
    if (NEVER_FAIL.has(name)) return `\`${name}\` never fails`;
    return isExit(node) && node.args[0]?.text === '0' ? '`exit 0` hides every failure' : undefined;
  }
  if (node.type === 'AndOr') {
    if (
      node.operators.at(-1) !== '||' ||
      node.commands.some((command, index) => index < node.commands.length - 1 && canLeave(command))
    )
      return undefined;
    const last = node.commands.at(-1);
    const reason = last === undefined ? undefined : neverFails(last);
    return reason === undefined || last?.type !== 'Command'
      ? undefined
      : `\`|| ${last.name?.value ?? ''}${last.args[0]?.text === '0' ? ' 0' : ''}\` hides every failure`;
  }
  return undefined;
}

function setsExitOnError(node: SyntaxNode): boolean {
  return (
    node.type === 'Command' &&
    node.name?.value === 'set' &&
    node.args.some((arg) => arg.text.startsWith('-') && arg.text.includes('e'))
  );
}

/** Is there an `exit` with another status than 0 anywhere in it, or one whose status is not known? */
function canLeave(node: SyntaxNode): boolean {
  if (node.type === 'Command' && (isExit(node) || node.name?.value === 'exec')) return node.args[0]?.text !== '0';
  let found = false;
  forEachChild(node, (child) => {
    found ||= canLeave(child);
  });
  return found;
}
