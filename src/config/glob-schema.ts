import * as z from 'zod';

/** `*` is any text, `?` one character, all else is itself. */
export const glob = z.string().min(1).max(256);

export const globs = (description: string) => z.array(glob).min(1).max(64).describe(`${description} Globs: * and ?.`);
