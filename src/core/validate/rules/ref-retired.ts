/** ref/retired: nothing that is still in use refers to what has come to its end (DESIGN 4). */
import { at, defineReferenceRule } from "../rule.ts";
import { isAtItsEnd, relies, stateOf } from "../states.ts";

export const refRetired = defineReferenceRule({
  code: "ref/retired",
  severity: "error",
  category: "invalid",
  summary: "An entry that is in use refers to something retired, rejected or archived.",
  why: "Whoever retires something must first have taken it out of use; whoever builds on it would build on nothing.",
  fix: "Refer to its replacement, or retire the entry that refers to it first.",
  findReference({ ref, pointer }, target, entry, _context, report) {
    if (target === undefined || !isAtItsEnd(target) || isAtItsEnd(entry) || !relies(entry, pointer)) return;
    report({
      message: `${ref} is ${stateOf(target)}, but ${entry.ref} refers to it.`,
      at: at(entry, ...pointer),
      subject: entry.ref,
    });
  },
});
