import type { CliEnvironment } from '../environment.ts';

export interface ExplainOptions {
  readonly image?: string | undefined;
}

export function explain(_subject: string | undefined, _options: ExplainOptions, _environment: CliEnvironment): number {
  return 0;
}
