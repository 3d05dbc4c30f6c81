import { applyEdits, type Edit } from '../../core/edit.ts';
import { sameJson } from '../../core/json.ts';
import { documentsOf, type SourceText, sourceText, valuesOf, type YamlDocument } from './parse.ts';
import { type Plan, planEdits, type Refusal } from './plan.ts';
import { replaceAll } from './replacement.ts';

/** Edits of one document; their paths start at its root. */
export interface DocumentEdits {
  readonly document: YamlDocument;
  readonly edits: readonly Edit[];
}

export interface Rewritten {
  readonly text: string;
  readonly done: ReadonlyMap<YamlDocument, readonly Edit[]>;
  readonly refused: ReadonlyMap<YamlDocument, readonly Refusal[]>;
}

const OWN_MISTAKE = 'the changed text would not have meant what it should';

/**
 * The text with the edits made and nothing else changed. What comes out is read again: a document that does not mean exactly what the
 * edits ask for is tried without what it shares between places, then with as many of its edits as can be made, and then left as it was.
 */
export function rewrite(source: SourceText, all: readonly DocumentEdits[], documents: readonly YamlDocument[]): Rewritten {
  const wanted = new Map(all.map(({ document, edits }) => [document, edits]));
  const plans = new Map(all.map(({ document, edits }) => [document, planEdits(source.text, document, edits, 'allow')]));
  const tried = new Map<YamlDocument, number>();
  // Each pass takes something away from a document, at most three times; the last one finds nothing to change.
  for (let pass = 0; pass <= 3 * plans.size + 1; pass += 1) {
    const text = replaced(source, [...plans.values()]);
    const wrong = text === undefined ? [...plans.keys()] : wrongDocuments(text, plans, documents);
    if (text !== undefined && wrong.length === 0) {
      const done = new Map([...plans].map(([document, { planned }]) => [document, planned]));
      return { text, done, refused: new Map([...plans].map(([document, { refused }]) => [document, refused])) };
    }
    for (const document of wrong) {
      const edits = wanted.get(document) ?? [];
      const attempt = tried.get(document) ?? 0;
      tried.set(document, attempt + 1);
      if (attempt === 0) plans.set(document, planEdits(source.text, document, edits, 'refuse'));
      else if (attempt === 1) plans.set(document, planPossible(source, document, edits));
      else plans.set(document, refusing(edits));
    }
  }
  return {
    text: source.text,
    done: new Map(),
    refused: new Map(all.map(({ document, edits }) => [document, refusing(edits).refused])),
  };
}

const refusing = (edits: readonly Edit[]): Plan => ({
  replacements: [],
  planned: [],
  refused: edits.map((edit) => ({ edit, reason: OWN_MISTAKE })),
});

/** A plan of the edits of one document without those that keep it from meaning what it should. */
function planPossible(source: SourceText, document: YamlDocument, edits: readonly Edit[]): Plan {
  const plan = (some: readonly Edit[]): Plan => planEdits(source.text, document, some, 'refuse');
  const possible = possibleEdits(inseparable(edits), (some) => meansWhatItShould(source, document, plan(some)));
  const { replacements, planned, refused } = plan(possible);
  const impossible = edits.filter((edit) => !possible.includes(edit));
  return { replacements, planned, refused: [...refused, ...refusing(impossible).refused] };
}

/** Takes as many as it can, by halves: where few of many are impossible, few trials find them. */
function possibleEdits(
  units: readonly (readonly Edit[])[],
  works: (edits: readonly Edit[]) => boolean,
  taken: readonly Edit[] = [],
): readonly Edit[] {
  if (units.length === 0) return taken;
  const all = [...taken, ...units.flat()];
  if (works(all)) return all;
  if (units.length === 1) return taken;
  const half = Math.ceil(units.length / 2);
  return possibleEdits(units.slice(half), works, possibleEdits(units.slice(0, half), works, taken));
}

/** What is taken away from a container is put into it again elsewhere: both or neither. */
function inseparable(edits: readonly Edit[]): readonly (readonly Edit[])[] {
  const containers = Map.groupBy(edits, ({ at }) => {
    const probe = at.findIndex((step) => typeof step === 'string' && step.endsWith('Probe'));
    return JSON.stringify(probe < 0 ? at : at.slice(0, probe));
  });
  return [...containers.values()].flatMap((unit) =>
    unit.some(({ op }) => op === 'remove') ? [unit] : unit.map((edit) => [edit]),
  );
}

/** Is the document alone, with the plan carried out, what the plan asks for? */
function meansWhatItShould({ text }: SourceText, document: YamlDocument, plan: Plan): boolean {
  const [start, , end] = document.range;
  const within = plan.replacements.map((item) => ({ ...item, start: item.start - start, end: item.end - start }));
  const changed = replaced(sourceText('', text.slice(start, end)), [{ ...plan, replacements: within }]);
  if (changed === undefined) return false;
  const [result, ...more] = documentsOf(sourceText('', changed));
  return result !== undefined && more.length === 0 && hasValues(result, document, plan);
}

/** Undefined where two changes would meet in the same text. */
function replaced(source: SourceText, plans: readonly Plan[]): string | undefined {
  try {
    return replaceAll(
      source.text,
      plans.flatMap(({ replacements }) => replacements),
    );
  } catch {
    return undefined;
  }
}

/** The documents whose new text does not mean what their edits ask for; all of them where even their number is another. */
function wrongDocuments(
  text: string,
  plans: ReadonlyMap<YamlDocument, Plan>,
  documents: readonly YamlDocument[],
): YamlDocument[] {
  const again = [...documentsOf(sourceText('', text))];
  if (again.length !== documents.length) return [...plans.keys()];
  return documents.filter((document, index) => {
    const plan = plans.get(document);
    const result = again[index];
    if (plan === undefined || result === undefined || document.errors.length > 0) return false;
    return !hasValues(result, document, plan);
  });
}

function hasValues(result: YamlDocument, before: YamlDocument, { planned }: Plan): boolean {
  try {
    return result.errors.length === 0 && sameJson(valuesOf(result), applyEdits(valuesOf(before), planned));
  } catch {
    return false;
  }
}
