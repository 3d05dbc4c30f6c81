import type { Container } from '../../core/container.ts';
import type { Asks, Classify, Verdict } from '../../core/verdict.ts';
import type { CatalogueMatch, CommandLookup } from '../../knowledge/lookup.ts';
import type { Colors } from '../report/colors.ts';
import { plainText } from '../report/plain-text.ts';
import { section } from './section.ts';

/** What the catalogue is asked. */
export interface Lookups {
  readonly classify: Classify;
  readonly lookupPath: (path: string, hints?: { readonly image?: string; readonly port?: number }) => readonly CatalogueMatch[];
  readonly lookupImage: (image: string) => readonly CatalogueMatch[];
  readonly lookupImageCommands: (image: string) => readonly { readonly command: string; readonly verdict: Verdict }[];
  readonly lookupCommand: (command: string, image?: string) => CommandLookup;
}

const ASKS: Readonly<Record<Asks, string>> = {
  process: 'only its own process',
  resource: 'disk or memory',
  dependency: 'another system',
  readiness: 'whether it can take traffic',
  aggregate: 'everything that is registered, dependencies among it',
  unknown: 'cannot be told',
};

const IN_LIVENESS: Readonly<Record<Asks, string>> = {
  process: 'right for liveness',
  resource: 'wrong for liveness: a restart does not give back what is missing',
  dependency: 'wrong for liveness: while the other system is away, every replica is restarted',
  readiness: 'wrong for liveness: belongs in readinessProbe',
  aggregate: 'wrong for liveness: one dependency that is away restarts every replica',
  unknown: 'judged with more patience, because it may ask a dependency',
};

export function explainPath(path: string, image: string | undefined, lookups: Lookups, colors: Colors): string {
  const matches = lookups.lookupPath(path, image === undefined ? undefined : { image });
  const heading = `${colors.bold(plainText(path))}${image === undefined ? '' : plainText(` in ${image}`)}\n`;
  if (image !== undefined && matches.length > 0) return heading + describeAll(matches, colors);
  // Without an image, what holds anywhere is told whole, and what holds in some images in a line each.
  const anywhere = matches.filter(({ entry }) => entry.images === undefined && entry.ports === undefined);
  const somewhere = matches.filter((match) => !anywhere.includes(match));
  const elsewhere = section('In some images (--image IMAGE says more)', somewhere.map(describeInLine), colors);
  if (anywhere.length > 0) return heading + describeAll(anywhere, colors) + elsewhere;
  const verdict = lookups.classify(
    { kind: 'httpGet', path, port: 8080, scheme: 'HTTP', headers: [] },
    containerOf(image),
    { at: [], hostNetwork: false, containers: [] },
    [],
  );
  const guess =
    verdict.entry === undefined ? 'No entry of the catalogue holds in every image. By what can be read from it:\n' : '';
  return heading + guess + describeVerdict(verdict, colors) + elsewhere;
}

export function explainImage(image: string, lookups: Lookups, colors: Colors): string {
  const matches = lookups.lookupImage(image);
  const commands = section(
    'Commands that are usual in it',
    lookups
      .lookupImageCommands(image)
      .flatMap(({ command, verdict }) => [command, `  ${verdict.asks}, ${IN_LIVENESS[verdict.asks]}`, `  ${verdict.evidence}`]),
    colors,
  );
  const heading = `${colors.bold(plainText(image))}\n`;
  if (matches.length > 0 || commands !== '') return heading + commands + describeAll(matches, colors);
  return `${heading}The catalogue knows nothing of this image: its probes are judged by their paths and commands alone.\n`;
}

/** Undefined for a single word that is no program we know. */
export function explainCommand(command: string, image: string | undefined, lookups: Lookups, colors: Colors): string | undefined {
  const { verdict, programs } = lookups.lookupCommand(command, image);
  if (verdict.asks === 'unknown' && !/\s/.test(command)) return undefined;
  const heading = `${colors.bold(plainText(command))}${image === undefined ? '' : plainText(` in ${image}`)}\n`;
  const runs = section(
    'Runs',
    programs.map(({ program, evidence }) => `${program}: ${evidence}`),
    colors,
  );
  return heading + describeVerdict(verdict, colors) + runs;
}

const describeAll = (matches: readonly CatalogueMatch[], colors: Colors): string =>
  matches.map((match) => describeMatch(match, colors)).join('');

const describeInLine = ({ entry }: CatalogueMatch): string => {
  const where = entry.images?.join(', ') ?? `port ${(entry.ports ?? []).join(', ')}`;
  return `${entry.product} (${where}): ${entry.asks}, it ${entry.checks}`;
};

function describeMatch({ entry, hinted }: CatalogueMatch, colors: Colors): string {
  const paths = typeof entry.path === 'string' ? entry.path : entry.path.join(', ');
  const query = Object.entries(entry.query ?? {}).map(([name, values]) => `${name}=${values.join('|')}`);
  return section(
    entry.product,
    [
      `path:     ${paths}${query.length === 0 ? '' : ` with ${query.join(', ')}`}`,
      entry.images === undefined ? undefined : `images:   ${entry.images.join(', ')}`,
      `asks:     ${entry.asks}: ${ASKS[entry.asks]} (${entry.confidence} confidence${hinted ? '' : ', by the path alone'})`,
      `because:  it ${entry.checks}`,
      `liveness: ${IN_LIVENESS[entry.asks]}`,
      entry.safe === undefined ? undefined : `instead:  ${entry.safe}`,
      `source:   ${entry.source}`,
    ],
    colors,
  );
}

const describeVerdict = (verdict: Verdict, colors: Colors): string =>
  section(
    'What is known',
    [
      `asks:     ${verdict.asks}: ${ASKS[verdict.asks]} (${verdict.confidence} confidence)`,
      `because:  ${verdict.evidence}`,
      `liveness: ${IN_LIVENESS[verdict.asks]}`,
      verdict.safeAlternative === undefined ? undefined : `instead:  ${verdict.safeAlternative}`,
      verdict.source === undefined ? undefined : `source:   ${verdict.source}`,
    ],
    colors,
  );

const containerOf = (image = ''): Container => ({
  name: 'app',
  role: 'app',
  at: [],
  image,
  command: [],
  args: [],
  ports: [],
  env: [],
});
