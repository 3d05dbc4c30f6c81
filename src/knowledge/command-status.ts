import { type Command, forEachChild, type Redirection, type Statement, type SyntaxNode } from 'unbash';

/** What the exit status of a piece of shell code depends on. */

/** `|| exit 1`, `|| { echo no; exit 1; }`: the alternative only says that it failed. */
export function onlyFails(node: SyntaxNode): boolean {
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

/** Bodies of functions, by name. */
export type Functions = ReadonlyMap<string, SyntaxNode>;

/** The statements up to the first that always ends the shell: what stands behind it never runs. */
export function reachable(statements: readonly Statement[]): readonly Statement[] {
  const end = statements.findIndex(({ command, background }) => background !== true && alwaysLeaves(command));
  return end < 0 ? statements : statements.slice(0, end + 1);
}

function alwaysLeaves(node: SyntaxNode): boolean {
  if (node.type === 'Command') return isExit(node) || (node.name?.value === 'exec' && node.args.length > 0);
  return (
    node.type === 'BraceGroup' &&
    node.body.commands.some(({ command, background }) => background !== true && alwaysLeaves(command))
  );
}

/** Does the list wait for what runs in the background, and so for its status? */
export const waits = (statements: readonly Statement[]): boolean =>
  statements.some(({ command }) => command.type === 'Command' && command.name?.value === 'wait');

/** Commands that keep something which a later one can look at. */
const KEEPERS = new Set([
  'export',
  'local',
  'declare',
  'typeset',
  'readonly',
  'read',
  'mapfile',
  'eval',
  'touch',
  'rm',
  'mv',
  'cp',
  'ln',
  'tee',
  'kill',
]);
const OUTPUT_OPTIONS = new Set(['-o', '-O', '--output', '--output-document']);
const MOST_NODES = 500;

/**
 * Can what comes later depend on how this went, other than by its status? It can end the shell, keep a value or a file, wait in a
 * loop, or start another program after a success.
 */
export function leavesTrace(node: SyntaxNode, functions: Functions): boolean {
  const budget = { nodes: MOST_NODES };
  return traces(node, functions, budget, false);
}

function traces(node: SyntaxNode, functions: Functions, budget: { nodes: number }, inSubshell: boolean): boolean {
  if (budget.nodes-- <= 0) return true;
  if (node.type === 'Function') return false;
  if (node.type === 'While') return true;
  if (node.type === 'AndOr' && node.commands.slice(1).some((command) => neverFails(command) === undefined)) return true;
  if (node.type === 'Redirected' && node.redirects.some(writesFile)) return true;
  if (node.type === 'Command') {
    const name = node.name?.value;
    const body = name === undefined ? undefined : functions.get(name);
    if (body !== undefined) return traces(body, functions, budget, inSubshell);
    if (node.redirects.some(writesFile) || writesOutput(node)) return true;
    if (!inSubshell && (name === undefined || name === 'exec' || isExit(node))) return true;
    return name !== undefined && KEEPERS.has(name);
  }
  let found = false;
  const within = inSubshell || node.type === 'Subshell';
  forEachChild(node, (child) => {
    found ||= traces(child, functions, budget, within);
  });
  return found;
}

export const writesFile = (redirect: Redirection): boolean =>
  redirect.type === 'Redirect' &&
  redirect.operator.includes('>') &&
  redirect.target !== undefined &&
  redirect.target.value !== '/dev/null' &&
  !/^(?:\d+|-)$/.test(redirect.target.value);

/** `curl -o FILE` */
export function writesOutput({ args }: Command): boolean {
  return args.some((arg, index) => {
    const file = args[index + 1]?.text;
    return OUTPUT_OPTIONS.has(arg.text) && file !== undefined && file !== '/dev/null' && file !== '-';
  });
}

/** Programs that do not fail when they are used as probes use them. */
const NEVER_FAIL = new Set(['true', ':', 'echo', 'printf', 'date', 'sleep']);

/**
 * Can this list of commands never fail? Only its last command counts, unless the shell ends at the first failure. A script that
 * can leave in its middle (`exit 1`) can fail.
 */
export function passesAlways(all: readonly Statement[], exitOnError: boolean): string | undefined {
  const statements = reachable(all);
  const end = statements.at(-1);
  if (end === undefined) return undefined;
  const reason = end.background === true ? 'its last command runs in the background' : neverFails(end.command);
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
