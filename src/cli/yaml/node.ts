import { isAlias, isMap, isNode, isPair, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import type { YamlDocument } from './parse.ts';

/** A node with the alias that led to it taken away, and the maps that its merge keys bring in left where they are. */
export const target = (document: YamlDocument, node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);

export const keyText = (pair: Pair): string | undefined => {
  const value = isScalar(pair.key) ? pair.key.value : pair.key;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

export const isMerge = (pair: Pair): boolean => isScalar(pair.key) && pair.key.addToJSMap !== undefined;

/** The pair of this key that stands in the map itself; of several the last one, which counts. */
export const ownPair = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.findLast((item) => !isMerge(item) && keyText(item) === key);

/** The pair of this key, from the map itself or from what it merges in: the last one that says it. */
export function findPair(document: YamlDocument, map: YAMLMap, key: string): Pair | undefined {
  for (const item of map.items.toReversed()) {
    if (!isMerge(item)) {
      if (keyText(item) === key) return item;
      continue;
    }
    const merged = target(document, item.value);
    const sources = isSeq(merged) ? merged.items.map((source) => target(document, source)) : [merged];
    for (const source of sources) {
      if (!isMap(source) || source === map) continue;
      const pair = findPair(document, source, key);
      if (pair !== undefined) return pair;
    }
  }
  return undefined;
}

/** Offsets of a node's first character and of the one behind its last, without trailing white space and comments. */
export function span(node: unknown): readonly [number, number] | undefined {
  return isNode(node) && node.range ? [node.range[0], node.range[1]] : undefined;
}

/** The offset behind the last character of what a node or pair holds, whatever it nests. */
export function lastOffset(node: unknown): number | undefined {
  if (isPair(node)) return lastOffset(node.value) ?? lastOffset(node.key);
  if ((isMap(node) || isSeq(node)) && node.flow !== true) return lastOffset(node.items.at(-1)) ?? span(node)?.[1];
  return span(node)?.[1];
}
