import type { Path } from '../../core/path.ts';
import type { NamespaceFacts } from '../../core/resolve.ts';
import type { CliEnvironment } from '../environment.ts';
import { locate } from '../yaml/locate.ts';
import { documentsOf, type SourceText, valuesOf, type YamlDocument } from '../yaml/parse.ts';
import { type ConfigMaps, mayHoldConfigMap, readConfigMap } from './config-maps.ts';
import { expandFiles, readSource } from './files.ts';
import { hasTemplateBraces } from './helm.ts';
import { mayHoldNamespace, readNamespace, unquotedAnnotations } from './namespaces.ts';
import { type DocumentObject, isKubernetes, objectsIn } from './objects.ts';
import type { InputProblem } from './problem.ts';

/** The texts of a run, with what must be known of all of them before the first object is judged. */
export interface Input {
  readonly sources: readonly Source[];
  readonly namespaces: ReadonlyMap<string, NamespaceFacts>;
  readonly configMaps: ConfigMaps;
  readonly problems: readonly InputProblem[];
  /** Files in directories that are not Kubernetes manifests. */
  readonly notKubernetes: number;
}

export interface Source extends SourceText {
  /** Documents that were already parsed in search of Namespaces and ConfigMaps. */
  readonly parsed?: readonly YamlDocument[];
}

/** A Kubernetes object where it stands. */
export interface ManifestObject {
  readonly source: SourceText;
  readonly document: YamlDocument;
  /** The document's place in its file, from 1. */
  readonly number: number;
  /** From the root of the document to the object. */
  readonly at: Path;
  readonly object: unknown;
}

export async function readInput(names: readonly string[], environment: CliEnvironment): Promise<Input> {
  const { files, problems: unreadable } = await expandFiles(names);
  const problems: InputProblem[] = [...unreadable];
  const sources: Source[] = [];
  const namespaces = new Map<string, NamespaceFacts>();
  const configMaps = new Map<string, Record<string, string>>();
  let notKubernetes = 0;
  for (const file of files) {
    const source = await readSource(file, environment);
    if (!('text' in source)) {
      problems.push(source);
    } else if (!file.named && !(source.text.includes('apiVersion') && source.text.includes('kind'))) {
      notKubernetes += 1;
    } else if (mayHoldNamespace(source.text) || mayHoldConfigMap(source.text)) {
      const parsed = [...documentsOf(source)];
      for (const { object, at, document } of readableObjects(parsed)) {
        for (const key of unquotedAnnotations(object)) {
          const { line, column } = locate(document, source, [...at, 'metadata', 'annotations', key]);
          problems.push({
            file: source.file,
            line,
            column,
            message: `the annotation ${key} must be text: put its value in quotes`,
          });
        }
        const facts = readNamespace(object);
        if (facts !== undefined) namespaces.set(facts.name, facts);
        const configMap = readConfigMap(object);
        if (configMap !== undefined) configMaps.set(...configMap);
      }
      sources.push({ ...source, parsed });
    } else {
      sources.push(source);
    }
  }
  return { sources, namespaces, configMaps, problems, notKubernetes };
}

function* readableObjects(documents: readonly YamlDocument[]): Generator<DocumentObject & { readonly document: YamlDocument }> {
  for (const document of documents) {
    const values = document.errors.length === 0 ? tryValues(document) : undefined;
    for (const found of objectsIn(values)) yield { ...found, document };
  }
}

function tryValues(document: YamlDocument): unknown {
  try {
    return valuesOf(document);
  } catch {
    // Told where the document is judged.
    return undefined;
  }
}

/** The Kubernetes objects of a text, and a problem for each document that cannot be read. */
export function* objectsOf(source: Source): Generator<ManifestObject | InputProblem> {
  let number = 0;
  for (const document of source.parsed ?? documentsOf(source)) {
    number += 1;
    const [error] = document.errors;
    if (error !== undefined) {
      yield problemAt(source, error.pos[0], firstSentence(error.message));
      continue;
    }
    try {
      for (const { object, at } of objectsIn(valuesOf(document))) {
        if (isKubernetes(object)) yield { source, document, number, at, object };
      }
    } catch (thrown) {
      const message = thrown instanceof Error ? firstSentence(thrown.message) : String(thrown);
      yield problemAt(source, document.contents?.range?.[0] ?? 0, message);
    }
  }
}

function problemAt(source: SourceText, offset: number, message: string): InputProblem {
  const { line, col } = source.lines.linePos(offset);
  const helm = hasTemplateBraces(source.text);
  const place = { file: source.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  return {
    ...place,
    message: helm ? 'is a Helm template, not a manifest' : `cannot be read as YAML: ${message}`,
    ...(helm && { helm }),
  };
}

/** The parser's messages go on with an excerpt of the source, and some start in its own jargon. */
function firstSentence(message: string): string {
  const [sentence = message] = message.split('\n');
  return sentence.replace(/ at line \d+, column \d+:?$/, '');
}
