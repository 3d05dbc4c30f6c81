import type { Rule } from '../../core/rule.ts';
import { didYouMean, nearest, quoted } from '../../core/suggest.ts';
import { rules as allRules } from '../../rules/index.ts';
import type { CliEnvironment } from '../environment.ts';
import { EXIT } from '../exit-code.ts';
import { explainCommand, explainImage, explainPath, type Lookups } from '../explain/endpoint.ts';
import { explainRule } from '../explain/rule.ts';
import { colorsFor } from '../report/colors.ts';

export interface ExplainOptions {
  readonly image?: string | undefined;
}

export async function explain(
  subject: string | undefined,
  { image }: ExplainOptions,
  environment: CliEnvironment,
  rules: readonly Rule[] = allRules,
  lookups?: Lookups,
): Promise<number> {
  const { stdout, stderr } = environment;
  const colors = colorsFor(stdout, environment);
  const refuse = (sentence: string): number => {
    stderr.write(`error: ${sentence}\n`);
    return EXIT.unusable;
  };
  const known = async (): Promise<Lookups> => lookups ?? (await import('../explain/lookups.ts')).lookups;
  if (subject === undefined) {
    if (image === undefined)
      return refuse('Name a rule, a path or a command, or an image with --image. `probewise rules` lists the rules.');
    stdout.write(explainImage(image, await known(), colors));
    return EXIT.clean;
  }
  const rule = rules.find(({ id }) => id === subject);
  if (rule !== undefined) {
    stdout.write(explainRule(rule, colors));
    return EXIT.clean;
  }
  const path = pathIn(subject);
  if (path !== undefined) {
    stdout.write(explainPath(path, image, await known(), colors));
    return EXIT.clean;
  }
  const ids = rules.map(({ id }) => id);
  if (nearest(subject, ids) !== undefined) return refuse(`There is no rule ${quoted(subject)}.${didYouMean(subject, ids)}`);
  const found =
    explainCommand(subject, image, await known(), colors) ??
    // `actuator/health` lacks its slash.
    (/^[\w-]+\/[^:\s]*$/.test(subject) ? explainPath(`/${subject}`, image, await known(), colors) : undefined);
  if (found === undefined) {
    return refuse(
      `Nothing is known of ${quoted(subject)}. Name a rule (\`probewise rules\`), a path that begins with /, or a whole command line.`,
    );
  }
  stdout.write(found);
  return EXIT.clean;
}

/** The path that is meant: `/livez`, or that of a URL of the own pod. */
function pathIn(subject: string): string | undefined {
  if (/\s/.test(subject)) return undefined;
  if (subject.startsWith('/')) return subject;
  const url = /^https?:/.test(subject) ? URL.parse(subject) : null;
  return url === null ? undefined : `${url.pathname}${url.search}`;
}
