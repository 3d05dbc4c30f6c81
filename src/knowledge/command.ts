/** One program that a probe runs, with its arguments as far as a manifest shows them. */
export interface Invocation {
  /** Without its folder: `pg_isready`. */
  readonly program: string;
  /** As written, for scripts that are told from their path. */
  readonly path: string;
  readonly args: readonly string[];
  /** Variables that stand before the command: `PGHOST=db psql`. */
  readonly env: ReadonlyMap<string, string>;
  /** Files that it reads from or writes to by redirection; `/dev/tcp/HOST/PORT` is a connection. */
  readonly files: readonly string[];
  /** Another command steps in when this one fails: `a || b`. */
  readonly masked: boolean;
  /** Its exit code does not count: it runs in the background, or another command comes after it whatever it says. */
  readonly ignored: 'background' | 'earlier' | undefined;
  /** Something looks at its output: a pipe, `$(…)`, a file. */
  readonly observed: boolean;
  /** What comes after it in a pipe, by program name. */
  readonly pipedInto: readonly string[];
  /** Text that is fed to it, as far as it is known: `echo ruok | nc localhost 2181`. */
  readonly input: string;
}

/** A command, read: what it runs, and what keeps it from failing. */
export interface CommandReading {
  readonly invocations: readonly Invocation[];
  /** Why it can never fail. */
  readonly alwaysPasses?: string;
  /** Why not all of it could be read. */
  readonly problem?: string;
}
