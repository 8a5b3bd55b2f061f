/** codeowners/too-large: GitHub loads CODEOWNERS only below 3 MB. */
import { defineRegistryRule } from "../rule.ts";
import { CODEOWNERS_LIMIT } from "../../govern/codeowners.ts";

export const codeownersTooLarge = defineRegistryRule({
  code: "codeowners/too-large",
  severity: "error",
  category: "invalid",
  summary: "CODEOWNERS is too large for GitHub.",
  why: "GitHub does not load a CODEOWNERS file of 3 MB or more: no path would have an owner, and no review would be asked for.",
  fix: "Use fewer, wider patterns in `ownership` (a folder instead of its files), and teams instead of lists of members.",
  findAll({ registry }, report) {
    const size = registry.tree.get("CODEOWNERS")?.read().length ?? 0;
    if (size < CODEOWNERS_LIMIT) return;
    report({
      message: `CODEOWNERS has ${size} bytes; GitHub's limit is ${CODEOWNERS_LIMIT}.`,
      at: { file: "CODEOWNERS" },
    });
  },
});
