/** Role: A group of identities that agrees to changes. Its fields are in schemas/role.schema.json. */
import { defineKind } from "./define.ts";

export const role = defineKind({
  name: "Role",
  prefix: "role",
  folder: "governance/roles",
  shape: "named",
  schema: "role.schema.json",
  undeletable: false,
  summary: "A group of identities that agrees to changes.",
});
