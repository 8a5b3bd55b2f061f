/** Environment: A rung of the ladder: rank, what its platform offers, degrade profiles. Its fields are in schemas/environment.schema.json. */
import { defineKind } from "./define.ts";

export const environment = defineKind({
  name: "Environment",
  prefix: "environment",
  folder: "governance/environments",
  shape: "named",
  schema: "environment.schema.json",
  undeletable: false,
  summary: "A rung of the ladder: rank, what its platform offers, degrade profiles.",
});
