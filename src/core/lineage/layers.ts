/**
 * Which column each node of a drawing stands in: as far from the sources as its longest way, so that every edge leads
 * to the right. Circles are opened by turning around the edge that closes them. Iterative; same input, same columns.
 */

export interface Layered {
  /** By node. */
  readonly layer: readonly number[];
  readonly layers: number;
  /** By edge: whether it leads back and was turned around to be drawn. */
  readonly turned: readonly boolean[];
}

export type DrawnEdge = readonly [from: number, to: number];

/** Columns for a graph of `nodes` nodes; an edge from a node to itself takes no part. */
export function layersOf(nodes: number, edges: readonly DrawnEdge[]): Layered {
  const turned = backwards(nodes, edges);
  const out: number[][] = Array.from({ length: nodes }, () => []);
  const missing = Array.from({ length: nodes }, () => 0);
  edges.forEach(([a, b], edge) => {
    if (a === b) return;
    const [from, to] = turned[edge] === true ? [b, a] : [a, b];
    out[from]!.push(to);
    missing[to]!++;
  });
  const ins = [...missing];
  const layer = Array.from({ length: nodes }, () => 0);
  const order = missing.flatMap((count, node) => (count === 0 ? [node] : []));
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!;
    for (const next of out[node]!) {
      layer[next] = Math.max(layer[next]!, layer[node]! + 1);
      if (--missing[next]! === 0) order.push(next);
    }
  }
  // What feeds only late columns stands next to them, unless that would stretch more edges than it shortens.
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at]!;
    const followers = out[node]!;
    if (followers.length === 0 || followers.length < ins[node]!) continue;
    layer[node] = followers.reduce(
      (least, next) => Math.min(least, layer[next]! - 1),
      Number.MAX_SAFE_INTEGER,
    );
  }
  const first = layer.reduce(
    (least, each) => Math.min(least, each),
    nodes === 0 ? 0 : Number.MAX_SAFE_INTEGER,
  );
  const last = layer.reduce((most, each) => Math.max(most, each), 0);
  return { layer: layer.map((each) => each - first), layers: last - first + 1, turned };
}

/** The edges that close a circle on a walk by depth from the nodes in their order. */
function backwards(nodes: number, edges: readonly DrawnEdge[]): boolean[] {
  const out: number[][] = Array.from({ length: nodes }, () => []);
  edges.forEach(([from], edge) => out[from]!.push(edge));
  const isTarget = new Set(edges.map(([, to]) => to));
  const found = edges.map(() => false);
  const done = new Set<number>();
  const onPath = new Set<number>();
  // Sources first, so that in a graph without circles nothing is turned around by where the walk began.
  const starts = Array.from({ length: nodes }, (_, node) => node);
  for (const start of [...starts.filter((node) => !isTarget.has(node)), ...starts]) {
    if (done.has(start)) continue;
    const path = [{ node: start, tried: 0 }];
    onPath.add(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = out[top.node]![top.tried++];
      if (edge === undefined) {
        path.pop();
        onPath.delete(top.node);
        done.add(top.node);
        continue;
      }
      const [, to] = edges[edge]!;
      if (onPath.has(to)) found[edge] = true;
      else if (!done.has(to)) {
        onPath.add(to);
        path.push({ node: to, tried: 0 });
      }
    }
  }
  return found;
}
