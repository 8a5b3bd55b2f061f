/** alias/target: an alias names a version that exists and is still in use. */
import { at, defineEntryRule } from "../rule.ts";
import { isAtItsEnd, stateOf } from "../states.ts";

export const aliasTarget = defineEntryRule({
  code: "alias/target",
  severity: "error",
  category: "invalid",
  summary: "An alias points at a version that does not exist or has come to its end.",
  why: "Whoever asks for the alias on the command line or at the service would get an error, or something nobody may use.",
  fix: "Point the alias at a version that exists and is not retired, or remove it.",
  kinds: ["Aliases"],
  find(entry, { registry }, report) {
    const prefix = entry.id.slice(0, entry.id.indexOf("/"));
    for (const [alias, version] of Object.entries(entry.value.aliases)) {
      const ref = `${prefix}:${entry.ns}/${entry.name}@${version}`;
      const target = registry.get(ref);
      if (target === undefined && registry.isBroken(ref)) continue;
      if (target === undefined) {
        report({
          message: `"${alias}" points at ${ref}, which does not exist.`,
          at: at(entry, "aliases", alias),
          subject: entry.ref,
        });
      } else if (isAtItsEnd(target)) {
        report({
          message: `"${alias}" points at ${ref}, which is ${stateOf(target)}.`,
          at: at(entry, "aliases", alias),
          subject: entry.ref,
        });
      }
    }
  },
});
