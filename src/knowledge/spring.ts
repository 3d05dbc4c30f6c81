import type { Verdict } from '../core/verdict.ts';
import type { Lookup } from './environment.ts';
import { quoted, sentence } from './sentence.ts';

const SOURCE = 'https://docs.spring.io/spring-boot/reference/actuator/endpoints.html#actuator.endpoints.kubernetes-probes';

/** The path as it would be without `management.endpoints.web.base-path`, which moves all of Actuator elsewhere. */
export function actuatorPath(path: string, lookup: Lookup): string {
  if (!path.includes('/health')) return path;
  const base = lookup('MANAGEMENT_ENDPOINTS_WEB_BASE_PATH') ?? lookup('MANAGEMENT_ENDPOINTS_WEB_BASEPATH');
  if (base === undefined || !base.startsWith('/')) return path;
  const prefix = base.endsWith('/') ? base.slice(0, -1) : base;
  return path.startsWith(`${prefix}/health`) ? `/actuator${path.slice(prefix.length)}` : path;
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
