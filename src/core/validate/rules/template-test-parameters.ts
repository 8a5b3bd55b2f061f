/** template/test-parameters: the parameters of a Template's tests fit its parameters' schema. */
import { compileJsonSchema } from "../json-schema.ts";
import { defineEntryRule } from "../rule.ts";
import { sentence } from "../sentence.ts";

export const templateTestParameters = defineEntryRule({
  code: "template/test-parameters",
  severity: "error",
  category: "invalid",
  summary: "A test of a Template uses parameters that its schema refuses.",
  why: "The test shows how the template is meant to be used, and nobody could use it so.",
  fix: "Correct the test's parameters, or the schema.",
  kinds: ["Template"],
  find(entry, _context, report) {
    const { parameters, tests = [], extends: base } = entry.value.spec;
    // A template that extends another one takes that one's parameters as well.
    if (parameters === undefined || base !== undefined) return;
    tests.forEach((test, index) => {
      for (const { pointer, part, message, hint } of compileJsonSchema(parameters).check?.(test.parameters) ??
        []) {
        const at = {
          file: entry.path,
          pointer: ["spec", "tests", index, "parameters", ...pointer],
          ...(part !== undefined && { part }),
        };
        report({
          message: sentence(message),
          ...(hint !== undefined && { hint: sentence(hint) }),
          at,
          subject: entry.ref,
        });
      }
    });
  },
});
