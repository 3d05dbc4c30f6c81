/** What is left of a command line when the programs that only start another one are taken off. */
export interface Unwrapped {
  readonly argv: readonly string[];
  /** Set where the rest is a shell script, the argument of `-c`. */
  readonly script?: string;
  readonly env: ReadonlyMap<string, string>;
  /** `-e` among the shell's flags: the first failure ends it. */
  readonly exitOnError: boolean;
}

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh', 'mksh', 'rbash']);

/** Options of each wrapper that take the next argument as their value. */
const WRAPPERS: ReadonlyMap<string, { readonly valued: readonly string[]; readonly operands: number }> = new Map([
  ['timeout', { valued: ['-s', '--signal', '-k', '--kill-after', '-t'], operands: 1 }],
  ['gtimeout', { valued: ['-s', '-k'], operands: 1 }],
  ['gosu', { valued: [], operands: 1 }],
  ['su-exec', { valued: [], operands: 1 }],
  ['setpriv', { valued: ['--reuid', '--regid', '--groups'], operands: 0 }],
  ['s6-setuidgid', { valued: [], operands: 1 }],
  ['sudo', { valued: ['-u', '--user', '-g', '--group'], operands: 0 }],
  ['runuser', { valued: ['-u', '--user', '-g'], operands: 0 }],
  ['chroot', { valued: [], operands: 1 }],
  ['nice', { valued: ['-n'], operands: 0 }],
  ['ionice', { valued: ['-c', '-n'], operands: 0 }],
  ['stdbuf', { valued: ['-o', '-e', '-i'], operands: 0 }],
  ['time', { valued: [], operands: 0 }],
  ['nohup', { valued: [], operands: 0 }],
  ['setsid', { valued: [], operands: 0 }],
  ['exec', { valued: ['-a'], operands: 0 }],
  ['command', { valued: [], operands: 0 }],
  ['builtin', { valued: [], operands: 0 }],
  ['tini', { valued: ['-p', '-e'], operands: 0 }],
  ['dumb-init', { valued: ['-r', '--rewrite'], operands: 0 }],
  ['catatonit', { valued: [], operands: 0 }],
  ['busybox', { valued: [], operands: 0 }],
  ['entrypoint', { valued: [], operands: 0 }],
  ['entrypoint.sh', { valued: [], operands: 0 }],
  ['docker-entrypoint.sh', { valued: [], operands: 0 }],
  ['docker-entrypoint', { valued: [], operands: 0 }],
  ['xvfb-run', { valued: [], operands: 0 }],
  ['poetry', { valued: [], operands: 0 }],
  ['pipenv', { valued: [], operands: 0 }],
  ['uv', { valued: [], operands: 0 }],
  ['npx', { valued: ['-p', '--package'], operands: 0 }],
  ['bundle', { valued: [], operands: 0 }],
]);

/** The word that comes between some of them and the program: `bundle exec rails`, `poetry run celery`. */
const INNER_WORDS: ReadonlyMap<string, string> = new Map([
  ['bundle', 'exec'],
  ['poetry', 'run'],
  ['pipenv', 'run'],
  ['uv', 'run'],
]);

const DEEPEST = 12;

export function unwrap(argv: readonly string[]): Unwrapped {
  const env = new Map<string, string>();
  let rest = argv;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const [first = ''] = rest;
    const name = baseName(first);
    if (SHELLS.has(name)) return unwrapShell(rest, env);
    if (name === 'env') {
      rest = afterEnv(rest, env);
      continue;
    }
    if (name === 'su') return unwrapSu(rest, env);
    const module = name.startsWith('python') ? rest.indexOf('-m') : -1;
    if (module > 0 && rest.slice(1, module).every((word) => word.startsWith('-')) && rest.length > module + 1) {
      rest = rest.slice(module + 1);
      continue;
    }
    const wrapper = WRAPPERS.get(name);
    if (wrapper === undefined || rest.length < 2) break;
    const inner = INNER_WORDS.get(name);
    const next = afterWrapper(rest, wrapper);
    const unwrapped = inner !== undefined && next[0] === inner ? next.slice(1) : next;
    if (unwrapped.length === 0 || (inner !== undefined && next[0] !== inner)) break;
    rest = unwrapped;
  }
  return { argv: rest, env, exitOnError: false };
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function afterWrapper(
  argv: readonly string[],
  { valued, operands }: { valued: readonly string[]; operands: number },
): readonly string[] {
  let at = 1;
  while (at < argv.length) {
    const word = argv[at] ?? '';
    if (word === '--') {
      at++;
      break;
    }
    if (!word.startsWith('-') || word === '-') break;
    at += valued.includes(word) ? 2 : 1;
  }
  return argv.slice(Math.min(at + operands, argv.length));
}

function afterEnv(argv: readonly string[], env: Map<string, string>): readonly string[] {
  let at = 1;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const equals = word.indexOf('=');
    if (word === '-u' || word === '--unset' || word === '-C') at++;
    else if (!word.startsWith('-') && equals > 0) env.set(word.slice(0, equals), word.slice(equals + 1));
    else if (!word.startsWith('-')) break;
  }
  return argv.slice(at);
}

function unwrapShell(argv: readonly string[], env: ReadonlyMap<string, string>): Unwrapped {
  let exitOnError = false;
  let takesScript = false;
  let at = 1;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') continue;
    if (!word.startsWith('-') && !word.startsWith('+')) break;
    if (word === '-o' || word === '+o' || word === '-O') {
      if (argv[at + 1] === 'errexit') exitOnError = true;
      at++;
    } else if (!word.startsWith('--')) {
      takesScript ||= word.includes('c');
      exitOnError ||= word.startsWith('-') && word.includes('e');
      if (word.endsWith('o')) at++;
    }
  }
  const script = argv[at];
  if (takesScript && script !== undefined) return { argv: argv.slice(at), script, env, exitOnError };
  // `sh /probe.sh`: the script is a file.
  return { argv: argv.slice(at), env, exitOnError };
}

function unwrapSu(argv: readonly string[], env: ReadonlyMap<string, string>): Unwrapped {
  const at = argv.findIndex((word) => word === '-c' || word === '--command');
  const script = at < 0 ? undefined : argv[at + 1];
  return script === undefined ? { argv, env, exitOnError: false } : { argv, script, env, exitOnError: false };
}
