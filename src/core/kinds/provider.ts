/** Provider: Who serves models: names of environment variables, base URL, authentication. Its fields are in schemas/provider.schema.json. */
import { defineKind } from "./define.ts";

export const provider = defineKind({
  name: "Provider",
  prefix: "provider",
  folder: "providers",
  shape: "named",
  schema: "provider.schema.json",
  undeletable: false,
  summary: "Who serves models: names of environment variables, base URL, authentication.",
});
