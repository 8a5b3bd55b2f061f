/** personal/data: no e-mail addresses or telephone numbers in entries (DESIGN 9). */
import { defineRegistryRule } from "../rule.ts";
import { personal } from "../raw-patterns.ts";
import { firstOfEach, moreInWords } from "../first-of-many.ts";
import { type RawMatch, searchRaw } from "../raw-text.ts";

export const personalData = defineRegistryRule({
  code: "personal/data",
  severity: "warning",
  category: "invalid",
  summary: "An e-mail address or a telephone number stands in the registry.",
  why: "The registry's history is kept for years and cannot be edited, so a person's data could never be erased from it.",
  fix: "Refer to a person by identity or role (`identity:<name>`), or by `emailDigests`; link to a contact page for the rest.",
  isByFile: true,
  findAll(context, report) {
    const matches: RawMatch[] = [];
    searchRaw(context, personal, (match) => matches.push(match));
    for (const { match, more } of firstOfEach(matches)) {
      const { file, start, end, name } = match;
      report({ message: `This looks like ${name}.${moreInWords(more)}`, at: { file, span: { start, end } } });
    }
  },
});
