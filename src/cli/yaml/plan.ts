import { isAlias, isMap, isNode, isScalar, isSeq, type Pair, Scalar, visit, type YAMLMap } from 'yaml';
import type { Edit } from '../../core/edit.ts';
import { type Json, sameJson, valueAt } from '../../core/json.ts';
import { type Entry, insertInto } from './insert.ts';
import { lineBreakOf, lineStart } from './layout.ts';
import { findPair, lastOffset, ownPair, span, target } from './node.ts';
import { valuesOf, type YamlDocument } from './parse.ts';
import { removeFrom } from './remove.ts';
import { blockEntryLines, flowText, PLAIN_FLOW } from './render.ts';
import type { Replacement } from './replacement.ts';

/** Edits as replacements of text. */
export interface Plan {
  readonly replacements: readonly Replacement[];
  readonly planned: readonly Edit[];
  readonly refused: readonly Refusal[];
}

/** An edit that the text does not let us make, and why, as a fragment. */
export interface Refusal {
  readonly edit: Edit;
  readonly reason: string;
}

/** Text that several places use through an anchor changes for all of them: only where all of them want the same. */
export type Sharing = 'allow' | 'refuse';

/** Plans edits whose paths start at the document's root. Nothing but the fields in question is touched. */
export function planEdits(text: string, document: YamlDocument, edits: readonly Edit[], sharing: Sharing): Plan {
  const planner = new Planner(text, document, sharing);
  for (const edit of edits) planner.add(edit);
  return planner.plan();
}

interface DocumentContext {
  readonly values: unknown;
  /** Anchors that some alias uses. */
  readonly aliased: ReadonlySet<string>;
}

/** A List is one document with many objects: what holds for the whole of it is worked out once. */
const contexts = new WeakMap<YamlDocument, DocumentContext>();

function contextOf(document: YamlDocument): DocumentContext {
  const known = contexts.get(document);
  if (known !== undefined) return known;
  const aliased = new Set<string>();
  visit(document, { Alias: (_, alias) => void aliased.add(alias.source) });
  const context = { values: valuesOf(document), aliased };
  contexts.set(document, context);
  return context;
}

class Planner {
  readonly #text: string;
  readonly #document: YamlDocument;
  readonly #values: unknown;
  readonly #sharing: Sharing;
  readonly #aliased: ReadonlySet<string>;
  readonly #planned: Edit[] = [];
  readonly #refused: Refusal[] = [];
  readonly #replaced = new Map<number, Replacement>();
  readonly #removed = new Map<Pair, Replacement>();
  readonly #inserted = new Map<YAMLMap, Map<string, { readonly value: Json; readonly edits: Edit[] }>>();

