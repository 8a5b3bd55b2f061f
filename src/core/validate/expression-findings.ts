/** How faults of expressions become findings: the caret stands inside the YAML scalar. Used by the rules about expressions. */
import type { PolicyRule } from "../../generated/entries.ts";
import type { Pointer } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import { compileExpression, type CelNames } from "../policy/cel.ts";
import type { Report } from "./rule.ts";
import { sentence } from "./sentence.ts";

/** Reports every fault of one expression that stands at `pointer`. */
export function reportExpression(
  text: string,
  names: CelNames,
  entry: Entry,
  pointer: Pointer,
  report: Report,
): void {
  const compiled = compileExpression(text, names);
  if (!("faults" in compiled)) return;
  for (const { message, hint, start, end } of compiled.faults) {
    const at = { file: entry.path, pointer, within: { start, end: Math.max(end, start + 1) } };
    report({ message: sentence(message), hint: sentence(hint), at, subject: entry.ref });
  }
}

/** Reports every fault of the expressions of a list of rules that stands at `pointer`. */
export function reportRules(
  rules: readonly PolicyRule[],
  names: CelNames,
  entry: Entry,
  pointer: Pointer,
  report: Report,
): void {
  rules.forEach((rule, index) => {
    if (rule.when !== undefined)
      reportExpression(rule.when, names, entry, [...pointer, index, "when"], report);
    reportExpression(rule.assert, names, entry, [...pointer, index, "assert"], report);
  });
}
