/** `assent.lineage/v1` and `assent.orphans/v1`: the wire values of a lineage. It must never hold what the schemas do not. */
import type { LineageResult } from "../../app/lineage.ts";
import type { Orphan } from "../../core/lineage/orphans.ts";

/** One lineage. Edges lead from what is made (`downstream`) to what it is made of (`upstream`). */
export function lineageWire({ view, compared }: LineageResult): object {
  const { root, direction, depth, nodes, edges, cycles } = view;
  return {
    format: "assent.lineage/v1",
    root,
    direction,
    depth,
    compared,
    nodes: nodes.map(({ ref, kind, title, state, owner, missing, distance, change }) => ({
      ref,
      kind,
      title,
      state,
      owner,
      missing,
      distance,
      change,
    })),
    edges: edges.map(({ below, above, type, field, declaredBy, range, required, change }) => ({
      downstream: below,
      upstream: above,
      type,
      field,
      declaredBy,
      range,
      required,
      change,
    })),
    cycles,
  };
}

/** What nothing holds. */
export function orphansWire(orphans: readonly Orphan[]): object {
  return {
    format: "assent.orphans/v1",
    total: orphans.length,
    items: orphans.map(({ ref, kind, state, owner, because }) => ({ ref, kind, state, owner, because })),
  };
}
