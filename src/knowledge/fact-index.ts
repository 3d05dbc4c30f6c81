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

/** What the globs of each field are held against; one of the texts must match. */
export type Texts = Readonly<Record<Field, readonly string[]>>;

export const textsOf = (handler: Handler, container: Container): Texts => ({
  image: imageTexts(container.image),
  path: handler.kind === 'httpGet' ? pathTexts(handler.path.slice(0, LONGEST_PATH)) : [],
  command: handler.kind === 'exec' ? [handler.command.join(' ')] : [],
});

const LONGEST_PATH = 2048;

/** With or without its query. */
function pathTexts(path: string): string[] {
  const mark = path.indexOf('?');
  return mark < 0 ? [path] : [path, path.slice(0, mark)];
}

/** With or without tag and digest: who writes `example/api` means every version of it. */
function imageTexts(image: string): string[] {
  const at = image.indexOf('@');
  const named = at < 0 ? image : image.slice(0, at);
  const tag = named.lastIndexOf(':');
  const bare = tag > named.lastIndexOf('/') ? named.slice(0, tag) : named;
  return bare === image ? [image] : [image, bare];
}

/** The entries that may fit: in no order, and some of them twice. */
export function candidates({ fields, others }: FactIndex, texts: Texts): readonly Numbered[] {
  const found = [...others];
  for (const field of FIELDS) for (const text of texts[field]) collect(fields[field], text, found);
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
    const ending = glob.slice(Math.max(glob.lastIndexOf('*'), glob.lastIndexOf('?')) + 1);
    return ending === '' ? [] : [{ field, end: 'endings', text: ending }];
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
