/** Cases about what an Evaluation tells of the cases of its suite. */
import { parse } from "yaml";
import { digestOf } from "../../src/core/model/digest.ts";
import type { Case, Files } from "./case.ts";

const model = "spec:\n  provider: provider:acme\n  upstreamId: m\n  type: classification\n";
const digest = digestOf({ kind: "Model", id: "acme/m@1.0.0", value: parse(model) as object });

const suite = (spec: string): Files => ({
  "registry/models/acme/m/1.0.0.yaml": model,
  "registry/suites/acme/s/1.0.0.yaml": `state: active\nspec: ${spec}\n`,
});
const run = (cases: string): Files => ({
  "registry/evaluations/acme/m/1.0.0-s-20260601t090000z.yaml": `suite: suite:acme/s@1.0.0\ntarget: model:acme/m@1.0.0\ntargetDigest: ${digest}\nexecutedAt: "2026-06-01T09:00:00Z"\nstatus: passed\ncases:\n${cases}metrics: { auc: 0.9 }\n`,
});
const result = (id: string): string => `  - { id: ${id}, status: passed }\n`;
const two = "{ cases: [{ id: first, type: functional }, { id: second, type: functional }] }";

export const evaluations: readonly Case[] = [
  {
    name: "a run of its suite's cases, one left out",
    files: { ...suite(two), ...run(result("second")) },
  },
  {
    name: "a case told twice",
    files: { ...suite(two), ...run(result("first") + result("⟦evaluation/duplicate-case|first⟧")) },
  },
  {
    name: "a case that the suite does not have",
    files: { ...suite(two), ...run(result("first") + result("⟦evaluation/unknown-case|secnd⟧")) },
  },
  {
    name: "a suite that lists no cases leaves them to the run",
    files: { ...suite("{ targets: [Model] }"), ...run(result("any")) },
  },
];
