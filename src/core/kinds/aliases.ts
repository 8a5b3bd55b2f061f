/** Aliases: Names for exact versions of a model or pipeline. Its fields are in schemas/aliases.schema.json. */
import { defineKind } from "./define.ts";

export const aliases = defineKind({
  name: "Aliases",
  prefix: "aliases",
  folder: "",
  shape: "aliases",
  schema: "aliases.schema.json",
  undeletable: false,
  summary: "Names for exact versions of a model or pipeline.",
});
