/** The table of rules with heavy engines (CEL, user-supplied JSON Schemas); imported only when a registry needs them. */
import type { Rule } from "../rule.ts";

export const expressionRules: readonly Rule[] = [];
