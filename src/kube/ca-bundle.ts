import { type JsonObject, list, text, valueAt } from '../core/json.ts';
import { type Authority, isInBundle } from '../tls/material.ts';
import type { Patch } from './api.ts';
import { resourceVersionOf } from './watch-event.ts';

/** A webhook configuration, as far as its `caBundle`s go. */
export interface KnownConfiguration {
  readonly resourceVersion: string;
  /** Of each webhook in it, in its order: PEM, empty where there is none. */
  readonly bundles: readonly string[];
}

export const readConfiguration = (configuration: JsonObject): KnownConfiguration => ({
  resourceVersion: resourceVersionOf(configuration),
  bundles: list(configuration['webhooks']).map((webhook) => {
    const encoded = text(valueAt(webhook, ['clientConfig', 'caBundle'])) ?? '';
    return Buffer.from(encoded, 'base64').toString('utf8');
  }),
});

/** What puts the bundle back wherever it is missing or another; undefined where nothing is to be done. */
export function bundlePatch({ resourceVersion, bundles }: KnownConfiguration, bundle: string): Patch | undefined {
  const wrong = bundles.flatMap((current, index) => (current === bundle ? [] : [index]));
  if (wrong.length === 0 || bundle === '') return undefined;
  return {
    type: 'json',
    body: [
      // The numbers below are those of this version.
      { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
      ...wrong.map((index) => ({
        op: 'add',
        path: `/webhooks/${index}/clientConfig/caBundle`,
        value: Buffer.from(bundle).toString('base64'),
      })),
    ],
  };
}

/** Does every webhook of these configurations trust this authority? A configuration that is not there calls nobody. */
export const isPublished = (authority: Authority | undefined, configurations: Iterable<KnownConfiguration>): boolean =>
  authority !== undefined && [...configurations].every(({ bundles }) => bundles.every((bundle) => isInBundle(bundle, authority)));
