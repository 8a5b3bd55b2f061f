/** Activation: What is live in one scope. Its fields are in schemas/activation.schema.json. */
import { defineKind } from "./define.ts";

export const activation = defineKind({
  name: "Activation",
  prefix: "scope",
  folder: "live",
  shape: "scope",
  schema: "activation.schema.json",
  undeletable: true,
  summary: "What is live in one scope.",
});
