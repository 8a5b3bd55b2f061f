/** ref/own-range: a version does not depend on itself. */
import { highestWithin, isRange } from "../../model/version.ts";
import { at, defineReferenceRule } from "../rule.ts";

export const refOwnRange = defineReferenceRule({
  code: "ref/own-range",
  severity: "error",
  category: "invalid",
  summary: "A version depends on a range of its own name that contains itself.",
  why: "The highest version in the range is what a dependency means, and that would be the version that asks: it would need itself before it can work.",
  fix: "End the range below the version that asks, or depend on what was really meant.",
  findReference({ ref, range, pointer }, _target, entry, _context, report) {
    if (range === null || entry.version === null) return;
    if (entry.ref !== `${ref}@${entry.version}` || !isRange(range)) return;
    if (highestWithin([entry.version], range) === undefined) return;
    report({
      message: `${entry.ref} depends on "${range}" of its own name, which contains ${entry.version} itself.`,
      hint: `Write a range that ends below it, such as "<${entry.version}".`,
      at: at(entry, ...pointer, "version"),
      subject: entry.ref,
    });
  },
});
