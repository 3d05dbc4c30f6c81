import type { Container } from '../core/container.ts';
import type { Asks, Confidence, Verdict } from '../core/verdict.ts';
import { catalogueIndex } from './catalogue.ts';
import { matchesIn } from './catalogue-index.ts';
import { fromEntry } from './classify-http.ts';
import { readImage } from './image.ts';
import { readRequestPath } from './path-pattern.ts';
import { quoted, sentence } from './sentence.ts';

/** What the health of this gRPC service says. */
export function classifyGrpc(service: string, container: Container): Verdict {
  const image = readImage(container.image);
  const request = readRequestPath(service);
  const [match] = matchesIn(catalogueIndex(), request, { image, kind: 'grpc' });
  return match === undefined ? readGrpcService(service) : fromEntry(match, { ...request, path: 'gRPC health' }, image);
}

const GRPC_SOURCE = 'https://github.com/grpc/grpc/blob/master/doc/health-checking.md';

/**
 * The health service of gRPC answers with a status that the server set: libraries set SERVING when the server is registered and
 * never look again, unless the application tells them to.
 */
function readGrpcService(service: string): Verdict {
  const name = service.toLowerCase();
  if (name === '') {
    const what =
      'gRPC health without a service gives the status that the server has set: most set it once, some tie it to their checks.';
    return says('process', 'low', what);
  }
  const shown = quoted(service);
  if (name.endsWith('liveness') || name.endsWith('live') || name.endsWith('livez')) {
    return says('process', 'high', `gRPC health of \`${shown}\` is by its name the liveness of the process.`);
  }
  if (name.endsWith('readiness') || name.endsWith('ready') || name.endsWith('readyz')) {
    return says(
      'readiness',
      'high',
      `gRPC health of \`${shown}\` is by its name the readiness status.`,
      'grpc with service: liveness, if the server has one',
    );
  }
  return says('unknown', 'low', `What gRPC health of \`${shown}\` depends on is up to the application.`);
}

const says = (asks: Asks, confidence: Confidence, evidence: string, safeAlternative?: string): Verdict => ({
  asks,
  confidence,
  evidence: sentence(evidence),
  source: GRPC_SOURCE,
  ...(safeAlternative !== undefined && { safeAlternative }),
});
