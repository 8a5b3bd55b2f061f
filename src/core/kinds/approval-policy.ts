/** ApprovalPolicy: Who must agree to which move, on which evidence. Its fields are in schemas/approval-policy.schema.json. */
import { defineKind } from "./define.ts";

export const approvalPolicy = defineKind({
  name: "ApprovalPolicy",
  prefix: "approval-policy",
  folder: "governance/approval-policies",
  shape: "named",
  schema: "approval-policy.schema.json",
  undeletable: false,
  summary: "Who must agree to which move, on which evidence.",
});
