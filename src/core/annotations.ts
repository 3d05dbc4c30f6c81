import { isObject, text } from './json.ts';
import { MODES, type Mode } from './policy.ts';
import { RULE_IDS, type RuleId } from './rule-ids.ts';
import { SEVERITIES, type Severity } from './rule.ts';
import { didYouMean, quoted } from './suggest.ts';
import { MAX_FLOOR_SECONDS, THRESHOLD_NAMES, type ThresholdName } from './thresholds.ts';
import { parseTime } from './time.ts';

/** One value that a namespace asks for, as its annotation says. */
export interface Override<T> {
  readonly annotation: string;
  readonly value: T;
  /** Until when it is in force, in milliseconds since the epoch; absent where it has no end. */
  readonly end?: { readonly annotation: string; readonly at: number | 'unreadable' };
  readonly reason?: string;
}

/** What a namespace's annotations ask for, before any policy has been asked. */
export interface Overrides {
  readonly mode?: Override<Mode>;
  readonly thresholds: ReadonlyMap<ThresholdName, Override<number>>;
  readonly rules: ReadonlyMap<RuleId, Override<Severity | 'Off'>>;
  /** Annotations of ours that cannot be read, in sentences. */
  readonly problems: readonly string[];
}

const CAPS = [...SEVERITIES, 'Off'] as const;

/** `startupBudgetSeconds` → `startup-budget-seconds`: an annotation's name is lower case by custom. */
const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const THRESHOLDS_BY_ANNOTATION: ReadonlyMap<string, ThresholdName> = new Map(THRESHOLD_NAMES.map((name) => [kebab(name), name]));
const RULES_BY_NAME: ReadonlyMap<string, RuleId> = new Map(RULE_IDS.map((id) => [id, id]));

const PLAIN = ['mode', 'reason', 'expires'] as const;

/** Every annotation of a namespace that means something to us. */
export const NAMESPACE_ANNOTATIONS: readonly string[] = [
  ...PLAIN.map((name) => `probewise.dev/${name}`),
  ...THRESHOLD_NAMES.map((name) => `threshold.probewise.dev/${kebab(name)}`),
  ...['rule', 'reason', 'expires'].flatMap((domain) => RULE_IDS.map((id) => `${domain}.probewise.dev/${id}`)),
];

const KNOWN: ReadonlySet<string> = new Set(NAMESPACE_ANNOTATIONS);
const NONE: Overrides = { thresholds: new Map(), rules: new Map(), problems: [] };
const MAX_PROBLEMS = 20;

/** Never throws, whatever stands there. */
export function readOverrides(annotations: unknown): Overrides {
  const ours = isObject(annotations) ? Object.entries(annotations).filter(([name]) => isOurs(name)) : [];
  if (ours.length === 0) return NONE;
  return new Reader(ours).read();
}

function isOurs(name: string): boolean {
  const domain = name.slice(0, Math.max(0, name.indexOf('/')));
  return domain === 'probewise.dev' || domain.endsWith('.probewise.dev');
}

class Reader {
  readonly #values = new Map<string, string>();
  readonly #problems: string[] = [];

  constructor(annotations: readonly (readonly [string, unknown])[]) {
    for (const [name, value] of annotations) {
      const known = text(value);
      if (!KNOWN.has(name)) {
        this.#report(name, `is not known, and has no effect.${didYouMean(name, NAMESPACE_ANNOTATIONS)}`);
      } else if (known === undefined) {
        this.#report(name, 'is not text, and counts as absent: put its value in quotes.');
      } else {
        this.#values.set(name, known.trim());
      }
    }
  }

  read(): Overrides {
    const general = this.#end('probewise.dev/expires');
    const mode = this.#override('probewise.dev/mode', (value) => word(value, MODES), oneOf(MODES), general);
    const thresholds = new Map<ThresholdName, Override<number>>();
    for (const [name, threshold] of THRESHOLDS_BY_ANNOTATION) {
      const override = this.#override(`threshold.probewise.dev/${name}`, floor, FLOOR, general);
      if (override !== undefined) thresholds.set(threshold, override);
    }
    const rules = new Map<RuleId, Override<Severity | 'Off'>>();
    for (const [name, id] of RULES_BY_NAME) {
      // An end of its own counts instead of the common one, even one that cannot be read: the common one may be later.
      const end = this.#end(`expires.probewise.dev/${name}`) ?? general;
      const override = this.#override(`rule.probewise.dev/${name}`, (value) => word(value, CAPS), oneOf(CAPS), end, name);
      if (override !== undefined) rules.set(id, override);
    }
    this.#reportLoose();
    const told = this.#problems.slice(0, MAX_PROBLEMS);
    const more = this.#problems.length - told.length;
    return {
      ...(mode !== undefined && { mode }),
      thresholds,
      rules,
      problems: more > 0 ? [...told, `${more} more annotations of probewise.dev cannot be read.`] : told,
    };
  }

  #override<T>(
    annotation: string,
    read: (value: string) => T | undefined,
    expected: string,
    end: Override<T>['end'],
    rule?: string,
  ): Override<T> | undefined {
    const given = this.#values.get(annotation);
    if (given === undefined) return undefined;
    const value = read(given);
    if (value === undefined) {
      this.#report(annotation, `is ${quoted(given)}, and counts as absent: write ${expected}.`);
      return undefined;
    }
    const own = rule === undefined ? undefined : this.#values.get(`reason.probewise.dev/${rule}`);
    const reason = own ?? this.#values.get('probewise.dev/reason');
    return { annotation, value, ...(end !== undefined && { end }), ...(reason !== undefined && { reason }) };
  }

  #end(annotation: string): Override<unknown>['end'] {
    const given = this.#values.get(annotation);
    if (given === undefined) return undefined;
    const at = parseTime(given);
    if (at !== undefined) return { annotation, at };
    this.#report(
      annotation,
      `is ${quoted(given)}: write a date or a time as in RFC 3339, "2027-01-31" or "2027-01-31T12:00:00Z".`,
    );
    return { annotation, at: 'unreadable' };
  }

  #reportLoose(): void {
    for (const name of this.#values.keys()) {
      const [, domain, rule] = /^(reason|expires)\.probewise\.dev\/(.*)$/.exec(name) ?? [];
      if (domain === undefined || this.#values.has(`rule.probewise.dev/${rule}`)) continue;
      this.#report(name, `has no effect: there is no annotation rule.probewise.dev/${rule}.`);
    }
  }

  #report(annotation: string, problem: string): void {
    this.#problems.push(`annotation ${quoted(annotation)} ${problem}`);
  }
}

const word = <T extends string>(value: string, known: readonly T[]): T | undefined =>
  known.find((candidate) => candidate.toLowerCase() === value.toLowerCase());

const oneOf = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const FLOOR = `a whole number of seconds from 1 to ${MAX_FLOOR_SECONDS}, such as "300"`;

function floor(value: string): number | undefined {
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  return seconds >= 1 && seconds <= MAX_FLOOR_SECONDS ? seconds : undefined;
}
