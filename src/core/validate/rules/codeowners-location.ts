/** codeowners/location: there is one CODEOWNERS file, at the root. */
import { defineRegistryRule } from "../rule.ts";
import { CODEOWNERS_PATHS } from "../../govern/codeowners.ts";

export const codeownersLocation = defineRegistryRule({
  code: "codeowners/location",
  severity: "error",
  category: "invalid",
  summary: "There is a second CODEOWNERS file, in .github/ or docs/.",
  why: "GitHub reads the first it finds, in the order .github/, root, docs/, and ignores the others: the generated one may not be in force, or look as if another were.",
  fix: "Delete the other file; the registry's CODEOWNERS stands at the root.",
  findAll({ registry }, report) {
    for (const file of CODEOWNERS_PATHS) {
      if (file === "CODEOWNERS" || registry.tree.get(file) === undefined) continue;
      const effect = file.startsWith(".github/")
        ? "GitHub reads it instead of CODEOWNERS"
        : "GitHub ignores it beside CODEOWNERS";
      report({ message: `${file} is there as well; ${effect}.`, at: { file } });
    }
  },
});
