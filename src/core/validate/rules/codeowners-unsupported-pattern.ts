/** codeowners/unsupported-pattern: path patterns say only what GitHub's CODEOWNERS can say. */
import { at, defineEntryRule } from "../rule.ts";
import { patternProblem } from "../../govern/codeowners-pattern.ts";
import type { Pointer } from "../../model/json.ts";
import type { Entry } from "../../model/registry.ts";

export const codeownersUnsupportedPattern = defineEntryRule({
  code: "codeowners/unsupported-pattern",
  severity: "error",
  category: "invalid",
  summary: "A path pattern uses what CODEOWNERS does not know: `!`, `[ ]`, `\\#`.",
  why: "GitHub skips such a line without a word, so the path would be owned by whoever stands in an earlier line.",
  fix: "Write one line for each path meant; there are no negations and no character ranges.",
  example: {
    bad: 'ownership:\n  - { path: "!/docs/", roles: [role:writers] }',
    good: "ownership:\n  - { path: /docs/, roles: [] }",
  },
  kinds: ["Registry", "ApprovalPolicy"],
  find(entry, _context, report) {
    for (const [pattern, pointer] of patternsOf(entry)) {
      const problem = patternProblem(pattern);
      if (problem === undefined) continue;
      report({
        message: `${JSON.stringify(pattern)}: ${problem}.`,
        at: at(entry, ...pointer),
        subject: entry.ref,
      });
    }
  },
});

function patternsOf(entry: Entry<"Registry" | "ApprovalPolicy">): [string, Pointer][] {
  if (entry.kind === "ApprovalPolicy") {
    const { match } = (entry as Entry<"ApprovalPolicy">).value;
    return (match.paths ?? []).map((path, i) => [path, ["match", "paths", i]]);
  }
  const { ownership, alsoGoverned } = (entry as Entry<"Registry">).value;
  return [
    ...(ownership ?? []).map((line, i): [string, Pointer] => [line.path, ["ownership", i, "path"]]),
    ...(alsoGoverned ?? []).map((path, i): [string, Pointer] => [path, ["alsoGoverned", i]]),
  ];
}
