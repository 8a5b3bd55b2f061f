/** alias/reserved: `latest` is never resolved, so it cannot be an alias (DESIGN 2.2). */
import { atKey, defineEntryRule } from "../rule.ts";
import { isVersion } from "../../model/ref.ts";

export const aliasReserved = defineEntryRule({
  code: "alias/reserved",
  severity: "error",
  category: "invalid",
  summary: "An alias is called `latest`, or looks like a version.",
  why: "Nothing is ever chosen by time, so `latest` may be shown but never resolved; an alias that looks like a version would be mistaken for one.",
  fix: "Say what the alias is for: `stable`, `canary`, `default`.",
  kinds: ["Aliases"],
  find(entry, _context, report) {
    for (const alias of Object.keys(entry.value.aliases)) {
      if (alias !== "latest" && !isVersion(alias)) continue;
      report({
        message: `"${alias}" cannot be an alias.`,
        at: atKey(entry, "aliases", alias),
        subject: entry.ref,
      });
    }
  },
});
