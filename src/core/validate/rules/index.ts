/**
 * The table of rules that need nothing but the registry. Rules that evaluate expressions or user-supplied schemas
 * stand in expressions.ts, because they load heavy engines. A test asserts that tables and folder agree.
 */
import type { Rule } from "../rule.ts";

export const rules: readonly Rule[] = [];
