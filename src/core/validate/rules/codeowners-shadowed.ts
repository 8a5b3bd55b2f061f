/** codeowners/shadowed: every line of `ownership` decides about something. */
import { at, defineEntryRule } from "../rule.ts";
import { covers } from "../../govern/codeowners-pattern.ts";
import { patternOf } from "../../govern/ownership.ts";

export const codeownersShadowed = defineEntryRule({
  code: "codeowners/shadowed",
  severity: "warning",
  category: "invalid",
  summary: "A later line of `ownership` always overrides this one.",
  why: "The last line that matches a path decides alone, so the people of this line are never asked, although it looks as if they were.",
  fix: "Move the wider line before the narrower one, or remove the one that decides nothing.",
  example: {
    bad: 'ownership:\n  - { path: /registry/live/, roles: [role:release] }\n  - { path: "*", roles: [role:governance] }',
    good: 'ownership:\n  - { path: "*", roles: [role:governance] }\n  - { path: /registry/live/, roles: [role:release] }',
  },
  kinds: ["Registry"],
  find(entry, _context, report) {
    const lines = entry.value.ownership ?? [];
    const patterns = lines.map((line) => patternOf(line.path));
    patterns.forEach((inner, i) => {
      if (inner === undefined) return;
      const j = patterns.findIndex((outer, k) => k > i && outer !== undefined && covers(outer, inner));
      if (j < 0) return;
      report({
        message: `\`${lines[i]!.path}\` decides nothing: \`${lines[j]!.path}\` comes later and matches every path it matches.`,
        at: at(entry, "ownership", i),
        subject: entry.ref,
        related: [{ message: "the line that overrides it", at: at(entry, "ownership", j) }],
      });
    });
  },
});
