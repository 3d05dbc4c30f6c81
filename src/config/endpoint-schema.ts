import * as z from 'zod';
import { ASKS, type Asks } from '../core/verdict.ts';
import { glob } from './glob-schema.ts';
import { must } from './kubernetes-validation.ts';

export const VERDICTS = ['Process', 'Resource', 'Dependency', 'Readiness', 'Aggregate', 'Unknown'] as const;

/** In Kubernetes an enumeration is capitalised; the engine's own words are not. */
export const asksOf = (verdict: (typeof VERDICTS)[number]): Asks =>
  ASKS.find((asks) => asks === verdict.toLowerCase()) ?? 'unknown';

const dependency = z.strictObject({
  name: z.string().min(1).max(253).describe('What it is called: it stands in messages.'),
  sharing: z
    .enum(['Shared', 'Exclusive'])
    .default('Shared')
    .describe('Shared: all replicas ask the same one, so all fail with it. Exclusive: each replica has its own.'),
  worstResponseSeconds: z
    .number()
    .positive()
    .max(3600)
    .describe('The longest that it takes to answer when it still works. The timeout of the probe goes above the worst of them.')
    .exactOptional(),
});

const described = must(
  z.strictObject({
    image: glob.describe('Image of the container. A glob: * and ?.').exactOptional(),
    path: glob.describe('Path of an httpGet probe. A glob: * and ?.').exactOptional(),
    command: glob.describe('Command line of an exec probe, its words joined by spaces. A glob: * and ?.').exactOptional(),
    port: z.int().min(1).max(65_535).describe('Number of the port that is asked.').exactOptional(),
    verdict: z
      .enum(VERDICTS)
      .describe(
        'What the endpoint asks about. Process: only its own process, or another one of its pod. Resource: disk or memory. Dependency: another system. Readiness: whether it can take traffic. Aggregate: whatever checks are registered. Unknown: it cannot be told.',
      ),
    dependencies: z.array(dependency).max(32).describe('What it asks, where it asks others.').exactOptional(),
  }),
  ({ image, path, command, port }) => image !== undefined || path !== undefined || command !== undefined || port !== undefined,
  'has(self.image) || has(self.path) || has(self.command) || has(self.port)',
  'an endpoint needs an image, a path, a command or a port to be known by',
);

const oneHandler = must(
  described,
  ({ path, command }) => path === undefined || command === undefined,
  '!(has(self.path) && has(self.command))',
  'a probe has a path or a command: write one of them, or two entries',
);

export const endpoint = must(
  oneHandler,
  ({ verdict, dependencies = [] }) => dependencies.length === 0 || ['Dependency', 'Readiness', 'Aggregate'].includes(verdict),
  "!has(self.dependencies) || size(self.dependencies) == 0 || self.verdict in ['Dependency', 'Readiness', 'Aggregate']",
  'what asks dependencies has the verdict Dependency, Readiness or Aggregate',
);
