const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** HTML that is known to be whole: everything else is escaped on its way in. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | readonly Markup[];

/** A template of HTML: what is put in is text, unless it is markup already. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  markup: strings.map((fixed, index) => `${fixed}${shown(parts[index] ?? '')}`).join(''),
});

function shown(part: Part): string {
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

/** Characters that turn the direction of writing could make a name look like another. */
const escape = (text: string): string =>
  text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES.get(character) ?? character)
    .replaceAll(/[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu, '\uFFFD');

export const NOTHING: Markup = { markup: '' };
