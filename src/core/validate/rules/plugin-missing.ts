/** plugin/missing: what registry.yaml pins is there, as an ordinary file. */
import { pluginPath, pinsOf } from "../../plugin/pinned.ts";
import { at, defineRegistryRule } from "../rule.ts";

export const pluginMissing = defineRegistryRule({
  code: "plugin/missing",
  severity: "error",
  category: "invalid",
  summary: "registry.yaml pins a plugin that is not there.",
  why: "A check that is not there finds nothing, and nobody would notice.",
  fix: "Bring the file back, or take its pin out of `plugins`.",
  findAll({ registry }, report) {
    const settings = registry.ofKind("Registry")[0];
    if (settings === undefined) return;
    for (const [index, { name }] of pinsOf(registry).entries()) {
      const path = pluginPath(name);
      const mode = registry.tree.get(path)?.mode;
      if (mode === "100644") continue;
      const what = mode === undefined ? `There is no file ${path}.` : `${path} is no ordinary file.`;
      report({ message: what, at: at(settings, "plugins", index, "name") });
    }
  },
});
