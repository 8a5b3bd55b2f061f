/**
 * Circles in what refers to what, in time proportional to the references however they are tied: a registry must not
 * be able to make its own check endless. It must never know what the references mean.
 */
import { compareBytes } from "../model/json.ts";

/**
 * The circles that a walk from the nodes in their order meets, each from a node back to itself, that node at both
 * ends; one circle for each node that a way comes back to. Iterative, so that depth is no danger.
 */
export function cyclesIn(nodes: Iterable<string>, next: (node: string) => readonly string[]): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const closed = new Set<string>();
  for (const start of nodes) {
    if (done.has(start)) continue;
    const path: { readonly node: string; readonly following: readonly string[]; tried: number }[] = [];
    const onPath = new Map<string, number>();
    let entering: string | undefined = start;
    for (;;) {
      if (entering !== undefined && !done.has(entering)) {
        const at = onPath.get(entering);
        if (at === undefined) {
          onPath.set(entering, path.length);
          path.push({ node: entering, following: next(entering), tried: 0 });
        } else if (!closed.has(entering)) {
          closed.add(entering);
          cycles.push([...path.slice(at).map(({ node }) => node), entering]);
        }
      }
      const top = path.at(-1);
      if (top === undefined) break;
      entering = top.following[top.tried++];
      if (entering !== undefined) continue;
      path.pop();
      onPath.delete(top.node);
      done.add(top.node);
    }
  }
  return cycles;
}

/** The same circle, begun at its first node in byte order. */
export function fromFirst(cycle: readonly string[]): string[] {
  const nodes = cycle.slice(1);
  const first = nodes.reduce((least, node) => (compareBytes(node, least) < 0 ? node : least));
  const at = nodes.indexOf(first);
  return [...nodes.slice(at), ...nodes.slice(0, at), first];
}

/** A circle in one line; of a long one only its ends. */
export function inWords(cycle: readonly string[]): string {
  if (cycle.length <= 12) return cycle.join(" -> ");
  return [...cycle.slice(0, 8), `(${cycle.length - 10} more)`, ...cycle.slice(-2)].join(" -> ");
}
