/** Runs a case through the real loader and every rule, without a disk, and spells what was found as cases do. */
import type { Instant } from "../../src/core/model/instant.ts";
import { createLocator } from "../../src/core/source/locate.ts";
import { loadRegistry, scanTree } from "../../src/core/source/load.ts";
import { parseStrict } from "../../src/core/source/strict.ts";
import { lintRegistry } from "../../src/core/validate/lint.ts";
import { createPlacer, diagnosticsOf, type Diagnostic } from "../../src/core/validate/report.ts";
import { expressionRules } from "../../src/core/validate/rules/expressions.ts";
import { rules } from "../../src/core/validate/rules/index.ts";
import { schemaRules } from "../../src/core/validate/rules/schemas.ts";
import { codeOf } from "../../src/core/validate/codes.ts";
import { treeOfCase, type Unmarked } from "./case.ts";

export const asOf = "2026-07-01T00:00:00Z" as Instant;

/** Every diagnostic of a case that is not about a move. */
export function judge(unmarked: Unmarked): Diagnostic[] {
  const tree = treeOfCase(unmarked);
  const { registry, findings } = loadRegistry(scanTree(tree), parseStrict);
  const found = lintRegistry(registry, { asOf, rules: [...rules, ...expressionRules, ...schemaRules] });
  return diagnosticsOf([...findings, ...found], createPlacer(tree, createLocator));
}

/** `code file line:column-line:column`, with the severity behind the code where it is not the code's own. */
export function spell({ code, severity, file, line, column, endLine, endColumn }: Diagnostic): string {
  const own = codeOf(code)?.severity === severity;
  return `${code}${own ? "" : `:${severity}`} ${file} ${line}:${column}-${endLine}:${endColumn}`;
}
