/** MetadataSchema: The JSON Schema of one key of custom metadata. Its fields are in schemas/metadata-schema.schema.json. */
import { defineKind } from "./define.ts";

export const metadataSchema = defineKind({
  name: "MetadataSchema",
  prefix: "metadata-schema",
  folder: "governance/metadata-schemas",
  shape: "named",
  schema: "metadata-schema.schema.json",
  undeletable: false,
  summary: "The JSON Schema of one key of custom metadata.",
});
