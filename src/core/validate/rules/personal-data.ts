/** personal/data: no e-mail addresses or telephone numbers in entries (DESIGN 9). */
import { defineRegistryRule } from "../rule.ts";
import { searchRaw } from "../raw-text.ts";

// `score@1.0.0-rc.ab` in a reference is no address: what stands before the local part must not continue a path.
const email = "(?<![A-Za-z0-9._%+/@:-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9@])";
const phone = "(?<![A-Za-z0-9+])\\+[1-9][0-9]{0,2}(?:[ ./-]?\\(?[0-9]{2,4}\\)?){3,5}(?![0-9A-Za-z])";
const either = new RegExp(`${email}|${phone}`, "g");

export const personalData = defineRegistryRule({
  code: "personal/data",
  severity: "warning",
  category: "invalid",
  summary: "An e-mail address or a telephone number stands in the registry.",
  why: "The registry's history is kept for years and cannot be edited, so a person's data could never be erased from it.",
  fix: "Refer to a person by identity or role (`identity:<name>`), or by `emailDigests`; link to a contact page for the rest.",
  findAll({ registry }, report) {
    for (const { file, start, end, text } of searchRaw(registry.tree, either)) {
      const what = text.includes("@") ? "an e-mail address" : "a telephone number";
      report({ message: `This looks like ${what}.`, at: { file, span: { start, end } } });
    }
  },
});
