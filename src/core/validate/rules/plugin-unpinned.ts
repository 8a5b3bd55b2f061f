/** plugin/unpinned: a plugin that stands there is pinned, or says nothing. */
import { filesBelow } from "../../model/tree.ts";
import { isPluginPath, PLUGIN_FOLDER, pinsOf } from "../../plugin/pinned.ts";
import { defineRegistryRule } from "../rule.ts";

export const pluginUnpinned = defineRegistryRule({
  code: "plugin/unpinned",
  severity: "warning",
  category: "invalid",
  summary: "A plugin stands in the repository, and no pin names it.",
  why: "It looks like a check and runs nowhere.",
  fix: "Pin it: assent plugin add <name>. Or remove the file.",
  findAll({ registry }, report) {
    const files = filesBelow(registry.tree, PLUGIN_FOLDER).filter(({ path }) => isPluginPath(path));
    if (files.length === 0) return;
    const names = new Set(pinsOf(registry).map(({ name }) => name));
    for (const { path } of files) {
      const name = path.slice(PLUGIN_FOLDER.length, -".js".length);
      if (names.has(name)) continue;
      report({
        message: `${path} runs nowhere.`,
        hint: `Pin it: assent plugin add ${name}`,
        at: { file: path },
      });
    }
  },
});
