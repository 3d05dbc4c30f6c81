import { type Container, type PodSpec, readPodSpec } from '../core/container.ts';
import type { Verdict } from '../core/verdict.ts';
import { catalogue, catalogueIndex } from './catalogue.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { matchesIn, pathsOf } from './catalogue-index.ts';
import { classifyCommand, readCommand, readPrograms } from './classify-command.ts';
import { imageMatches, readImage } from './image.ts';
import { readRequestPath } from './path-pattern.ts';
import { USUAL_COMMANDS } from './usual-commands.ts';

/** An entry that fits what was looked for. `hinted`: an image or a port speaks for it, not the path alone. */
export interface CatalogueMatch {
  readonly entry: CatalogueEntry;
  readonly hinted: boolean;
}

export interface CommandLookup {
  readonly verdict: Verdict;
  /** The programs that it runs and that ask something, in order, each with what it asks. */
  readonly programs: readonly { readonly program: string; readonly evidence: string }[];
}

/**
 * Entries for a path (a query string counts), the best first. With an image or a port only those that they allow; with neither,
 * every product that serves this path, those that need no hint first.
 */
export function lookupPath(path: string, hints: { readonly image?: string; readonly port?: number } = {}): CatalogueMatch[] {
  const request = readRequestPath(path);
  const image = hints.image === undefined ? undefined : readImage(hints.image);
  const free = matchesIn(catalogueIndex(), request, { image, port: hints.port }).map((match): CatalogueMatch => ({
    entry: match.entry,
    hinted: match.image || match.port,
  }));
  if (hints.image !== undefined || hints.port !== undefined) return free;
  const known = new Set(free.map(({ entry }) => entry.id));
  const others = matchesIn(catalogueIndex(), request, { anyone: true })
    .filter(({ entry }) => !known.has(entry.id))
    .map(({ entry }): CatalogueMatch => ({ entry, hinted: true }));
  return [...free, ...others];
}

/** Every entry that is known for an image, by path. */
export function lookupImage(image: string): CatalogueMatch[] {
  const name = readImage(image);
  return catalogue
    .filter((entry) => entry.images?.some((wanted) => imageMatches(wanted, name)) ?? false)
    .map((entry): CatalogueMatch => ({ entry, hinted: true }))
    .sort((a, b) => (pathsOf(a.entry)[0] ?? '').localeCompare(pathsOf(b.entry)[0] ?? ''));
}

/** What a command line asks: as the argument of `sh -c`, in an image that is given or in one that is not known. */
export function lookupCommand(command: string, image = ''): CommandLookup {
  const argv = ['sh', '-c', command];
  const { container, pod } = podOf(image);
  const programs = readPrograms(readCommand(argv, container), container, pod);
  return {
    verdict: classifyCommand(argv, container, pod),
    programs: programs.map(({ program, reading }) => ({ program, evidence: reading.evidence })),
  };
}

/** The commands that are usual in a server's own image, each with what it asks there. */
export function lookupImageCommands(image: string): { readonly command: string; readonly verdict: Verdict }[] {
  const name = readImage(image);
  return USUAL_COMMANDS.filter(({ images }) => images.some((wanted) => imageMatches(wanted, name)))
    .flatMap(({ commands }) => commands)
    .map((command) => ({ command, verdict: lookupCommand(command, image).verdict }));
}

function podOf(image: string): { container: Container; pod: PodSpec } {
  const pod = readPodSpec({ containers: [{ name: 'app', image }] }, ['spec']);
  const [container] = pod.containers;
  if (container === undefined) throw new Error('a pod spec with one container was read as one without');
  return { container, pod };
}
