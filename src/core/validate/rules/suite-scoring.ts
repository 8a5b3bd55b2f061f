/** suite/scoring: a scoring weighs something, and each of its classes can be reached. */
import { at, defineEntryRule } from "../rule.ts";

export const suiteScoring = defineEntryRule({
  code: "suite/scoring",
  severity: "error",
  category: "invalid",
  summary:
    "A suite's scoring weighs nothing, names a case twice or none of the suite's, or has a class that no run can be of.",
  why: "A score over nothing is the same for every run, and a class that cannot be reached, or is always reached, decides nothing.",
  fix: "Give each check a case of the suite and a weight, and order the classes from the best to the one that asks for least.",
  kinds: ["TestSuite"],
  find(entry, _context, report) {
    const { scoring, cases = [] } = entry.value.spec;
    if (scoring === undefined) return;
    const { checks, classes = [], metric } = scoring;
    const wrong = (message: string, ...pointer: readonly (string | number)[]): void =>
      report({ message, at: at(entry, "spec", "scoring", ...pointer), subject: entry.ref });
    const total = checks.reduce((sum, { weight }) => sum + weight, 0);
    if (total === 0) wrong("Its checks weigh nothing.", "checks");
    checks.forEach(({ case: id }, index) => {
      if (checks.findIndex((each) => each.case === id) < index)
        wrong(`${JSON.stringify(id)} is a check already.`, "checks", index, "case");
      if (id === metric) wrong(`${JSON.stringify(id)} is the name of the score.`, "checks", index, "case");
      if (cases.length > 0 && !cases.some((one) => one.id === id))
        wrong(`The suite has no case ${JSON.stringify(id)}.`, "checks", index, "case");
    });
    classes.forEach(({ name, atLeast = 0, criticalFails = false }, index) => {
      if (classes.findIndex((each) => each.name === name) < index)
        wrong(`There is a class ${JSON.stringify(name)} already.`, "classes", index, "name");
      if (atLeast > total)
        wrong(`${name} asks for ${atLeast} points, and there are ${total}.`, "classes", index, "atLeast");
      const hides = classes
        .slice(0, index)
        .find((each) => (each.atLeast ?? 0) <= atLeast && (each.criticalFails === true || !criticalFails));
      if (hides !== undefined)
        wrong(`No run is ever ${name}: every one that could be is ${hides.name}.`, "classes", index);
    });
  },
});
