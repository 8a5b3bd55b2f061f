/** activation/unknown-usecase: what is live serves a use case that exists. */
import { defineEntryRule } from "../rule.ts";

export const activationUnknownUsecase = defineEntryRule({
  code: "activation/unknown-usecase",
  severity: "error",
  category: "invalid",
  summary: "An Activation stands below a use case that does not exist.",
  why: "The use case says which gates a bundle must meet before it goes live; without it, nothing would be asked.",
  fix: "Correct the path, or add the use case (`assent new usecase <ns>/<name>`).",
  kinds: ["Activation"],
  find(entry, { registry }, report) {
    const ref = `usecase:${entry.ns}/${entry.name}`;
    if (registry.get(ref) !== undefined || registry.isBroken(ref)) return;
    report({ message: `${ref} does not exist.`, at: { file: entry.path }, subject: entry.ref });
  },
});
