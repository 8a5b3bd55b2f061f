/** plugin/digest: a plugin's file is the one that registry.yaml pins. */
import { digestOfBytes } from "../../model/digest.ts";
import { pluginPath, pinsOf } from "../../plugin/pinned.ts";
import { at, defineRegistryRule } from "../rule.ts";

export const pluginDigest = defineRegistryRule({
  code: "plugin/digest",
  severity: "error",
  category: "invalid",
  summary: "A plugin's file is not the one that registry.yaml pins.",
  why: "The pin is what the registry's owners agreed to. A file that differs is never run, so its checks would be missing.",
  fix: "Take the change of the file back, or pin it: assent plugin add <name>. The pin is a change of the rules.",
  findAll({ registry }, report) {
    const settings = registry.ofKind("Registry")[0];
    if (settings === undefined) return;
    for (const [index, { name, digest }] of pinsOf(registry).entries()) {
      const path = pluginPath(name);
      const file = registry.tree.get(path);
      if (file === undefined || file.mode === "160000") continue;
      const found = digestOfBytes(file.read());
      if (found === digest) continue;
      report({
        message: `${path} has the digest ${found}, not ${digest}.`,
        at: at(settings, "plugins", index, "digest"),
        related: [{ message: "the file", at: { file: path } }],
      });
    }
  },
});
