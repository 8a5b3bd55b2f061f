/** secret/token: nothing that looks like a credential stands anywhere in the registry. */
import { defineRegistryRule } from "../rule.ts";
import { firstOfEach, moreInWords } from "../first-of-many.ts";
import { type RawMatch, searchRaw } from "../raw-text.ts";
import { tokens } from "../raw-patterns.ts";

export const secretToken = defineRegistryRule({
  code: "secret/token",
  severity: "error",
  category: "invalid",
  summary: "Something that looks like a credential stands in the registry.",
  why: "Git never forgets: whoever can read the repository, now or later, has the secret. Entries name environment variables, never their values.",
  fix: "Revoke the credential, remove it from the file and from history, and name the environment variable that holds the new one.",
  isByFile: true,
  findAll(context, report) {
    const matches: RawMatch[] = [];
    searchRaw(context, tokens, (match) => matches.push(match));
    for (const { match, more } of firstOfEach(matches)) {
      const { file, start, end, text, name } = match;
      // Only the first characters are shown: the finding is printed in logs that more people can read.
      const message = `This looks like ${name} ("${text.slice(0, 6)}...").${moreInWords(more)}`;
      report({ message, at: { file, span: { start, end } } });
    }
  },
});
