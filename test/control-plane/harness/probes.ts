import { isObject, list, property, valueAt } from '../../../src/core/json.ts';

/** The probes of each container of a pod spec, init containers first, and nothing else. */
export const probesIn = (podSpec: unknown): unknown[] =>
  ['initContainers', 'containers'].flatMap((field) =>
    list(property(podSpec, field)).map((container) =>
      isObject(container) ? Object.fromEntries(Object.entries(container).filter(([key]) => key.endsWith('Probe'))) : {},
    ),
  );

/** The pod spec of anything but a CronJob and a Pod. */
export const templateSpec = (object: unknown): unknown => valueAt(object, ['spec', 'template', 'spec']);

export const generationOf = (object: unknown): unknown => valueAt(object, ['metadata', 'generation']);

export const annotation = (object: unknown, name: string): unknown => valueAt(object, ['metadata', 'annotations', name]);
