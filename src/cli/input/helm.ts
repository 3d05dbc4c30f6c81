import { dirname, sep } from 'node:path';
import { type InputProblem, shownFile } from './problem.ts';

/**
 * What only Helm puts between braces. Other tools' braces are legal in a manifest: Vault's agent templates in an annotation, Argo's
 * `{{args.x}}`, Prometheus' `{{ $labels.x }}`.
 */
const HELM_ACTION = /\{\{-?[^{}\n]{0,200}?(\.(Values|Release|Chart|Capabilities|Files|Template)\b|\b(include|define|template) ")/;

export const hasHelmAction = (text: string): boolean => HELM_ACTION.test(text);

export const hasTemplateBraces = (text: string): boolean => text.includes('{{');

/** One sentence for all Helm templates of the input. */
export function describeHelm(problems: readonly InputProblem[]): string | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  const more = problems.length - 1;
  const what = more === 0 ? 'is a Helm template' : `and ${more} more are Helm templates`;
  const place = first.line === undefined ? shownFile(first.file) : `${shownFile(first.file)}:${first.line}`;
  return `${place}${more === 0 ? ':' : ''} ${what}, not a manifest; render it first: helm template ${chartOf(first.file)} | probewise lint -`;
}

/** The chart's folder, as far as the file's name tells it. */
function chartOf(file: string): string {
  const parts = file.split(sep);
  const templates = parts.lastIndexOf('templates');
  if (templates > 0) return parts.slice(0, templates).join(sep);
  return templates === 0 ? '.' : file === '-' ? 'CHART' : dirname(file);
}
