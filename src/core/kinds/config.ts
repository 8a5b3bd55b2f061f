/** Config: A prompt, parameters, thresholds, routing or tools. Its fields are in schemas/config.schema.json. */
import { defineKind } from "./define.ts";
import { draftToRetired } from "./lifecycles.ts";

export const config = defineKind({
  name: "Config",
  prefix: "config",
  folder: "configs",
  shape: "versioned",
  schema: "config.schema.json",
  undeletable: true,
  summary: "A prompt, parameters, thresholds, routing or tools.",
  lifecycle: draftToRetired,
});
