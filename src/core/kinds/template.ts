/** Template: A parameterised pipeline, invocation or deployment. Its fields are in schemas/template.schema.json. */
import { defineKind } from "./define.ts";
import { draftToRetired } from "./lifecycles.ts";

export const template = defineKind({
  name: "Template",
  prefix: "template",
  folder: "templates",
  shape: "versioned",
  schema: "template.schema.json",
  undeletable: true,
  summary: "A parameterised pipeline, invocation or deployment.",
  lifecycle: draftToRetired,
});
