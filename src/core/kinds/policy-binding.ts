/** PolicyBinding: Which policies apply to which entries. Its fields are in schemas/policy-binding.schema.json. */
import { defineKind } from "./define.ts";

export const policyBinding = defineKind({
  name: "PolicyBinding",
  prefix: "policy-binding",
  folder: "governance/policy-bindings",
  shape: "named",
  schema: "policy-binding.schema.json",
  undeletable: false,
  summary: "Which policies apply to which entries.",
});
