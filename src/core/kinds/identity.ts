/** Identity: A human, bot or model that acts. Its fields are in schemas/identity.schema.json. */
import { defineKind } from "./define.ts";

export const identity = defineKind({
  name: "Identity",
  prefix: "identity",
  folder: "governance/identities",
  shape: "named",
  schema: "identity.schema.json",
  undeletable: true,
  summary: "A human, bot or model that acts.",
});
