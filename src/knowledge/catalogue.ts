import type { CatalogueEntry } from './catalogue-entry.ts';
import { type CatalogueIndex, indexCatalogue } from './catalogue-index.ts';
import { analytics } from './catalogue/analytics.ts';
import { apps } from './catalogue/apps.ts';
import { appsPython } from './catalogue/apps-python.ts';
import { clusters } from './catalogue/clusters.ts';
import { communication } from './catalogue/communication.ts';
import { content } from './catalogue/content.ts';
import { dashboardsAndTracing } from './catalogue/dashboards-and-tracing.ts';
import { dataPlatforms } from './catalogue/data-platforms.ts';
import { databases } from './catalogue/databases.ts';
import { development } from './catalogue/development.ts';
import { developmentServices } from './catalogue/development-services.ts';
import { dotnetPython } from './catalogue/dotnet-python.ts';
import { identity } from './catalogue/identity.ts';
import { javaFrameworks } from './catalogue/java-frameworks.ts';
import { javaProducts } from './catalogue/java-products.ts';
import { javaServers } from './catalogue/java-servers.ts';
import { kubernetes } from './catalogue/kubernetes.ts';
import { kubernetesAddons } from './catalogue/kubernetes-addons.ts';
import { kubernetesOperators } from './catalogue/kubernetes-operators.ts';
import { kubernetesPlatforms } from './catalogue/kubernetes-platforms.ts';
import { messaging } from './catalogue/messaging.ts';
import { monitoring } from './catalogue/monitoring.ts';
import { node } from './catalogue/node.ts';
import { objectStorage } from './catalogue/object-storage.ts';
import { php } from './catalogue/php.ts';
import { proxies } from './catalogue/proxies.ts';
import { registries } from './catalogue/registries.ts';
import { ruby } from './catalogue/ruby.ts';
import { scripts } from './catalogue/scripts.ts';
import { search } from './catalogue/search.ts';
import { selfHosted } from './catalogue/self-hosted.ts';
import { serviceMesh } from './catalogue/service-mesh.ts';
import { spring } from './catalogue/spring.ts';

/** Everything that is known of HTTP endpoints, by topic. */
export const catalogue: readonly CatalogueEntry[] = [
  ...analytics,
  ...apps,
  ...appsPython,
  ...clusters,
  ...communication,
  ...content,
  ...dashboardsAndTracing,
  ...dataPlatforms,
  ...databases,
  ...development,
  ...developmentServices,
  ...dotnetPython,
  ...identity,
  ...javaFrameworks,
  ...javaProducts,
  ...javaServers,
  ...kubernetes,
  ...kubernetesAddons,
  ...kubernetesOperators,
  ...kubernetesPlatforms,
  ...messaging,
  ...monitoring,
  ...node,
  ...objectStorage,
  ...php,
  ...proxies,
  ...registries,
  ...ruby,
  ...scripts,
  ...search,
  ...selfHosted,
  ...serviceMesh,
  ...spring,
];

let index: CatalogueIndex | undefined;

/** Made at the first look-up: a command such as `--help` does not need it. */
export const catalogueIndex = (): CatalogueIndex => (index ??= indexCatalogue(catalogue));
