/** Rules about bundles, their receipts and Evaluations: each with invalid and valid examples. */
import { describe, expect, it } from "vitest";
import { implies, meets } from "../../src/core/model/bar.ts";
import type { Rule } from "../../src/core/validate/rule.ts";
import { bundleEvaluationTarget } from "../../src/core/validate/rules/bundle-evaluation-target.ts";
import { bundleProvenance } from "../../src/core/validate/rules/bundle-provenance.ts";
import { bundleReceiptDisagrees } from "../../src/core/validate/rules/bundle-receipt-disagrees.ts";
import { bundleReceiptMissingGate } from "../../src/core/validate/rules/bundle-receipt-missing-gate.ts";
import { bundleReceiptNotPass } from "../../src/core/validate/rules/bundle-receipt-not-pass.ts";
import { bundleReceiptObserved } from "../../src/core/validate/rules/bundle-receipt-observed.ts";
import { bundleReceiptVacuous } from "../../src/core/validate/rules/bundle-receipt-vacuous.ts";
import { bundleUsecaseMissing } from "../../src/core/validate/rules/bundle-usecase-missing.ts";
import { evaluationDigest } from "../../src/core/validate/rules/evaluation-digest.ts";
import { evaluationRunName } from "../../src/core/validate/rules/evaluation-run-name.ts";
import { evaluationSummary } from "../../src/core/validate/rules/evaluation-summary.ts";
import { evaluationTargetKind } from "../../src/core/validate/rules/evaluation-target-kind.ts";
import { registryOfValues } from "../registry-of-values.ts";
import {
  bundle,
  bundleOf,
  evaluation,
  gate,
  one,
  receipt,
  run,
  runOf,
  second,
  usecase,
  type Values,
  world,
} from "./bundle-world.ts";
import { foundBy } from "./found.ts";

