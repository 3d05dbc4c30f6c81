import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { nearest } from '../core/suggest.ts';

/** An option with a few values; a mistyped one, or only its beginning, is answered with the one that was probably meant. */
export const choiceOption = <Flags extends string, T extends string>(flags: Flags, description: string, known: readonly T[]) =>
  new Option(flags, description).choices(known).argParser((value): T => {
    const found = known.find((choice) => choice === value);
    if (found !== undefined) return found;
    const begun = value === '' ? undefined : known.find((choice) => choice.startsWith(value.toLowerCase()));
    const meant = begun ?? nearest(value, known);
    const suggestion = meant === undefined ? '' : ` Did you mean ${meant}?`;
    throw new InvalidArgumentError(`Allowed choices are ${known.join(', ')}.${suggestion}`);
  });

/** Options that several commands share, and readers of their values. */
export const policyOption = () =>
  new Option('--policy <file>', 'ClusterProbePolicy to judge by, YAML or JSON (repeatable)')
    .argParser((file: string, files: string[]) => [...files, file])
    .default<string[]>([], 'the built-in standard profile');

export const namespaceOption = () =>
  new Option('-n, --namespace <name>', 'namespace of objects that name none').default('default');

export const docsUrlOption = () =>
  new Option('--docs-url <url>', 'address of the pages about rules, for links in results').argParser(url);

function url(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) throw new InvalidArgumentError('Give an http or https address.');
  return text;
}

export function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= 65_535)) throw new InvalidArgumentError('Give a port, 0 to 65535.');
  return number;
}

export function seconds(text: string): number {
  if (!/^\d{1,4}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Give a number of seconds.');
  return Number(text);
}

export const examples = (...lines: readonly string[]): string => `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
