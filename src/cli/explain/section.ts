import type { Colors } from '../report/colors.ts';
import { plainText } from '../report/plain-text.ts';

/** A heading with its lines, or nothing where there are none. */
export function section(title: string, lines: readonly (string | undefined)[], colors: Colors): string {
  const shown = lines.filter((line) => line !== undefined && line !== '').map((line) => `  ${plainText(line ?? '')}\n`);
  return shown.length === 0 ? '' : `\n${colors.bold(title)}\n${shown.join('')}`;
}