  constructor(text: string, document: YamlDocument, sharing: Sharing) {
    this.#text = text;
    this.#document = document;
    this.#sharing = sharing;
    ({ values: this.#values, aliased: this.#aliased } = contextOf(document));
  }

  add(edit: Edit): void {
    const reason = this.#addAt(edit);
    if (reason === undefined) this.#planned.push(edit);
    else this.#refused.push({ edit, reason });
  }

  plan(): Plan {
    const replacements = [...this.#replaced.values(), ...this.#removed.values()];
    const removed = new Set(this.#removed.keys());
    // Maps may end at the same place: there the inner one, which begins later, goes on first.
    const innermostFirst = [...this.#inserted].sort(([a], [b]) => (span(b)?.[0] ?? 0) - (span(a)?.[0] ?? 0));
    for (const [map, entries] of innermostFirst) {
      const written = [...entries].map(([key, { value }]): Entry => [key, value]);
      const inserted = insertInto(this.#text, this.#document, map, written, removed);
      if (inserted !== undefined) {
        replacements.push(...inserted);
        continue;
      }
      for (const { edits } of entries.values()) {
        for (const edit of edits) {
          this.#planned.splice(this.#planned.indexOf(edit), 1);
          this.#refused.push({ edit, reason: 'the text around it is written in a form that cannot be extended' });
        }
      }
    }
    return { replacements, planned: this.#planned, refused: this.#refused };
  }

  /** Why not, or undefined where it is planned. */
  #addAt(edit: Edit): string | undefined {
    // What stands there already is done, whatever the way in which it is written.
    if (edit.op === 'set' && sameJson(valueAt(this.#values, edit.at), edit.value)) return undefined;
    let node: unknown = this.#document.contents;
    for (const [depth, step] of edit.at.entries()) {
      const last = depth === edit.at.length - 1;
      const shared = this.#sharedBy(node);
      if (shared !== undefined && this.#sharing === 'refuse') return `other places share this text through the anchor &${shared}`;
      const holder = target(this.#document, node);
      if (isSeq(holder) && typeof step === 'number' && !last) {
        node = holder.items[step];
      } else if (isMap(holder)) {
        const pair = ownPair(holder, String(step));
        if (last) return edit.op === 'remove' ? this.#remove(holder, pair) : this.#set(holder, pair, String(step), edit);
        if (pair === undefined) return this.#missing(holder, String(step));
        node = pair.value;
      } else {
        return 'the text around it has another form';
      }
    }
    return 'it is the whole document';
  }

  #sharedBy(node: unknown): string | undefined {
    if (isAlias(node)) return node.source;
    const anchor = isNode(node) && 'anchor' in node ? node.anchor : undefined;
    return anchor !== undefined && this.#aliased.has(anchor) ? anchor : undefined;
  }

  #missing(holder: YAMLMap, key: string): string {
    const merged = findPair(this.#document, holder, key) !== undefined;
    return merged ? `${key} comes in by a merge key, and other places share it` : `${key} is not there`;
  }

  #remove(holder: YAMLMap, pair: Pair | undefined): string | undefined {
    if (pair === undefined) return 'it comes in by a merge key';
    const removal = removeFrom(this.#text, holder, pair);
    if (removal === undefined) return 'nothing would be left around it';
    this.#removed.set(pair, removal);
    return undefined;
  }

  #set(holder: YAMLMap, pair: Pair | undefined, key: string, edit: Edit & { readonly op: 'set' }): string | undefined {
    if (pair !== undefined) return this.#replace(pair, key, edit.value);
    const entries = this.#inserted.get(holder) ?? new Map<string, { value: Json; edits: Edit[] }>();
    this.#inserted.set(holder, entries);
    const known = entries.get(key);
    if (known === undefined) entries.set(key, { value: edit.value, edits: [edit] });
    else if (JSON.stringify(known.value) === JSON.stringify(edit.value)) known.edits.push(edit);
    else return 'places that share this text want different values';
    return undefined;
  }

  #replace(pair: Pair, key: string, value: Json): string | undefined {
    const shared = isAlias(pair.value) ? undefined : this.#sharedBy(pair.value);
    if (shared !== undefined && this.#sharing === 'refuse') return `other places share this value through the anchor &${shared}`;
    const replacement = this.#replacement(pair, key, value);
    if (replacement === undefined) return 'its value is written in a form that cannot be replaced';
    const known = this.#replaced.get(replacement.start);
    if (known !== undefined && known.text !== replacement.text) return 'places that share this text want different values';
    this.#replaced.set(replacement.start, replacement);
    return undefined;
  }

  #replacement(pair: Pair, key: string, value: Json): Replacement | undefined {
    const node = pair.value;
    const range = span(node);
    const keyEnd = span(pair.key)?.[1];
    if (range === undefined || keyEnd === undefined) return undefined;
    const [start, end] = range;
    if (isScalar(node) && start === end) {
      const colon = this.#text.indexOf(':', keyEnd) + 1;
      return { start: colon, end: colon, text: ` ${flowText(value, PLAIN_FLOW)}` };
    }
    if (isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED)) return undefined;
    const block = (isMap(node) || isSeq(node)) && node.flow !== true;
    if (!block) return { start, end, text: flowText(value, { ...PLAIN_FLOW, quoted: this.#isQuoted(pair) }) };
    return this.#blockReplacement(pair, key, value);
  }

  #isQuoted = ({ key }: Pair): boolean => isScalar(key) && key.type === Scalar.QUOTE_DOUBLE;

  #blockReplacement(pair: Pair, key: string, value: Json): Replacement | undefined {
    const start = span(pair.key)?.[0];
    const end = lastOffset(pair);
    if (start === undefined || end === undefined || this.#text[end - 1] === '\n') return undefined;
    const indent = ' '.repeat(start - lineStart(this.#text, start));
    const [first = '', ...more] = blockEntryLines(key, value, 2);
    return { start, end, text: [first, ...more.map((line) => indent + line)].join(lineBreakOf(this.#text)) };
  }
}
