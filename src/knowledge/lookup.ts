import type { Verdict } from '../core/verdict.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';

/** An entry that fits what was looked for. `hinted`: an image or a port speaks for it, not the path alone. */
export interface CatalogueMatch {
  readonly entry: CatalogueEntry;
  readonly hinted: boolean;
}

export interface CommandLookup {
  readonly verdict: Verdict;
  /** The programs that it runs, in order, each with what it asks. */
  readonly programs: readonly { readonly program: string; readonly evidence: string }[];
}

/** Entries for a path (a query string counts), the best first. With an image or a port only those that they allow. */
export declare function lookupPath(path: string, hints?: { readonly image?: string; readonly port?: number }): CatalogueMatch[];
/** Every entry that is known for an image, by path. */
export declare function lookupImage(image: string): CatalogueMatch[];
/** What a command line asks: as the argument of `sh -c`, in an image that is given or in one that is not known. */
export declare function lookupCommand(command: string, image?: string): CommandLookup;
