/**
 * Text of a manifest, safe on a terminal: control characters (escape sequences, which could rewrite the screen) and characters that
 * turn the direction of writing become `\u…`.
 */
export const plainText = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
