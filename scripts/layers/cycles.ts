/**
 * Finds cycles in a graph.
 *
 * @module
 */

/**
 * One cycle through every edge that closes one, in the order a walk finds them.
 *
 * @param graph For each node the nodes it points to.
 * @returns Cycles without the repeated first node.
 */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (node: string): void => {
    const at = trail.indexOf(node);
    if (at !== -1) cycles.push(trail.slice(at));
    if (at !== -1 || done.has(node)) return;
    trail.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    trail.pop();
    done.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return cycles;
}
