/** bundle/usecase-missing: a bundle serves a use case. */
import { defineEntryRule } from "../rule.ts";

export const bundleUsecaseMissing = defineEntryRule({
  code: "bundle/usecase-missing",
  severity: "error",
  category: "invalid",
  summary: "The use case of a bundle does not exist.",
  why: "A bundle's namespace and name are those of its use case, which says what it is for, how risky that is and which gates it must meet; without it, nothing would be asked of the bundle.",
  fix: "Add the use case (`assent new usecase <ns>/<name>`), or publish the bundle under the name of the one it serves.",
  kinds: ["Bundle"],
  find(entry, { registry }, report) {
    const ref = `usecase:${entry.ns}/${entry.name}`;
    if (registry.get(ref) !== undefined || registry.isBroken(ref)) return;
    report({ message: `${ref} does not exist.`, at: { file: entry.path }, subject: entry.ref });
  },
});
