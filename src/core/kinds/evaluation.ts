/** Evaluation: One immutable run of a test suite on one exact target. Its fields are in schemas/evaluation.schema.json. */
import { defineKind } from "./define.ts";

export const evaluation = defineKind({
  name: "Evaluation",
  prefix: "evaluation",
  folder: "evaluations",
  shape: "run",
  schema: "evaluation.schema.json",
  undeletable: true,
  summary: "One immutable run of a test suite on one exact target.",
});
