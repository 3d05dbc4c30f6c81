import * as z from 'zod';
import { isObject, list, property, scalarText, text, valueAt } from '../core/json.ts';
import { display, type Path } from '../core/path.ts';
import { count } from '../core/text.ts';
import { didYouMean, quoted } from '../core/suggest.ts';
import { clusterProbePolicy } from './policy-schema.ts';

/** What is wrong with one field of a policy. */
export interface FieldProblem {
  /** From the root of the object. */
  readonly at: Path;
  /** `key`: the field should not be there at all. */
  readonly target: 'key' | 'value';
  readonly message: string;
}

/** `spec.rules[0].name: this is not a rule. …` */
export const describeProblem = ({ at, message }: FieldProblem): string =>
  at.length === 0 ? message : `${display(at)}: ${message}`;

/** In our words, and with what was probably meant. */
export function problemsOf(issue: z.core.$ZodIssue, root: unknown): FieldProblem[] {
  const at = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ at: [...at, key], target: 'key', message: unknownField(at, key) }));
  }
  return [{ at, target: 'value', message: messageOf(issue, at, valueAt(root, at)) }];
}

export const unknownField = (parent: Path, key: string): string =>
  withHint(`there is no field ${quoted(key)} here`, key, fieldsAt(parent));

function messageOf(issue: z.core.$ZodIssue, at: Path, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined ? 'this field is missing' : wrongType(issue.expected, value);
    case 'invalid_value':
      return wrongWord(
        issue.values.filter((word) => typeof word === 'string'),
        value,
      );
    case 'too_small':
      if (issue.origin === 'string') return 'this is empty';
      if (issue.origin === 'array') return 'this list is empty: leave it out, or fill it';
      return `this is ${show(value)}, and must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `this is longer than ${count(Number(issue.maximum), 'character')}`;
      if (issue.origin === 'array') return `this list has more than ${issue.maximum} entries`;
      return `this is ${show(value)}, and must be at most ${issue.maximum}`;
    case 'custom':
      return withHint(issue.message, value, list(issue.params?.['known']).map(String));
    case 'invalid_format':
      return `this is ${show(value)}: ${issue.message}`;
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'unrecognized_keys':
    default:
      return `${display(at)} cannot be read: ${issue.message}`;
  }
}

function wrongType(expected: string, value: unknown): string {
  const wanted = KINDS.get(expected) ?? expected;
  const hint = expected === 'string' && ['number', 'boolean'].includes(typeof value) ? ': put it in quotes' : '';
  return `this is ${show(value)}, and must be ${wanted}${hint}`;
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['int', 'a whole number'],
  ['number', 'a number'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
]);

function wrongWord(words: readonly string[], value: unknown): string {
  if (value === undefined) return `this field is missing: ${oneOf(words)}`;
  return withHint(`this is ${show(value)}, and must be ${oneOf(words)}`, value, words);
}

/** A message has no full stop at its end, unless a question follows it. */
function withHint(message: string, word: unknown, known: readonly string[]): string {
  const hint = didYouMean(text(word) ?? '', known);
  return hint === '' ? message : `${message}.${hint}`;
}

const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

function show(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : scalarText(value);
}

/** The names of the fields that an object at this path can have. */
function fieldsAt(path: Path): string[] {
  let schema: unknown = z.toJSONSchema(clusterProbePolicy, { io: 'input', reused: 'inline' });
  for (const step of path) {
    schema = typeof step === 'number' ? property(schema, 'items') : property(property(schema, 'properties'), step);
  }
  const fields = property(schema, 'properties');
  return isObject(fields) ? Object.keys(fields) : [];
}
