/**
 * Every code the product can say, for `assent explain`, SARIF and the documentation.
 * It must never define a code itself; each stands beside what finds it.
 */
import type { CodeDefinition } from "../model/diagnostic.ts";
import { compareBytes } from "../model/json.ts";
import { importCodes } from "../import/codes.ts";
import { sourceCodes } from "../source/codes.ts";
import { pathCodes } from "../source/path-codes.ts";
import { rules } from "./rules/index.ts";
import { schemaCodes } from "./schema.ts";

/** All definitions, in byte order of their codes. */
export function allCodes(): readonly CodeDefinition[] {
  return [...pathCodes, ...sourceCodes, ...schemaCodes, ...importCodes, ...rules].sort((a, b) => compareBytes(a.code, b.code));
}

/** The definition of a code, or undefined. */
export function codeOf(code: string): CodeDefinition | undefined {
  return allCodes().find((definition) => definition.code === code);
}
