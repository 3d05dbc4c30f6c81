import type { Verdict } from '../core/verdict.ts';
import type { Lookup } from './environment.ts';
import { readRequestPath, type RequestPath } from './path-pattern.ts';
import { quoted, sentence } from './sentence.ts';

const SOURCE = 'https://docs.spring.io/spring-boot/reference/actuator/endpoints.html#actuator.endpoints.kubernetes-probes';

/** The request as it would be without `management.endpoints.web.base-path`, which moves all of Actuator elsewhere. */
export function actuatorRequest(request: RequestPath, lookup: Lookup): RequestPath {
  if (!request.segments.includes('health')) return request;
  const base = lookup('MANAGEMENT_ENDPOINTS_WEB_BASE_PATH') ?? lookup('MANAGEMENT_ENDPOINTS_WEB_BASEPATH');
  if (base === undefined || !base.startsWith('/')) return request;
  const { segments: prefix } = readRequestPath(base);
  const { segments } = request;
  if (segments[prefix.length] !== 'health' || prefix.some((segment, index) => segment !== segments[index])) return request;
  return { ...request, segments: ['actuator', ...segments.slice(prefix.length)] };
}

/** Indicators that look at nothing but the process. */
const OWN = new Set(['livenessstate', 'readinessstate', 'ping', 'ssl']);

/**
 * A health group whose members the container's environment lists: the liveness group is harmless by default, but not with
 * `MANAGEMENT_ENDPOINT_HEALTH_GROUP_LIVENESS_INCLUDE=livenessState,db`.
 */
export function springGroup(segments: readonly string[], lookup: Lookup): Verdict | undefined {
  const at = segments.findIndex((segment, index) => segment === 'health' && segments[index - 1] === 'actuator');
  const group = segments[at + 1];
  if (at < 0 || group === undefined || segments.length !== at + 2) return undefined;
  const variable = `MANAGEMENT_ENDPOINT_HEALTH_GROUP_${group.toUpperCase()}_INCLUDE`;
  const included = lookup(variable);
  if (included === undefined) return undefined;
  const members = included.split(',').map((member) => member.trim());
  const beyond = members.find((member) => !OWN.has(member.toLowerCase()) && member.toLowerCase() !== 'diskspace');
  const evidence = sentence(`${variable} puts ${quoted(included)} into this health group of Spring Boot Actuator.`);
  const known = { evidence, source: SOURCE, entry: 'spring-boot-health-group' } as const;
  if (beyond === '*') return { asks: 'aggregate', confidence: 'high', ...known };
  if (beyond !== undefined) return { asks: 'dependency', confidence: 'high', ...known };
  if (members.some((member) => member.toLowerCase() === 'diskspace')) return { asks: 'resource', confidence: 'high', ...known };
  return group.toLowerCase() === 'readiness' ? undefined : { asks: 'process', confidence: 'high', ...known };
}
