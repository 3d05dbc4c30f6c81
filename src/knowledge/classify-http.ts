import type { Container, PodSpec } from '../core/container.ts';
import type { Verdict } from '../core/verdict.ts';
import { catalogueIndex } from './catalogue.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { type Match, matchesIn } from './catalogue-index.ts';
import { environmentOf } from './environment.ts';
import { type ImageName, imageMatches, readImage } from './image.ts';
import { type RequestPath, readRequestPath } from './path-pattern.ts';
import { quoted, sentence } from './sentence.ts';
import { asConfigured } from './settings.ts';
import { actuatorRequest, springGroup } from './spring.ts';
import { readWords } from './vocabulary.ts';

export interface HttpAsked {
  readonly path: string;
  readonly port: number | undefined;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  /** Something reads the body of the answer: `curl … | grep`. */
  readonly bodyCounts?: boolean;
}

/** What an HTTP endpoint of the own pod asks. `port` is undefined where it cannot be told. */
export function classifyHttp(
  { path, port, headers = [], bodyCounts = false }: HttpAsked,
  container: Container,
  pod: PodSpec,
): Verdict {
  const owner = ownerOf(port, container, pod);
  const lookup = environmentOf(owner);
  const request = actuatorRequest(readRequestPath(path), lookup);
  const image = readImage(owner.image);
  const group = springGroup(request.segments, lookup);
  if (group !== undefined) return group;
  const [match] = matchesIn(catalogueIndex(), request, { image, port, headers });
  const forwarded = passedOn(owner, request);
  if (forwarded !== undefined) return forwarded;
  if (match !== undefined && !isOverruled(match, request))
    return asConfigured(fromEntry(match, request, image), owner, lookup, { bodyCounts });
  const words = readWords(request);
  if (words !== undefined) return { ...words, evidence: sentence(words.evidence) };
  const behind = behindWebServer(owner, request, image, pod);
  if (behind !== undefined) return behind;
  return {
    asks: 'unknown',
    confidence: 'low',
    evidence: sentence(`What ${quoted(request.path)} looks at is up to the application: nothing is known of it.`),
  };
}

const WEB_SERVERS = ['nginx', 'nginx-unprivileged', 'httpd', 'apache', 'caddy', 'openresty'];

/** A web server that shares its pod with a known application stands before it: nginx before PHP-FPM. */
function behindWebServer(owner: Container, request: RequestPath, image: ImageName, pod: PodSpec): Verdict | undefined {
  if (!WEB_SERVERS.some((name) => imageMatches(name, image))) return undefined;
  for (const sibling of pod.containers) {
    if (sibling === owner) continue;
    const name = readImage(sibling.image);
    const [match] = matchesIn(catalogueIndex(), request, { image: name });
    if (match?.image !== true) continue;
    const verdict = fromEntry(match, request, name);
    return { ...verdict, confidence: LESS[verdict.confidence] };
  }
  return request.segments.length > 0
    ? undefined
    : {
        asks: 'process',
        confidence: 'low',
        evidence: 'The image is a web server: unless it is configured to pass this on, it answers with a page of its own.',
      };
}

/** `kubectl proxy` answers nothing itself: every request goes on to the Kubernetes API server. */
function passedOn({ command, args, image }: Container, request: RequestPath): Verdict | undefined {
  const argv = [...command, ...args];
  const isKubectl = argv.some((word) => word === 'kubectl' || word.endsWith('/kubectl')) || readImage(image).name === 'kubectl';
  if (!isKubectl || !argv.some((word) => word === 'proxy' || word.includes('kubectl proxy'))) return undefined;
  return {
    asks: 'dependency',
    confidence: 'high',
    evidence: sentence(
      `The container runs \`kubectl proxy\`, which passes ${quoted(request.path)} on to the Kubernetes API server.`,
    ),
    source: 'https://kubernetes.io/docs/reference/kubectl/generated/kubectl_proxy/',
    safeAlternative: 'a TCP connection',
  };
}

/**
 * A framework's path says less than a query that names the check, where the entry does not speak of queries and no image
 * speaks for it.
 */
function isOverruled({ entry, image }: Match, request: RequestPath): boolean {
  if (image || entry.query !== undefined || request.query.length === 0) return false;
  const words = readWords(request);
  return words !== undefined && words.asks !== 'process' && entry.asks === 'process';
}

/** Behind a port that only another container of the pod declares, that container answers. */
export function ownerOf(port: number | undefined, container: Container, pod: PodSpec): Container {
  if (port === undefined || container.ports.some(({ containerPort }) => containerPort === port)) return container;
  return pod.containers.find(({ ports }) => ports.some(({ containerPort }) => containerPort === port)) ?? container;
}

const LESS = { high: 'medium', medium: 'low', low: 'low' } as const;

export function fromEntry({ entry, image, port }: Match, request: RequestPath, name: ImageName): Verdict {
  // On the port alone another product may answer.
  const confidence = entry.images !== undefined && !image && port ? LESS[entry.confidence] : entry.confidence;
  const whose = image ? `${entry.product} (image ${quoted(name.path)})` : entry.product;
  return {
    asks: entry.asks,
    confidence,
    evidence: sentence(`${quoted(request.path)} of ${whose} ${entry.checks}.`),
    ...referenceOf(entry),
  };
}

const referenceOf = (entry: CatalogueEntry): Pick<Verdict, 'source' | 'safeAlternative' | 'entry' | 'since'> => ({
  source: entry.source,
  entry: entry.id,
  since: entry.since,
  ...(entry.safe !== undefined && { safeAlternative: entry.safe }),
});
