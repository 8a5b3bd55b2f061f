/**
 * Every code the product can say, for `assent explain`, SARIF and the documentation.
 * It must never define a code itself; each stands beside what finds it. It brings every engine along, so nothing
 * that lints or starts up may import it.
 */
import type { CodeDefinition } from "../model/diagnostic.ts";
import { compareBytes } from "../model/json.ts";
import { cloneCodes } from "../audit/clone-codes.ts";
import { auditCodes } from "../audit/verify-codes.ts";
import { requestCodes } from "../author/codes.ts";
import { codeownersLintCodes } from "../govern/codeowners-lint.ts";
import { governCodes } from "../govern/codes.ts";
import { doctorCodes } from "../govern/doctor-codes.ts";
import { reconcileCodes } from "../find/reconcile-codes.ts";
import { importCodes } from "../import/codes.ts";
import { pluginCodes } from "../plugin/codes.ts";
import { sourceCodes } from "../source/codes.ts";
import { pathCodes } from "../source/path-codes.ts";
import { expressionRules } from "./rules/expressions.ts";
import { lapseCodes } from "./lapses.ts";
import { rules } from "./rules/index.ts";
import { schemaRules } from "./rules/schemas.ts";
import { schemaCodes } from "./schema.ts";

/** All definitions, in byte order of their codes. */
export function allCodes(): readonly CodeDefinition[] {
  const ofRules = [...rules, ...expressionRules, ...schemaRules];
  return [
    ...pathCodes,
    ...sourceCodes,
    ...schemaCodes,
    ...importCodes,
    ...reconcileCodes,
    ...doctorCodes,
    ...requestCodes,
    ...governCodes,
    ...auditCodes,
    ...cloneCodes,
    ...codeownersLintCodes,
    ...pluginCodes,
    ...lapseCodes,
    ...ofRules,
  ].sort((a, b) => compareBytes(a.code, b.code));
}

/** The definition of a code, or undefined. */
export function codeOf(code: string): CodeDefinition | undefined {
  return allCodes().find((definition) => definition.code === code);
}
