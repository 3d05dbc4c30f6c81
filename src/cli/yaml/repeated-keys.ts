import { isCollection, isMap, isSeq, type Pair } from 'yaml';
import { isMerge, keyText } from './node.ts';
import type { YamlDocument } from './parse.ts';

/** The pairs whose key stands in their map before: of these the last one counts, as it does for kubectl. */
export function repeatedKeys(document: YamlDocument): Pair[] {
  const repeated: Pair[] = [];
  // A list, not a recursion: a document may be nested deeper than the stack is.
  const nodes: unknown[] = [document.contents];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (isSeq(node)) for (const item of node.items) if (isCollection(item)) nodes.push(item);
    if (!isMap(node)) continue;
    const keys = new Set<string>();
    for (const pair of node.items) {
      if (isCollection(pair.value)) nodes.push(pair.value);
      const key = isMerge(pair) ? undefined : keyText(pair);
      if (key === undefined) continue;
      if (keys.has(key)) repeated.push(pair);
      keys.add(key);
    }
  }
  return repeated;
}
