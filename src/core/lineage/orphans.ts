/**
 * Entries that nothing holds: no scope, no alias and no bundle that may still go live reaches them. They are listed,
 * never removed: what landed stays (DESIGN 4).
 */
import { kindOf } from "../kinds/index.ts";
import { walker } from "./graph.ts";
import type { Lineage, LineageNode } from "./lineage.ts";

export interface Orphan extends LineageNode {
  /** `unreferenced`: nothing refers to it; `only-orphans`: only what is listed here as well does. */
  readonly because: "unreferenced" | "only-orphans";
}

/** The orphans of a registry, in byte order of references. */
export function orphansOf({ nodes, carrying }: Lineage): readonly Orphan[] {
  const holding = nodes.flatMap((node, index) => (holds(node) ? [index] : []));
  const held = new Set(walker(carrying.nodes)(carrying.up, holding).order);
  return nodes.flatMap((node, index): readonly Orphan[] => {
    if (held.has(index) || node.missing) return [];
    const isReferenced = carrying.down.start[index + 1]! > carrying.down.start[index]!;
    return [{ ...node, because: isReferenced ? "only-orphans" : "unreferenced" }];
  });
}

/** What counts as being used: live, named for people and services, or on its way to being live. */
function holds({ kind, state, missing }: LineageNode): boolean {
  if (missing) return false;
  if (kind === "Activation" || kind === "Aliases") return true;
  return kind === "Bundle" && !(kindOf(kind).lifecycle?.final.includes(state ?? "") ?? false);
}
