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
 * edits ask for is first tried without what it shares between places, and then left as it was.
 */
export function rewrite(source: SourceText, all: readonly DocumentEdits[], documents: readonly YamlDocument[]): Rewritten {
  const wanted = new Map(all.map(({ document, edits }) => [document, edits]));
  const plans = new Map(all.map(({ document, edits }) => [document, planEdits(source.text, document, edits, 'allow')]));
  const careful = new Set<YamlDocument>();
  // Each pass takes something away from a document, at most twice; the last one finds nothing to change.
  for (let pass = 0; pass <= 2 * plans.size + 1; pass += 1) {
    const text = replaced(source, [...plans.values()]);
    const wrong = text === undefined ? [...plans.keys()] : wrongDocuments(text, plans, documents);
    if (text !== undefined && wrong.length === 0) {
      const done = new Map([...plans].map(([document, { planned }]) => [document, planned]));
      return { text, done, refused: new Map([...plans].map(([document, { refused }]) => [document, refused])) };
    }
    for (const document of wrong) {
      const edits = wanted.get(document) ?? [];
      plans.set(document, careful.has(document) ? refusing(edits) : planEdits(source.text, document, edits, 'refuse'));
      careful.add(document);
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
    try {
      return result.errors.length > 0 || !sameJson(valuesOf(result), applyEdits(valuesOf(document), plan.planned));
    } catch {
      return true;
    }
  });
}
