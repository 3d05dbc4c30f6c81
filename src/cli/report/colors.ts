import picocolors from 'picocolors';
import type { CliEnvironment, TerminalStream } from '../environment.ts';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Colour only on a terminal; NO_COLOR and FORCE_COLOR (https://no-color.org, https://force-color.org) decide before that. */
export function colorsFor(stream: TerminalStream, { env }: CliEnvironment): Colors {
  return picocolors.createColors(wantsColor(stream, env));
}

export function wantsColor(stream: TerminalStream, env: CliEnvironment['env']): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const force = env['FORCE_COLOR'] ?? '';
  if (force !== '') return force !== '0' && force !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
