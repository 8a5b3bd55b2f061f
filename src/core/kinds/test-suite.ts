/** TestSuite: Test cases and benchmarks that targets are evaluated with. Its fields are in schemas/test-suite.schema.json. */
import { defineKind } from "./define.ts";
import { draftToRetired } from "./lifecycles.ts";

export const testSuite = defineKind({
  name: "TestSuite",
  prefix: "suite",
  folder: "suites",
  shape: "versioned",
  schema: "test-suite.schema.json",
  undeletable: true,
  summary: "Test cases and benchmarks that targets are evaluated with.",
  lifecycle: draftToRetired,
});
