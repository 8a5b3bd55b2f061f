/** Bundle: The deployable unit: artifacts, what they need, and where they come from. Its fields are in schemas/bundle.schema.json. */
import { defineKind } from "./define.ts";

export const bundle = defineKind({
  name: "Bundle",
  prefix: "bundle",
  folder: "bundles",
  shape: "versioned",
  schema: "bundle.schema.json",
  undeletable: true,
  summary: "The deployable unit: artifacts, what they need, and where they come from.",
  lifecycle: {
    states: ["candidate", "approved", "rejected", "retired"],
    moves: [
      { from: "candidate", to: "approved", action: "approve" },
      { from: "candidate", to: "rejected", action: "reject" },
      { from: "candidate", to: "retired", action: "retire" },
      { from: "approved", to: "retired", action: "retire" },
    ],
    notInitial: ["rejected", "retired"],
    final: ["rejected", "retired"],
    initial: "candidate",
  },
});
