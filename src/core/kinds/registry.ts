/** Registry: The registry itself: id, protected branch, mode, ownership of paths, defaults. Its fields are in schemas/registry.schema.json. */
import { defineKind } from "./define.ts";

export const registry = defineKind({
  name: "Registry",
  prefix: "registry",
  folder: "",
  shape: "singleton",
  schema: "registry.schema.json",
  undeletable: true,
  summary: "The registry itself: id, protected branch, mode, ownership of paths, defaults.",
});
