import type { ParameterExpansionPart, Word, WordPart } from 'unbash';
import type { Lookup } from './environment.ts';
import { OWN_POD } from './host.ts';

/** The text of a shell word with what is known put in; what is not stays as it is written, `$` and all. */
export function wordText(word: Word, lookup: Lookup): string {
  return word.parts === undefined ? word.value : word.parts.map((part) => partText(part, lookup)).join('');
}

function partText(part: WordPart, lookup: Lookup): string {
  if (part.type === 'DoubleQuoted' || part.type === 'LocaleString')
    return part.parts.map((child) => partText(child, lookup)).join('');
  if (part.type === 'SimpleExpansion') return lookup(part.text.slice(1)) ?? part.text;
  if (part.type === 'ParameterExpansion') return parameterText(part, lookup);
  if (part.type === 'CommandExpansion') return commandText(part.text);
  return 'value' in part ? part.value : part.text;
}

function parameterText(part: ParameterExpansionPart, lookup: Lookup): string {
  const known = lookup(part.parameter);
  if (part.prefix !== undefined || part.index !== undefined) return part.text;
  if (part.operation === undefined) return known ?? part.text;
  if (part.operation.type !== 'Default') return known === OWN_POD ? known : part.text;
  if (known !== undefined && known !== '') return known;
  const { operator, operand } = part.operation;
  // `${DB_HOST:-localhost}`: whether the variable is set is not to be seen, but its name still says whose it is.
  return operator === '-' || operator === ':-' || operator === '=' || operator === ':=' ? wordText(operand, lookup) : part.text;
}

/** `$(hostname)` and `$(hostname -i)` are the own pod; the rest stands for itself. */
function commandText(text: string): string {
  const inner = text.startsWith('$(') ? text.slice(2, -1).trim() : text.slice(1, -1).trim();
  return inner === 'hostname' || inner.startsWith('hostname ') || inner === 'cat /etc/hostname' ? OWN_POD : text;
}
