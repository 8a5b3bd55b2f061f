/**
 * The table of rules that evaluate expressions or read users' JSON Schemas without applying them. It brings the
 * engines for CEL and patterns along and is imported only when a registry needs them.
 */
import type { Rule } from "../rule.ts";
import { approvalPolicyExpression } from "./approval-policy-expression.ts";
import { extensionDuplicate } from "./extension-duplicate.ts";
import { extensionRuleViolated } from "./extension-rule-violated.ts";
import { extensionUnknown } from "./extension-unknown.ts";
import { jsonSchemaInvalid } from "./json-schema-invalid.ts";
import { jsonSchemaUnchecked } from "./json-schema-unchecked.ts";
import { metadataSchemaExpression } from "./metadata-schema-expression.ts";
import { metadataSchemaIndex } from "./metadata-schema-index.ts";
import { metadataSchemaOpen } from "./metadata-schema-open.ts";
import { policyDuplicateRule } from "./policy-duplicate-rule.ts";
import { policyExpression } from "./policy-expression.ts";
import { policyPending } from "./policy-pending.ts";
import { policyTestFailed } from "./policy-test-failed.ts";
import { policyViolated } from "./policy-violated.ts";
import { templateBody } from "./template-body.ts";
import { templateExtends } from "./template-extends.ts";
import { waiverExcusesNothing } from "./waiver-excuses-nothing.ts";
import { waiverUnknownRule } from "./waiver-unknown-rule.ts";

export const expressionRules: readonly Rule[] = [
  approvalPolicyExpression,
  extensionDuplicate,
  extensionRuleViolated,
  extensionUnknown,
  jsonSchemaInvalid,
  jsonSchemaUnchecked,
  metadataSchemaExpression,
  metadataSchemaIndex,
  metadataSchemaOpen,
  policyDuplicateRule,
  policyExpression,
  policyPending,
  policyTestFailed,
  policyViolated,
  templateBody,
  templateExtends,
  waiverExcusesNothing,
  waiverUnknownRule,
];
