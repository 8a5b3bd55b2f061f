/** Policy: CEL rules with severity, message and remediation. Its fields are in schemas/policy.schema.json. */
import { defineKind } from "./define.ts";
import { draftToRetired } from "./lifecycles.ts";

export const policy = defineKind({
  name: "Policy",
  prefix: "policy",
  folder: "policies",
  shape: "versioned",
  schema: "policy.schema.json",
  undeletable: true,
  summary: "CEL rules with severity, message and remediation.",
  lifecycle: draftToRetired,
});
