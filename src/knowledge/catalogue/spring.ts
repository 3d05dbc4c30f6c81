import type { CatalogueEntry } from '../catalogue-entry.ts';

const ACTUATOR = 'https://docs.spring.io/spring-boot/reference/actuator/endpoints.html#actuator.endpoints.health';
const PROBES = 'https://docs.spring.io/spring-boot/reference/actuator/endpoints.html#actuator.endpoints.kubernetes-probes';

export const spring: readonly CatalogueEntry[] = [
  {
    id: 'spring-boot-health',
    product: 'Spring Boot Actuator',
    path: '.../actuator/health',
    asks: 'aggregate',
    confidence: 'high',
    checks: 'runs every registered health indicator: database, broker, mail, disk',
    safe: '/actuator/health/liveness',
    source: ACTUATOR,
    since: '0.1',
  },
  {
    id: 'spring-boot-health-liveness',
    product: 'Spring Boot Actuator',
    path: ['.../actuator/health/liveness', '.../actuator/health/livenessState'],
    asks: 'process',
    confidence: 'high',
    checks: 'gives the liveness state of the application alone',
    source: PROBES,
    since: '0.1',
  },
  {
    id: 'spring-boot-health-readiness',
    product: 'Spring Boot Actuator',
    path: ['.../actuator/health/readiness', '.../actuator/health/readinessState'],
    asks: 'readiness',
    confidence: 'high',
    checks: 'says whether the application takes traffic',
    safe: '/actuator/health/liveness',
    source: PROBES,
    since: '0.1',
  },
];
