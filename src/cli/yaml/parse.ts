import { Composer, type Document, LineCounter, Parser } from 'yaml';
import { MANIFEST_SCHEMA } from './schema.ts';

/** A YAML or JSON text with what is needed to speak of its lines. The byte order mark, if there was one, is kept apart. */
export interface SourceText {
  /** As given on the command line; `-` for stdin. */
  readonly file: string;
  readonly text: string;
  readonly byteOrderMark: boolean;
  readonly lines: LineCounter;
}

export type YamlDocument = Document.Parsed;

/**
 * Aliases that one document may expand. A few hundred uses of one anchor are usual; anchors of anchors of anchors, which grow
 * without bound, stop here.
 */
const MAX_ALIASES = 10_000;

export function sourceText(file: string, content: string): SourceText {
  const byteOrderMark = content.startsWith('\uFEFF');
  return { file, text: byteOrderMark ? content.slice(1) : content, byteOrderMark, lines: new LineCounter() };
}

/** The documents of a text, one at a time: a document that is not kept does not stay in memory. Ranges are offsets into the text. */
export function* documentsOf({ text, lines }: SourceText): Generator<YamlDocument> {
  // Of a key that stands twice kubectl takes the last one: no reason not to judge.
  const composer = new Composer({ schema: MANIFEST_SCHEMA, uniqueKeys: false, logLevel: 'silent', prettyErrors: false });
  yield* composer.compose(new Parser(lines.addNewLine).parse(text));
}

/** The document as plain values. Throws where its aliases expand without bound or name no anchor. */
export const valuesOf = (document: YamlDocument): unknown => document.toJS({ maxAliasCount: MAX_ALIASES });
