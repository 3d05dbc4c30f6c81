import type { Container } from './container.ts';
import type { Edit } from './edit.ts';
import { pointer } from './path.ts';
import { containersOf, type Workload } from './workload.ts';

/** Edits within containers, by container, in their order. In time that grows with their number, not with its square. */
export function editsByContainer(workload: Workload, edits: readonly Edit[]): ReadonlyMap<Container, readonly Edit[]> {
  const grouped = new Map<Container, Edit[]>();
  if (edits.length === 0) return grouped;
  const containers = new Map(containersOf(workload).map(({ container }) => [pointer(container.at), container]));
  const depths = new Set(containersOf(workload).map(({ container }) => container.at.length));
  for (const edit of edits) {
    for (const depth of depths) {
      const container = containers.get(pointer(edit.at.slice(0, depth)));
      if (container === undefined) continue;
      const own = grouped.get(container);
      if (own === undefined) grouped.set(container, [edit]);
      else own.push(edit);
    }
  }
  return grouped;
}
