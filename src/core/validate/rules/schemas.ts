/**
 * The table of rules that apply users' JSON Schemas to values. It brings the validator's compiler along and is
 * imported only when a registry holds such values.
 */
import type { Rule } from "../rule.ts";
import { configValueMismatch } from "./config-value-mismatch.ts";
import { extensionInvalid } from "./extension-invalid.ts";
import { templateDrift } from "./template-drift.ts";
import { templateRefused } from "./template-refused.ts";
import { templateTestFailed } from "./template-test-failed.ts";
import { templateTestParameters } from "./template-test-parameters.ts";

export const schemaRules: readonly Rule[] = [
  configValueMismatch,
  extensionInvalid,
  templateDrift,
  templateRefused,
  templateTestFailed,
  templateTestParameters,
];
