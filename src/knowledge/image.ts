/** An image's repository, read once: `quay.io/argoproj/argocd:v3` has the name `argocd` and the path `argoproj/argocd`. */
export interface ImageName {
  /** Lower case, without registry, tag and digest. */
  readonly path: string;
  readonly name: string;
  /** The name, split at `-`, `_` and `.`. */
  readonly tokens: readonly string[];
  /** The words under which names that may fit it are found in an index. */
  readonly keys: readonly string[];
}

/** Images recur from request to request. What is remembered is a function of the text alone. */
const remembered = new Map<string, ImageName>();
const MOST_REMEMBERED = 1000;

export function readImage(image: string): ImageName {
  const known = remembered.get(image);
  if (known !== undefined) return known;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  const read = parse(image.slice(0, LONGEST_IMAGE));
  if (image.length <= LONGEST_IMAGE) remembered.set(image, read);
  return read;
}

const LONGEST_IMAGE = 512;

function parse(image: string): ImageName {
  let name = image.toLowerCase();
  const digest = name.indexOf('@');
  if (digest >= 0) name = name.slice(0, digest);
  const tag = name.lastIndexOf(':');
  if (tag > name.lastIndexOf('/')) name = name.slice(0, tag);
  const segments = name.split('/');
  const [registry = ''] = segments;
  if (segments.length > 1 && (registry.includes('.') || registry.includes(':') || registry === 'localhost')) segments.shift();
  const last = segments.at(-1) ?? '';
  const owner = segments.at(-2);
  // `vaultwarden/server`: where the name says only which part it is, the owner says of what.
  const telling = owner !== undefined && PARTS.has(last) ? `${owner}-${last}` : last;
  const read = { path: segments.join('/'), name: last, tokens: split(telling) };
  return { ...read, keys: keysOf(read) };
}

const PARTS = new Set('server api app web core frontend backend service main'.split(' '));

/** Programs that are made for a product and are not the product: what is true of Redis is not true of its exporter. */
const COMPANIONS = new Set(
  (
    'exporter operator ui client cli backup restore init console manager mcp shield updater sidecar box tool tools toolbox webhook ' +
    'csi dashboard adapter plugin migrate migration migrations bridge sync k8s kubernetes proxy test tests bootstrap reloader ' +
    'commander insight view viewer sniffer cleanup cleaner secrets kubectl monitor provisioner config configurator demo sample example'
  ).split(' '),
);

/** How closely an image fits a name: not at all, by its owner, by words in its name, or wholly. */
export type Closeness = 0 | 1 | 2 | 3;

/**
 * Is this the image of the named product? The name's words must stand together in the image's last segment
 * (`kafka` is in `cp-kafka`), and the rest must not make it a companion (`kafka-exporter` is another program).
 * A name with a slash is compared with the last segments of the path (`grafana/grafana`; `oryd/*` for all of an owner), and one
 * that begins with a slash with the whole last segment (`/registry`).
 */
export function imageCloseness(name: string, image: ImageName): Closeness {
  const slash = name.indexOf('/');
  if (slash === 0) return image.name === name.slice(1) ? 3 : 0;
  if (slash > 0) {
    if (!name.endsWith('/*')) return image.path === name || image.path.endsWith(`/${name}`) ? 3 : 0;
    const owner = name.slice(0, -1);
    return image.path.startsWith(owner) || image.path.includes(`/${owner}`) ? 1 : 0;
  }
  const words = split(name);
  const at = image.tokens.findIndex((_, start) => words.every((word, index) => isWord(image.tokens[start + index], word)));
  if (at < 0 || words.length === 0) return 0;
  const isCompanion = image.tokens.some((token, index) => (index < at || index >= at + words.length) && COMPANIONS.has(token));
  if (isCompanion) return 0;
  return image.tokens.length === words.length ? 3 : 2;
}

/** The word under which a name is found in an index; every image that fits it has this word among its own keys. */
export function imageKey(name: string): string {
  const slash = name.indexOf('/');
  if (slash < 0) return `word ${withoutVersion(split(name)[0] ?? '')}`;
  return name.endsWith('/*') ? `owner ${name.slice(0, -2)}` : `name ${name.slice(name.lastIndexOf('/') + 1)}`;
}

function keysOf({ path, name, tokens }: Omit<ImageName, 'keys'>): string[] {
  const owners = path.split('/').slice(0, -1);
  return [
    `name ${name}`,
    ...owners.map((owner) => `owner ${owner}`),
    ...new Set(tokens.map((token) => `word ${withoutVersion(token)}`)),
  ];
}

function withoutVersion(token: string): string {
  let end = token.length;
  while (end > 1 && isDigit(token.charCodeAt(end - 1))) end--;
  return token.slice(0, end);
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

export const imageMatches = (name: string, image: ImageName): boolean => imageCloseness(name, image) > 0;

/** `redis7` and `postgresql16` are versions of the product, not other words. */
function isWord(token: string | undefined, word: string): boolean {
  if (token === undefined || !token.startsWith(word)) return false;
  for (let index = word.length; index < token.length; index++) {
    if (!isDigit(token.charCodeAt(index))) return false;
  }
  return true;
}

const split = (text: string): string[] => text.split(/[-_.]/).filter((token) => token !== '');