type Row = readonly [string, Rule, Values, string[]];
const rows: readonly Row[] = [
  [
    "FAIL",
    bundleReceiptNotPass,
    receipt({ decision: "FAIL" }),
    [`bundle/receipt-not-pass ${bundle("1.0.0")} /gateReceipt/decision`],
  ],
  ["PASS", bundleReceiptNotPass, world, []],

  [
    "passed although it is not",
    bundleReceiptDisagrees,
    receipt({ gates: [{ ...gate, observed: 0.8 }] }),
    [
      `bundle/receipt-disagrees ${bundle("1.0.0")} /gateReceipt/decision`,
      `bundle/receipt-disagrees ${bundle("1.0.0")} /gateReceipt/gates/0/passed`,
    ],
  ],
  [
    "PASS over a gate that says it failed",
    bundleReceiptDisagrees,
    receipt({ gates: [gate, { ...gate, observed: 0.8, passed: false }] }),
    [`bundle/receipt-disagrees ${bundle("1.0.0")} /gateReceipt/decision`],
  ],
  [
    "not passed although it is",
    bundleReceiptDisagrees,
    receipt({ gates: [{ ...gate, passed: false }] }),
    [`bundle/receipt-disagrees ${bundle("1.0.0")} /gateReceipt/gates/0/passed`],
  ],
  ["a receipt that agrees with itself", bundleReceiptDisagrees, world, []],

  [
    "an empty receipt",
    bundleReceiptVacuous,
    receipt({ gates: [] }),
    [`bundle/receipt-vacuous ${bundle("1.0.0")} /gateReceipt/gates`],
  ],
  [
    "a receipt without gates",
    bundleReceiptVacuous,
    receipt({ gates: undefined }),
    [`bundle/receipt-vacuous ${bundle("1.0.0")} /gateReceipt`],
  ],
  [
    "an empty receipt of a rejected bundle",
    bundleReceiptVacuous,
    { ...world, ...bundleOf("1.0.0", { receipt: { gates: [] }, state: "rejected" }) },
    [],
  ],
  [
    "an empty receipt where nothing is asked",
    bundleReceiptVacuous,
    { ...receipt({ gates: [] }), [usecase]: { ...world[usecase], gates: [] } },
    [],
  ],

  [
    "a gate that holds everywhere is not answered",
    bundleReceiptMissingGate,
    receipt({ gates: [{ ...gate, metric: "f1" }] }),
    [`bundle/receipt-missing-gate warning ${bundle("1.0.0")} /gateReceipt/gates`],
  ],
  [
    "a looser answer",
    bundleReceiptMissingGate,
    receipt({ gates: [{ ...gate, threshold: 0.5 }] }),
    [`bundle/receipt-missing-gate warning ${bundle("1.0.0")} /gateReceipt/gates`],
  ],
  [
    "a stricter answer; prod's own gate need not be there",
    bundleReceiptMissingGate,
    receipt({ gates: [{ ...gate, threshold: 0.7 }] }),
    [],
  ],

  [
    "another value than measured",
    bundleReceiptObserved,
    receipt({ gates: [{ ...gate, observed: 0.99 }] }),
    [`bundle/receipt-observed ${bundle("1.0.0")} /gateReceipt/gates/0/observed`],
  ],
  [
    "nothing cited",
    bundleReceiptObserved,
    receipt({ evaluations: [] }),
    [`bundle/receipt-observed ${bundle("1.0.0")} /gateReceipt/gates/0/observed`],
  ],
  [
    "a run of other content",
    bundleReceiptObserved,
    evaluation({ targetDigest: `sha256:${"0".repeat(64)}` }),
    [`bundle/receipt-observed ${bundle("1.0.0")} /gateReceipt/gates/0/observed`],
  ],
  [
    "a run that broke",
    bundleReceiptObserved,
    evaluation({ status: "error" }),
    [`bundle/receipt-observed ${bundle("1.0.0")} /gateReceipt/gates/0/observed`],
  ],
  [
    "the worse of two cited runs is left out",
    bundleReceiptObserved,
    {
      ...receipt({ evaluations: ["evaluation:a/b/1.0.0-r1", "evaluation:a/b/r2"] }),
      ...runOf(one, "1.0.0", "r2", { metrics: { auc: 0.5 } }),
    },
    [`bundle/receipt-observed ${bundle("1.0.0")} /gateReceipt/evaluations/1`],
  ],
  [
    "both cited runs observed",
    bundleReceiptObserved,
    {
      ...receipt({
        gates: [gate, { ...gate, observed: 0.95 }],
        evaluations: ["evaluation:a/b/1.0.0-r1", "evaluation:a/b/r2"],
      }),
      ...runOf(one, "1.0.0", "r2", { metrics: { auc: 0.95, f1: 1 } }),
    },
    [],
  ],
  ["the measured value", bundleReceiptObserved, world, []],

  [
    "a run of another version",
    bundleEvaluationTarget,
    { ...second({ receipt: { evaluations: ["evaluation:a/b/1.0.0-r1"] } }) },
    [`bundle/evaluation-target ${bundle("2.0.0")} /gateReceipt/evaluations/0`],
  ],
  ["its own run", bundleEvaluationTarget, second({}), []],

  [
    "weights of no data",
    bundleProvenance,
    {
      ...world,
      ...bundleOf("1.0.0", {
        spec: {
          artifacts: [{ role: "model_weights", uri: "s3://x", digest: "x" }],
          provenance: { trainingRun: "r", datasets: [] },
        },
      }),
    },
    [`bundle/provenance ${bundle("1.0.0")} /spec/provenance/datasets`],
  ],
  [
    "weights of named data",
    bundleProvenance,
    {
      ...world,
      ...bundleOf("1.0.0", {
        spec: {
          artifacts: [{ role: "model_weights", uri: "s3://x", digest: "x" }],
          provenance: { trainingRun: "r", datasets: ["dataset:a/d@1.0.0"] },
        },
      }),
    },
    [],
  ],
  ["a prompt of no data", bundleProvenance, world, []],

  ["no use case", bundleUsecaseMissing, one, [`bundle/usecase-missing ${bundle("1.0.0")}`]],
  ["a use case", bundleUsecaseMissing, world, []],

  [
    "another digest",
    evaluationDigest,
    evaluation({ targetDigest: `sha256:${"0".repeat(64)}` }),
    [`evaluation/digest ${run("1.0.0-r1")} /targetDigest`],
  ],
  [
    "the digest, and a target that is missing",
    evaluationDigest,
    { ...world, ...runOf(one, "9.0.0", "r9") },
    [],
  ],

  [
    "a summary that does not add up",
    evaluationSummary,
    evaluation({
      cases: [
        { id: "a", status: "passed" },
        { id: "b", status: "skipped" },
      ],
      summary: { total: 3, passed: 1, failed: 0, errors: 1, skipped: 0 },
    }),
    ["errors", "skipped", "total"].map((key) => `evaluation/summary ${run("1.0.0-r1")} /summary/${key}`),
  ],
  [
    "passed with a failed case",
    evaluationSummary,
    evaluation({ cases: [{ id: "a", status: "failed" }] }),
    [`evaluation/summary ${run("1.0.0-r1")} /status`],
  ],
  [
    "a summary that does",
    evaluationSummary,
    evaluation({
      status: "failed",
      cases: [
        { id: "a", status: "error" },
        { id: "b", status: "failed" },
      ],
      summary: { total: 2, passed: 0, failed: 1, errors: 1, skipped: 0 },
    }),
    [],
  ],
  [
    "a summary without cases",
    evaluationSummary,
    evaluation({ summary: { total: 3, passed: 3, failed: 0, errors: 0, skipped: 0 } }),
    [],
  ],

  [
    "a suite for models",
    evaluationTargetKind,
    { ...world, "registry/suites/a/s/1.0.0.yaml": { spec: { targets: ["Model"] } } },
    [`evaluation/target-kind ${run("1.0.0-r1")} /target`],
  ],
  ["a suite for bundles", evaluationTargetKind, world, []],
  [
    "a suite for anything",
    evaluationTargetKind,
    { ...world, "registry/suites/a/s/1.0.0.yaml": { spec: {} } },
    [],
  ],

  [
    "beside another target",
    evaluationRunName,
    evaluation({ target: "bundle:a/c@1.0.0" }),
    [`evaluation/run-name ${run("1.0.0-r1")} /target`],
  ],
  [
    "another version in the name",
    evaluationRunName,
    evaluation({}, "2.0.0-s-20260601t090000z"),
    [`evaluation/run-name warning ${run("2.0.0-s-20260601t090000z")} /target`],
  ],
  [
    "another suite in the name",
    evaluationRunName,
    evaluation({}, "1.0.0-t-20260601t090000z"),
    [`evaluation/run-name warning ${run("1.0.0-t-20260601t090000z")} /suite`],
  ],
  [
    "another time in the name",
    evaluationRunName,
    evaluation({}, "1.0.0-s-20260601t090001z"),
    [`evaluation/run-name warning ${run("1.0.0-s-20260601t090001z")} /executedAt`],
  ],
  [
    "the tool's name, and a free one",
    evaluationRunName,
    evaluation({ executedAt: "2026-06-01T09:00:00.123Z" }, "1.0.0-s-20260601t090000z"),
    [],
  ],
];

describe("rules about bundles and their runs", () => {
  it.each(rows)("%s (%#)", (_, rule, values, expected) => {
    expect(foundBy(rule, registryOfValues(values))).toEqual(expected);
  });
});

describe("bars", () => {
  const values = [0.4, 0.5, 0.6];
  const operators = [">=", ">", "<=", "<", "==", "!="] as const;
  it("one implies another only if every value that meets the one meets the other", () => {
    const samples = [0, 0.4, 0.45, 0.5, 0.55, 0.6, 1];
    for (const a of operators)
      for (const b of operators)
        for (const x of values)
          for (const y of values) {
            const [strict, bar] = [
              { metric: "m", operator: a, threshold: x },
              { metric: "m", operator: b, threshold: y },
            ];
            const holds = samples.every((value) => !meets(value, strict) || meets(value, bar));
            expect([strict, bar, implies(strict, bar)]).toEqual([strict, bar, holds]);
            expect(implies({ ...strict, metric: "other" }, bar)).toBe(false);
          }
  });
  it("nothing that is no number meets a bar", () => {
    for (const operator of operators)
      expect(meets(Number.NaN, { metric: "m", operator, threshold: 0 })).toBe(false);
  });
});
