import type { CatalogueEntry } from './catalogue-entry.ts';
import { type CatalogueIndex, indexCatalogue } from './catalogue-index.ts';
import { apps1 } from './catalogue/apps-1.ts';
import { apps2 } from './catalogue/apps-2.ts';
import { apps3 } from './catalogue/apps-3.ts';
import { apps4 } from './catalogue/apps-4.ts';
import { apps5 } from './catalogue/apps-5.ts';
import { appsPython } from './catalogue/apps-python.ts';
import { databases1 } from './catalogue/databases-1.ts';
import { databases2 } from './catalogue/databases-2.ts';
import { databases3 } from './catalogue/databases-3.ts';
import { dotnetPython } from './catalogue/dotnet-python.ts';
import { identity } from './catalogue/identity.ts';
import { java1 } from './catalogue/java-1.ts';
import { java2 } from './catalogue/java-2.ts';
import { java3 } from './catalogue/java-3.ts';
import { kubernetes1 } from './catalogue/kubernetes-1.ts';
import { kubernetes2 } from './catalogue/kubernetes-2.ts';
import { kubernetes3 } from './catalogue/kubernetes-3.ts';
import { monitoring1 } from './catalogue/monitoring-1.ts';
import { monitoring2 } from './catalogue/monitoring-2.ts';
import { node } from './catalogue/node.ts';
import { proxies1 } from './catalogue/proxies-1.ts';
import { proxies2 } from './catalogue/proxies-2.ts';
import { rubyPhp1 } from './catalogue/ruby-php-1.ts';
import { rubyPhp2 } from './catalogue/ruby-php-2.ts';
import { scripts } from './catalogue/scripts.ts';
import { spring } from './catalogue/spring.ts';

/** Everything that is known of HTTP endpoints, by topic. */
export const catalogue: readonly CatalogueEntry[] = [
  ...apps1,
  ...apps2,
  ...apps3,
  ...apps4,
  ...apps5,
  ...appsPython,
  ...databases1,
  ...databases2,
  ...databases3,
  ...dotnetPython,
  ...identity,
  ...java1,
  ...java2,
  ...java3,
  ...kubernetes1,
  ...kubernetes2,
  ...kubernetes3,
  ...monitoring1,
  ...monitoring2,
  ...node,
  ...proxies1,
  ...proxies2,
  ...rubyPhp1,
  ...rubyPhp2,
  ...scripts,
  ...spring,
];

let index: CatalogueIndex | undefined;

/** Made at the first look-up: a command such as `--help` does not need it. */
export const catalogueIndex = (): CatalogueIndex => (index ??= indexCatalogue(catalogue));
