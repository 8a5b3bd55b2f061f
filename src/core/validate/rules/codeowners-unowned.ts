/** codeowners/unowned: the rules themselves have owners. */
import { at, defineEntryRule } from "../rule.ts";
import { ownershipOf } from "../../govern/ownership.ts";
import { kinds } from "../../kinds/index.ts";
import { filesBelow } from "../../model/tree.ts";

/** What must be owned, each with paths that any new file there would be like. */
export const ruleAreas: readonly (readonly [string, readonly string[]])[] = [
  ["registry/registry.yaml", ["registry/registry.yaml"]],
  [
    "registry/governance/",
    kinds
      .filter((kind) => kind.folder.startsWith("governance/"))
      .map((kind) => `registry/${kind.folder}/any.yaml`),
  ],
  ["registry/usecases/", ["registry/usecases/any/any.yaml"]],
  ["CODEOWNERS", ["CODEOWNERS"]],
  [".github/", [".github/workflows/any.yml", ".github/any"]],
];

export const codeownersUnowned = defineEntryRule({
  code: "codeowners/unowned",
  severity: "error",
  category: "invalid",
  summary: "Nobody owns a part of the registry that holds its rules.",
  why: "A change of an unowned governed path is denied, and on GitHub such a path needs nobody's review: whoever may edit the rules without asking may do everything else as well.",
  fix: 'Add a line to `ownership` in registry.yaml; `path: "*"` first, with the governance role, owns whatever nothing else names.',
  example: {
    bad: "ownership:\n  - { path: /registry/models/, roles: [role:ml] }",
    good: 'ownership:\n  - { path: "*", roles: [role:governance] }\n  - { path: /registry/models/, roles: [role:ml] }',
  },
  kinds: ["Registry"],
  find(entry, { registry }, report) {
    const ownerOf = ownershipOf(entry.value);
    const isUnowned = (path: string): boolean => (ownerOf(path)?.roles.length ?? 0) === 0;
    const pointer = entry.value.ownership === undefined ? [] : ["ownership"];
    for (const [area, probes] of ruleAreas) {
      const standing = area.endsWith("/")
        ? filesBelow(registry.tree, area).find(({ path }) => isUnowned(path))
        : undefined;
      const path = standing?.path ?? probes.find(isUnowned);
      if (path === undefined) continue;
      const line = ownerOf(path);
      report({
        message: area.endsWith("/")
          ? `${area} is not owned throughout: nobody owns ${path}.`
          : `Nobody owns ${area}.`,
        at: line === undefined ? at(entry, ...pointer) : at(entry, "ownership", line.index),
        subject: entry.ref,
        // As long as the registry only observes, nothing is denied for it.
        ...(entry.value.mode === "enforce" ? {} : { severity: "warning" }),
      });
    }
  },
});
