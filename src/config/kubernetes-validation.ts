import type { z } from 'zod';

/** A rule of the CRD in the Common Expression Language, evaluated by the API server. */
interface Validation {
  /** An expression over `self`. */
  readonly rule: string;
  readonly message: string;
}

const VALIDATIONS_KEY = 'x-kubernetes-validations';

/**
 * A constraint said twice, for the file loader and for the API server, in one place: with the same sentence when it is broken.
 * `known` are the words that a mistyped one is compared with, which the API server cannot do: `celMessage` can make up for it.
 */
export function must<T extends z.ZodType>(
  schema: T,
  test: (value: z.output<T>) => boolean,
  cel: string,
  message: string,
  { known = [], celMessage = message }: { readonly known?: readonly string[]; readonly celMessage?: string } = {},
): T {
  const earlier = schema.meta()?.[VALIDATIONS_KEY];
  const validation: Validation = { rule: cel, message: celMessage };
  const refined = schema.refine(test, { error: message, params: { known } });
  return refined.meta({ ...schema.meta(), [VALIDATIONS_KEY]: [...(Array.isArray(earlier) ? earlier : []), validation] });
}

/** A list of strings as the Common Expression Language writes it. */
export const celList = (words: readonly string[]): string => `[${words.map((word) => `'${word}'`).join(', ')}]`;
