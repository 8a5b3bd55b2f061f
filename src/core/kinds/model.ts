/** Model: An exact version of a model, with its capabilities and serving. Its fields are in schemas/model.schema.json. */
import { defineKind } from "./define.ts";

export const model = defineKind({
  name: "Model",
  prefix: "model",
  folder: "models",
  shape: "versioned",
  schema: "model.schema.json",
  undeletable: true,
  summary: "An exact version of a model, with its capabilities and serving.",
  lifecycle: {
    states: ["experimental", "beta", "production", "deprecated", "retired"],
    moves: [
      { from: "experimental", to: "beta", action: "beta" },
      { from: "experimental", to: "production", action: "release" },
      { from: "experimental", to: "deprecated", action: "deprecate" },
      { from: "experimental", to: "retired", action: "retire" },
      { from: "beta", to: "production", action: "release" },
      { from: "beta", to: "deprecated", action: "deprecate" },
      { from: "beta", to: "retired", action: "retire" },
      { from: "production", to: "deprecated", action: "deprecate" },
      { from: "production", to: "retired", action: "retire" },
      { from: "deprecated", to: "production", action: "restore" },
      { from: "deprecated", to: "retired", action: "retire" },
    ],
    notInitial: ["retired"],
    final: ["retired"],
    initial: "experimental",
  },
});
