/** Pipeline: A directed acyclic graph of models and steps. Its fields are in schemas/pipeline.schema.json. */
import { defineKind } from "./define.ts";

export const pipeline = defineKind({
  name: "Pipeline",
  prefix: "pipeline",
  folder: "pipelines",
  shape: "versioned",
  schema: "pipeline.schema.json",
  undeletable: true,
  summary: "A directed acyclic graph of models and steps.",
  lifecycle: {
    states: ["draft", "active", "paused", "deprecated", "archived"],
    moves: [
      { from: "draft", to: "active", action: "start" },
      { from: "active", to: "paused", action: "pause" },
      { from: "paused", to: "active", action: "resume" },
      { from: "active", to: "deprecated", action: "deprecate" },
      { from: "paused", to: "deprecated", action: "deprecate" },
      { from: "deprecated", to: "archived", action: "archive" },
    ],
    notInitial: ["archived"],
    final: ["archived"],
    initial: "draft",
  },
});
