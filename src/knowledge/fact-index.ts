import type { Container } from '../core/container.ts';
import type { Handler } from '../core/probe.ts';
import type { EndpointFact } from '../core/verdict.ts';

/**
 * The entries of a policy by the fixed text that begins or ends one of their globs, so that the cost of a look-up does not grow with
 * the policy: an entry whose fixed text is not there cannot fit, and is not looked at.
 */
export interface FactIndex {
  readonly fields: Readonly<Record<Field, FieldIndex>>;
  /** Entries without any fixed text. */
  readonly others: readonly Numbered[];
}

const FIELDS = ['image', 'path', 'command'] as const;
type Field = (typeof FIELDS)[number];

/** An entry with its place in the policy: the first that fits wins. */
export interface Numbered {
  readonly place: number;
  readonly fact: EndpointFact;
}

interface FieldIndex {
  /** By the text before the first wildcard, and the lengths that such texts have. */
  readonly beginnings: ReadonlyMap<string, readonly Numbered[]>;
  readonly beginningLengths: readonly number[];
  /** By the text after the last wildcard, where there is none before the first. */
  readonly endings: ReadonlyMap<string, readonly Numbered[]>;
  readonly endingLengths: readonly number[];
}

interface Key {
  readonly field: Field;
  readonly end: 'beginnings' | 'endings';
  readonly text: string;
}

export function indexFacts(facts: readonly EndpointFact[]): FactIndex {
  const keys = facts.map(keysOf);
  const uses = new Map<string, number>();
  for (const key of keys.flat()) uses.set(nameOf(key), (uses.get(nameOf(key)) ?? 0) + 1);
  const others: Numbered[] = [];
  const maps = { image: emptyMaps(), path: emptyMaps(), command: emptyMaps() };
  for (const [place, fact] of facts.entries()) {
    // Under its rarest text: what half of the entries have in common rules nothing out.
    const [key] = (keys[place] ?? []).toSorted((a, b) => (uses.get(nameOf(a)) ?? 0) - (uses.get(nameOf(b)) ?? 0));
    if (key === undefined) {
      others.push({ place, fact });
      continue;
    }
    const map = maps[key.field][key.end];
    const found = map.get(key.text);
    if (found === undefined) map.set(key.text, [{ place, fact }]);
    else found.push({ place, fact });
  }
  return { fields: { image: fieldIndex(maps.image), path: fieldIndex(maps.path), command: fieldIndex(maps.command) }, others };
}

/** The entries that may fit, in no order. */
export function candidates({ fields, others }: FactIndex, handler: Handler, container: Container): readonly Numbered[] {
  const found = [...others];
  collect(fields.image, container.image, found);
  if (handler.kind === 'httpGet') collect(fields.path, handler.path, found);
  if (handler.kind === 'exec') collect(fields.command, handler.command.join(' '), found);
  return found;
}

const emptyMaps = () => ({ beginnings: new Map<string, Numbered[]>(), endings: new Map<string, Numbered[]>() });

const fieldIndex = ({ beginnings, endings }: ReturnType<typeof emptyMaps>): FieldIndex => ({
  beginnings,
  beginningLengths: lengthsOf(beginnings),
  endings,
  endingLengths: lengthsOf(endings),
});

const lengthsOf = (map: ReadonlyMap<string, unknown>): number[] => [...new Set([...map.keys()].map(({ length }) => length))];

const nameOf = ({ field, end, text }: Key): string => `${field} ${end} ${text}`;

function keysOf(fact: EndpointFact): Key[] {
  return FIELDS.flatMap((field): Key[] => {
    const glob = fact[field];
    if (glob === undefined) return [];
    const [beginning = ''] = glob.split(/[*?]/, 1);
    if (beginning !== '') return [{ field, end: 'beginnings', text: beginning }];
    // Of an image without its tag, and of a path without its query, the end is not the end of what is there: see `collect`.
    const ending = glob.slice(Math.max(glob.lastIndexOf('*'), glob.lastIndexOf('?')) + 1);
    return ending === '' || field !== 'command' ? [] : [{ field, end: 'endings', text: ending }];
  });
}

function collect(index: FieldIndex, value: string, into: Numbered[]): void {
  for (const length of index.beginningLengths) {
    if (length > value.length) continue;
    const found = index.beginnings.get(value.slice(0, length));
    if (found !== undefined) into.push(...found);
  }
  for (const length of index.endingLengths) {
    if (length > value.length) continue;
    const found = index.endings.get(value.slice(value.length - length));
    if (found !== undefined) into.push(...found);
  }
}
