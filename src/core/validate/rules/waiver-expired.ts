/** waiver/expired: a waiver has ended. A warning: only the clock makes it so, and what it covered is judged again. */
import { isExpired } from "../../policy/waivers.ts";
import { at, defineEntryRule } from "../rule.ts";

export const waiverExpired = defineEntryRule({
  code: "waiver/expired",
  severity: "warning",
  category: "invalid",
  summary: "A waiver has ended.",
  why: "What it excused counts as violated again, and the file suggests otherwise to whoever reads it.",
  fix: "Remove the waiver, or have a new end approved.",
  kinds: ["Waiver"],
  find(entry, { asOf }, report) {
    if (!isExpired(entry, asOf)) return;
    report({
      message: `The waiver ended on ${entry.value.expires}.`,
      at: at(entry, "expires"),
      subject: entry.ref,
    });
  },
});
