import type { Asks } from '../src/core/verdict.ts';
import { catalogue } from '../src/knowledge/catalogue.ts';
import type { CatalogueEntry } from '../src/knowledge/catalogue-entry.ts';
import { pathsOf } from '../src/knowledge/catalogue-index.ts';

const MEANING: Readonly<Record<Asks, string>> = {
  process: 'its own process: **safe for liveness**',
  resource: 'disk or memory: a restart does not give it back',
  dependency: 'another system: **not for liveness**',
  readiness: 'whether it can take traffic: **not for liveness**',
  aggregate: 'all registered checks, dependencies among them: **not for liveness**',
  unknown: 'up to the application',
};

/** The page `docs/endpoints.md`: what each known endpoint asks, by product. */
export function endpointDocs(): string {
  const products = new Map<string, CatalogueEntry[]>();
  for (const entry of catalogue) {
    const found = products.get(entry.product);
    if (found === undefined) products.set(entry.product, [entry]);
    else found.push(entry);
  }
  const sections = [...products]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { sensitivity: 'base' }))
    .map(([product, entries]) => `## ${product}\n\n${table(entries)}`);
  return `${HEAD}\n\n${catalogue.length} entries for ${products.size} products.\n\n${sections.join('\n\n')}\n`;
}

const HEAD = `# What health endpoints really ask

<!-- Generated from src/knowledge/catalogue by \`npm run docs:endpoints\`: do not edit. -->

A liveness probe that asks a database restarts every replica when the database is away. Whether an endpoint does so is seldom
written on it: \`/alive\` of one product opens a database connection, \`/healthz?full=true\` of another looks only at itself. This is
what Probewise knows, with the source of each line. The same is printed by \`probewise explain PATH\` and \`probewise explain --image IMAGE\`.

- A path that begins with \`.../\` may stand behind any prefix, one that ends with \`/...\` goes on below; \`*\` is any one segment.
- An entry with images or ports holds only for them. *Sure* says how certain it is: only high can be an Error.
- Missing or wrong? An entry is ten lines of data in \`src/knowledge/catalogue\`.`;

const table = (entries: readonly CatalogueEntry[]): string =>
  ['| endpoint | where | asks | it … | sure | instead |', '|---|---|---|---|---|---|', ...entries.map(row)].join('\n');

function row(entry: CatalogueEntry): string {
  const kind = entry.kind === 'grpc' ? 'gRPC health ' : entry.kind === 'script' ? 'script ' : '';
  const query = conditions(entry.query, '?', '=');
  const headers = conditions(entry.headers, ' with ', ': ');
  const endpoint = pathsOf(entry).map((path) => `${kind}${code(`${path}${query}`)}`);
  const where = [...(entry.images ?? []).map(code), ...(entry.ports ?? []).map((port) => `port ${port}`)];
  const cells = [
    `${endpoint.join(' ')}${headers === '' ? '' : ` ${code(headers.trim())}`}`,
    where.join(' '),
    MEANING[entry.asks],
    `${entry.checks} ([source](${entry.source}))`,
    entry.confidence,
    entry.safe === undefined ? '' : entry.safe.startsWith('/') ? code(entry.safe) : entry.safe,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const code = (text: string): string => (text === '' ? '(no service)' : `\`${text}\``);

const conditions = (wanted: Readonly<Record<string, readonly string[]>> | undefined, lead: string, sign: string): string =>
  wanted === undefined
    ? ''
    : `${lead}${Object.entries(wanted)
        .map(([name, values]) =>
          values.every((value) => value === '') ? name : `${name}${sign}${values.filter((value) => value !== '').join(' or ')}`,
        )
        .join('&')}`;
