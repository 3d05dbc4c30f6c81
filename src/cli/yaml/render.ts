import { parse, stringify } from 'yaml';
import type { Json } from '../../core/json.ts';
import { SCALAR_TAGS } from './schema.ts';

/** How a flow collection is written around the place that something is put into. */
export interface FlowStyle {
  /** As in JSON: keys and strings in double quotes. */
  readonly quoted: boolean;
  /** Between key and value: a colon, with or without a space. */
  readonly colon: string;
  readonly comma: string;
  /** Inside braces. */
  readonly padding: string;
}

export const PLAIN_FLOW: FlowStyle = { quoted: false, colon: ': ', comma: ', ', padding: ' ' };

/** Text comes out in quotes where YAML 1.1 or kubectl would take it for something else. */
const EVERY_VERSION = { schema: 'yaml-1.1', customTags: SCALAR_TAGS } as const;

/** A value on one line. */
export function flowText(value: Json, style: FlowStyle): string {
  if (typeof value === 'string') return style.quoted ? JSON.stringify(value) : plainOrQuoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (isList(value)) return `[${value.map((item) => flowText(item, style)).join(style.comma)}]`;
  const entries = Object.entries(value).map(([key, item]) => flowEntry(key, item, style));
  if (entries.length === 0) return '{}';
  return `{${style.padding}${entries.join(style.comma)}${style.padding}}`;
}

export const flowEntry = (key: string, value: Json, style: FlowStyle): string =>
  `${flowText(key, style)}${style.colon}${flowText(value, style)}`;

/** The lines of `key: value` in JSON over several lines; the first is not indented. */
export const jsonEntryLines = (key: string, value: Json, colon: string, indent: string): string[] =>
  `${JSON.stringify(key)}${colon}${JSON.stringify(value, null, indent)}`.split('\n');

/** The lines of `key: value` in block style, not indented. */
export function blockEntryLines(key: string, value: Json, indent: number): string[] {
  if (typeof value !== 'object' || value === null) {
    if (typeof value !== 'string' || !value.includes('\n')) return [`${plainOrQuoted(key)}: ${flowText(value, PLAIN_FLOW)}`];
  }
  return stringify({ [key]: value }, { ...EVERY_VERSION, indent, lineWidth: 0 })
    .trimEnd()
    .split('\n');
}

/** Only text that no YAML version reads as anything else stays without quotes. */
function plainOrQuoted(text: string): string {
  const plain = /^[A-Za-z/][\w./-]*$/.test(text) && parse(text, EVERY_VERSION) === text;
  return plain ? text : JSON.stringify(text);
}

const isList = (value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] => Array.isArray(value);
