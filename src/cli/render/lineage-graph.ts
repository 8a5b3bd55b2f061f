/**
 * What all drawings of a lineage have in common: which arrows there are (from what something is made of to what is
 * made of it), and colours. It must never know a format.
 */
import type { KindName } from "../../core/model/kind.ts";
import type { RelationType } from "../../core/lineage/relations.ts";
import type { View, ViewChange } from "../../core/lineage/view.ts";

export interface Arrow {
  /** Places in `view.nodes`. */
  readonly from: number;
  readonly to: number;
  readonly type: RelationType;
  readonly change: ViewChange;
}

/** One arrow for each pair and type, however many fields say so; added or removed only where all of them are. */
export function arrowsOf({ nodes, edges }: View): readonly Arrow[] {
  const places = new Map(nodes.map(({ ref }, place) => [ref, place]));
  const found = new Map<string, Arrow>();
  for (const { below, above, type, change } of edges) {
    const from = places.get(above);
    const to = places.get(below);
    if (from === undefined || to === undefined) continue;
    const key = `${from} ${to} ${type}`;
    const known = found.get(key);
    found.set(key, {
      from,
      to,
      type,
      change: known === undefined || known.change === change ? change : "same",
    });
  }
  return [...found.values()];
}

/** Dark enough to be read on white, and told apart by people who see colours differently (with the kind's name beside). */
export const kindColours: { readonly [K in KindName]?: string } = {
  Provider: "#6b7280",
  Dataset: "#0f766e",
  Model: "#1d4ed8",
  Config: "#a16207",
  Template: "#7c5295",
  Pipeline: "#7e22ce",
  TestSuite: "#4d7c0f",
  Policy: "#be185d",
  Bundle: "#c2410c",
  Aliases: "#6b7280",
  Activation: "#15803d",
};

export const relationColours: Readonly<Record<RelationType, string>> = {
  depends_on: "#334155",
  derived_from: "#0f766e",
  transforms: "#7e22ce",
  validates: "#4d7c0f",
  configures: "#a16207",
  replaces: "#0f172a",
  uses: "#64748b",
};

export const changeColours: Readonly<Record<ViewChange, string | undefined>> = {
  same: undefined,
  added: "#15803d",
  removed: "#b91c1c",
};
