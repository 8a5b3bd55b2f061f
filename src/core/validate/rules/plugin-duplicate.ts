/** plugin/duplicate: a plugin is pinned once. */
import { pinsOf } from "../../plugin/pinned.ts";
import { at, defineRegistryRule } from "../rule.ts";

export const pluginDuplicate = defineRegistryRule({
  code: "plugin/duplicate",
  severity: "error",
  category: "invalid",
  summary: "registry.yaml pins one plugin twice.",
  why: "Two pins can say two things about the same file, and a reader would see only one of them.",
  fix: "Leave one of them.",
  findAll({ registry }, report) {
    const settings = registry.ofKind("Registry")[0];
    if (settings === undefined) return;
    const names = pinsOf(registry).map(({ name }) => name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      report({ message: `"${name}" is pinned before.`, at: at(settings, "plugins", index, "name") });
    }
  },
});
