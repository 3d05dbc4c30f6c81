import type { CatalogueEntry } from './catalogue-entry.ts';
import { type CatalogueIndex, indexCatalogue } from './catalogue-index.ts';
import { spring } from './catalogue/spring.ts';

/** Everything that is known of HTTP endpoints, by topic. */
export const catalogue: readonly CatalogueEntry[] = [...spring];

let index: CatalogueIndex | undefined;

/** Made at the first look-up: a command such as `--help` does not need it. */
export const catalogueIndex = (): CatalogueIndex => (index ??= indexCatalogue(catalogue));
