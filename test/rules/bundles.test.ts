/** Rules about bundles, their receipts, Evaluations, Activations and use cases: each with invalid and valid examples. */
import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/core/model/digest.ts";
import { implies, meets } from "../../src/core/validate/gates.ts";
import type { Rule } from "../../src/core/validate/rule.ts";
import { activationBundleMissing } from "../../src/core/validate/rules/activation-bundle-missing.ts";
import { activationDefaultTenant } from "../../src/core/validate/rules/activation-default-tenant.ts";
import { activationFallbackIncompatible } from "../../src/core/validate/rules/activation-fallback-incompatible.ts";
import { activationFallbackIsLive } from "../../src/core/validate/rules/activation-fallback-is-live.ts";
import { activationFallbackMissing } from "../../src/core/validate/rules/activation-fallback-missing.ts";
import { activationFallbackNotApproved } from "../../src/core/validate/rules/activation-fallback-not-approved.ts";
import { activationGatesUnmet } from "../../src/core/validate/rules/activation-gates-unmet.ts";
import { activationIncompatible } from "../../src/core/validate/rules/activation-incompatible.ts";
import { activationNotApproved } from "../../src/core/validate/rules/activation-not-approved.ts";
import { activationUnknownEnvironment } from "../../src/core/validate/rules/activation-unknown-environment.ts";
import { activationUnknownUsecase } from "../../src/core/validate/rules/activation-unknown-usecase.ts";
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
import { usecaseExpectedNotLive } from "../../src/core/validate/rules/usecase-expected-not-live.ts";
import { usecaseExpectedUnresolved } from "../../src/core/validate/rules/usecase-expected-unresolved.ts";
import { registryOfValues } from "../registry-of-values.ts";
import { foundBy } from "./found.ts";

const bundle = (version: string): string => `registry/bundles/a/b/${version}.yaml`;
const run = (name: string): string => `registry/evaluations/a/b/${name}.yaml`;
const live = (scope: string): string => `registry/live/${scope}.yaml`;
const usecase = "registry/usecases/a/b.yaml";
const settings = "registry/registry.yaml";
const environment = (name: string): string => `registry/governance/environments/${name}.yaml`;

type Values = Record<string, object>;
interface BundleParts {
  readonly spec?: object;
  readonly receipt?: object;
  readonly state?: string;
}

const gate = { metric: "auc", operator: ">=", threshold: 0.9, observed: 0.93, passed: true };

/** A bundle that is approved, with one gate observed by run r1. */
function bundleOf(version: string, { spec = {}, receipt = {}, state = "approved" }: BundleParts = {}): Values {
  return {
    [bundle(version)]: {
      state,
      spec: { artifacts: [{ role: "prompt", text: version }], provenance: { codeRevision: "0123456" }, ...spec },
      gateReceipt: { decision: "PASS", gates: [gate], evaluations: [`evaluation:a/b/${version}-r1`], ...receipt },
    },
  };
}

/** A run of a bundle among `values`, with the digest recomputed. */
function runOf(values: Values, version: string, name: string, more: object = {}): Values {
  const value = values[bundle(version)];
  const targetDigest = value === undefined ? `sha256:${"0".repeat(64)}` : digestOf({ kind: "Bundle", id: `a/b@${version}`, value });
  return {
    [run(name)]: {
      suite: "suite:a/s@1.0.0",
      target: `bundle:a/b@${version}`,
      targetDigest,
      executedAt: "2026-06-01T09:00:00Z",
      status: "passed",
      metrics: { auc: 0.93 },
      ...more,
    },
  };
}

/** One use case with two environments; 1.0.0 is live in both, with run r1. */
const one = bundleOf("1.0.0");
const world: Values = {
  ...one,
  ...runOf(one, "1.0.0", "1.0.0-r1"),
  [usecase]: {
    owner: "role:x",
    purpose: "x",
    riskTier: "low",
    expected: ["dev", "prod", "prod/acme"],
    gates: [{ metric: "auc", operator: ">=", threshold: 0.6 }, { metric: "auc", operator: ">=", threshold: 0.9, environments: ["environment:prod"] }],
  },
  [settings]: { id: "x", resolution: { inherit: true }, platform: { featureGroups: { core: ["v1"] }, capabilities: ["fast"] } },
  [environment("dev")]: { rank: 1 },
  [environment("prod")]: { rank: 2 },
  [live("dev/a/b")]: { bundle: "1.0.0", reason: "x" },
  [live("prod/a/b")]: { bundle: "1.0.0", reason: "x" },
  "registry/suites/a/s/1.0.0.yaml": { spec: { targets: ["Bundle"] } },
};

const receipt = (parts: object): Values => ({ ...world, ...bundleOf("1.0.0", { receipt: parts }) });
/** Another version beside 1.0.0, with its run. */
function second(parts: BundleParts, metrics: object = { auc: 0.95 }): Values {
  const two = bundleOf("2.0.0", parts);
  return { ...world, ...two, ...runOf(two, "2.0.0", "2.0.0-r1", { metrics }) };
}
const needy = { spec: { compatibility: { featureGroups: { core: "v2", extra: "v1" }, requires: ["fast", "slow"] } } };
const activate = (values: Values, scope: string, value: object): Values => ({ ...values, [live(scope)]: { reason: "x", ...value } });
const evaluation = (more: object, name = "1.0.0-r1"): Values => ({ ...world, ...runOf(one, "1.0.0", name, more) });

type Row = readonly [string, Rule, Values, string[]];
const rows: readonly Row[] = [
  ["FAIL", bundleReceiptNotPass, receipt({ decision: "FAIL" }), [`bundle/receipt-not-pass ${bundle("1.0.0")} /gateReceipt/decision`]],
  ["PASS", bundleReceiptNotPass, world, []],

  ["passed although it is not", bundleReceiptDisagrees, receipt({ gates: [{ ...gate, observed: 0.8 }] }),
    [`bundle/receipt-disagrees ${bundle("1.0.0")} /gateReceipt/decision`, `bundle/receipt-disagrees ${bundle("1.0.0")} /gateReceipt/gates/0/passed`]],
  ["PASS over a gate that says it failed", bundleReceiptDisagrees, receipt({ gates: [gate, { ...gate, observed: 0.8, passed: false }] }), [`bundle/receipt-disagrees ${bundle("1.0.0")} /gateReceipt/decision`]],
  ["not passed although it is", bundleReceiptDisagrees, receipt({ gates: [{ ...gate, passed: false }] }), [`bundle/receipt-disagrees ${bundle("1.0.0")} /gateReceipt/gates/0/passed`]],
  ["a receipt that agrees with itself", bundleReceiptDisagrees, world, []],

  ["an empty receipt", bundleReceiptVacuous, receipt({ gates: [] }), [`bundle/receipt-vacuous ${bundle("1.0.0")} /gateReceipt/gates`]],
  ["a receipt without gates", bundleReceiptVacuous, receipt({ gates: undefined }), [`bundle/receipt-vacuous ${bundle("1.0.0")} /gateReceipt`]],
  ["an empty receipt of a rejected bundle", bundleReceiptVacuous, { ...world, ...bundleOf("1.0.0", { receipt: { gates: [] }, state: "rejected" }) }, []],
  ["an empty receipt where nothing is asked", bundleReceiptVacuous, { ...receipt({ gates: [] }), [usecase]: { ...world[usecase], gates: [] } }, []],

  ["a gate that holds everywhere is not answered", bundleReceiptMissingGate, receipt({ gates: [{ ...gate, metric: "f1" }] }), [`bundle/receipt-missing-gate warning ${bundle("1.0.0")} /gateReceipt/gates`]],
  ["a looser answer", bundleReceiptMissingGate, receipt({ gates: [{ ...gate, threshold: 0.5 }] }), [`bundle/receipt-missing-gate warning ${bundle("1.0.0")} /gateReceipt/gates`]],
  ["a stricter answer; prod's own gate need not be there", bundleReceiptMissingGate, receipt({ gates: [{ ...gate, threshold: 0.7 }] }), []],

  ["another value than measured", bundleReceiptObserved, receipt({ gates: [{ ...gate, observed: 0.99 }] }), [`bundle/receipt-observed ${bundle("1.0.0")} /gateReceipt/gates/0/observed`]],
  ["nothing cited", bundleReceiptObserved, receipt({ evaluations: [] }), [`bundle/receipt-observed ${bundle("1.0.0")} /gateReceipt/gates/0/observed`]],
  ["a run of other content", bundleReceiptObserved, evaluation({ targetDigest: `sha256:${"0".repeat(64)}` }), [`bundle/receipt-observed ${bundle("1.0.0")} /gateReceipt/gates/0/observed`]],
  ["a run that broke", bundleReceiptObserved, evaluation({ status: "error" }), [`bundle/receipt-observed ${bundle("1.0.0")} /gateReceipt/gates/0/observed`]],
  ["the worse of two cited runs is left out", bundleReceiptObserved,
    { ...receipt({ evaluations: ["evaluation:a/b/1.0.0-r1", "evaluation:a/b/r2"] }), ...runOf(one, "1.0.0", "r2", { metrics: { auc: 0.5 } }) }, [`bundle/receipt-observed ${bundle("1.0.0")} /gateReceipt/evaluations/1`]],
  ["both cited runs observed", bundleReceiptObserved,
    { ...receipt({ gates: [gate, { ...gate, observed: 0.95 }], evaluations: ["evaluation:a/b/1.0.0-r1", "evaluation:a/b/r2"] }), ...runOf(one, "1.0.0", "r2", { metrics: { auc: 0.95, f1: 1 } }) }, []],
  ["the measured value", bundleReceiptObserved, world, []],

  ["a run of another version", bundleEvaluationTarget, { ...second({ receipt: { evaluations: ["evaluation:a/b/1.0.0-r1"] } }) }, [`bundle/evaluation-target ${bundle("2.0.0")} /gateReceipt/evaluations/0`]],
  ["its own run", bundleEvaluationTarget, second({}), []],

  ["weights of no data", bundleProvenance, { ...world, ...bundleOf("1.0.0", { spec: { artifacts: [{ role: "model_weights", uri: "s3://x", digest: "x" }], provenance: { trainingRun: "r", datasets: [] } } }) },
    [`bundle/provenance ${bundle("1.0.0")} /spec/provenance/datasets`]],
  ["weights of named data", bundleProvenance, { ...world, ...bundleOf("1.0.0", { spec: { artifacts: [{ role: "model_weights", uri: "s3://x", digest: "x" }], provenance: { trainingRun: "r", datasets: ["dataset:a/d@1.0.0"] } } }) }, []],
  ["a prompt of no data", bundleProvenance, world, []],

  ["no use case", bundleUsecaseMissing, one, [`bundle/usecase-missing ${bundle("1.0.0")}`]],
  ["a use case", bundleUsecaseMissing, world, []],

  ["another digest", evaluationDigest, evaluation({ targetDigest: `sha256:${"0".repeat(64)}` }), [`evaluation/digest ${run("1.0.0-r1")} /targetDigest`]],
  ["the digest, and a target that is missing", evaluationDigest, { ...world, ...runOf(one, "9.0.0", "r9") }, []],

  ["a summary that does not add up", evaluationSummary,
    evaluation({ cases: [{ id: "a", status: "passed" }, { id: "b", status: "skipped" }], summary: { total: 3, passed: 1, failed: 0, errors: 1, skipped: 0 } }),
    ["errors", "skipped", "total"].map((key) => `evaluation/summary ${run("1.0.0-r1")} /summary/${key}`)],
  ["passed with a failed case", evaluationSummary, evaluation({ cases: [{ id: "a", status: "failed" }] }), [`evaluation/summary ${run("1.0.0-r1")} /status`]],
  ["a summary that does", evaluationSummary,
    evaluation({ status: "failed", cases: [{ id: "a", status: "error" }, { id: "b", status: "failed" }], summary: { total: 2, passed: 0, failed: 1, errors: 1, skipped: 0 } }), []],
  ["a summary without cases", evaluationSummary, evaluation({ summary: { total: 3, passed: 3, failed: 0, errors: 0, skipped: 0 } }), []],

  ["a suite for models", evaluationTargetKind, { ...world, "registry/suites/a/s/1.0.0.yaml": { spec: { targets: ["Model"] } } }, [`evaluation/target-kind ${run("1.0.0-r1")} /target`]],
  ["a suite for bundles", evaluationTargetKind, world, []],
  ["a suite for anything", evaluationTargetKind, { ...world, "registry/suites/a/s/1.0.0.yaml": { spec: {} } }, []],

  ["beside another target", evaluationRunName, evaluation({ target: "bundle:a/c@1.0.0" }), [`evaluation/run-name ${run("1.0.0-r1")} /target`]],
  ["another version in the name", evaluationRunName, evaluation({}, "2.0.0-s-20260601t090000z"), [`evaluation/run-name warning ${run("2.0.0-s-20260601t090000z")} /target`]],
  ["another suite in the name", evaluationRunName, evaluation({}, "1.0.0-t-20260601t090000z"), [`evaluation/run-name warning ${run("1.0.0-t-20260601t090000z")} /suite`]],
  ["another time in the name", evaluationRunName, evaluation({}, "1.0.0-s-20260601t090001z"), [`evaluation/run-name warning ${run("1.0.0-s-20260601t090001z")} /executedAt`]],
  ["the tool's name, and a free one", evaluationRunName, evaluation({ executedAt: "2026-06-01T09:00:00.123Z" }, "1.0.0-s-20260601t090000z"), []],

  ["an unknown environment", activationUnknownEnvironment, activate(world, "test/a/b", { bundle: "1.0.0" }), [`activation/unknown-environment ${live("test/a/b")}`]],
  ["known environments", activationUnknownEnvironment, world, []],
  ["an unknown use case", activationUnknownUsecase, activate(world, "dev/a/c", { bundle: "none" }), [`activation/unknown-usecase ${live("dev/a/c")}`]],
  ["a known use case", activationUnknownUsecase, world, []],
  ["default without a scenario", activationDefaultTenant, activate(world, "dev/a/b/default", { bundle: "1.0.0" }), [`activation/default-tenant ${live("dev/a/b/default")}`]],
  ["default with a scenario, a tenant", activationDefaultTenant, activate(activate(world, "dev/a/b/default/night", { bundle: "1.0.0" }), "dev/a/b/acme", { bundle: "none" }), []],
  ["a missing bundle", activationBundleMissing, activate(world, "dev/a/b", { bundle: "9.0.0" }), [`activation/bundle-missing ${live("dev/a/b")} /bundle`]],
  ["none, inherit, a version", activationBundleMissing, activate(activate(world, "dev/a/b", { bundle: "none" }), "dev/a/b/acme", { bundle: "inherit" }), []],
  ["a candidate", activationNotApproved, activate(second({ state: "candidate" }), "dev/a/b", { bundle: "2.0.0" }), [`activation/not-approved ${live("dev/a/b")} /bundle`]],
  ["a retired bundle", activationNotApproved, activate(second({ state: "retired" }), "dev/a/b", { bundle: "2.0.0" }), [`activation/not-approved ${live("dev/a/b")} /bundle`]],
  ["an approved bundle", activationNotApproved, activate(second({}), "dev/a/b", { bundle: "2.0.0" }), []],

  ["a bundle that does not fit", activationIncompatible, activate(second(needy), "dev/a/b", { bundle: "2.0.0" }), [`activation/incompatible ${live("dev/a/b")} /bundle`]],
  ["a bundle that does not fit, under warn", activationIncompatible, { ...activate(second(needy), "dev/a/b", { bundle: "2.0.0" }), [environment("dev")]: { rank: 1, compatibility: "warn" } }, [`activation/incompatible warning ${live("dev/a/b")} /bundle`]],
  ["warn does not count on the highest rank", activationIncompatible, { ...activate(second(needy), "prod/a/b", { bundle: "2.0.0" }), [environment("prod")]: { rank: 2, compatibility: "warn" } }, [`activation/incompatible ${live("prod/a/b")} /bundle`]],
  ["a bundle that fits", activationIncompatible, activate(second({ spec: { compatibility: { featureGroups: { core: "v1" }, requires: ["fast"] } } }), "dev/a/b", { bundle: "2.0.0" }), []],

  ["a missing fallback", activationFallbackMissing, activate(world, "dev/a/b", { bundle: "1.0.0", fallback: "9.0.0" }), [`activation/fallback-missing ${live("dev/a/b")} /fallback`]],
  ["a fallback that exists", activationFallbackMissing, activate(second({}), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }), []],
  ["the live one as fallback", activationFallbackIsLive, activate(world, "dev/a/b", { bundle: "1.0.0", fallback: "1.0.0" }), [`activation/fallback-is-live ${live("dev/a/b")} /fallback`]],
  ["a fallback from nothing", activationFallbackIsLive, activate(world, "dev/a/b", { bundle: "none", fallback: "1.0.0" }), [`activation/fallback-is-live ${live("dev/a/b")} /fallback`]],
  ["another version as fallback", activationFallbackIsLive, activate(second({}), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }), []],
  ["a candidate as fallback", activationFallbackNotApproved, activate(second({ state: "candidate" }), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }), [`activation/fallback-not-approved ${live("dev/a/b")} /fallback`]],
  ["an approved fallback", activationFallbackNotApproved, activate(second({}), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }), []],
  ["a fallback that does not fit", activationFallbackIncompatible, activate(second(needy), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }), [`activation/fallback-incompatible ${live("dev/a/b")} /fallback`]],
  ["a fallback that fits", activationFallbackIncompatible, activate(second({}), "dev/a/b", { bundle: "1.0.0", fallback: "2.0.0" }), []],

  ["prod's gate is not met, dev's is", activationGatesUnmet, activate(activate(second({}, { auc: 0.7 }), "dev/a/b", { bundle: "2.0.0" }), "prod/a/b", { bundle: "2.0.0" }), [`activation/gates-unmet warning ${live("prod/a/b")} /bundle`]],
  ["no run carries the metric", activationGatesUnmet, activate(second({}, { f1: 1 }), "dev/a/b", { bundle: "2.0.0" }), [`activation/gates-unmet warning ${live("dev/a/b")} /bundle`]],
  ["a run of other content does not count", activationGatesUnmet, evaluation({ targetDigest: `sha256:${"0".repeat(64)}` }),
    [`activation/gates-unmet warning ${live("dev/a/b")} /bundle`, `activation/gates-unmet warning ${live("prod/a/b")} /bundle`, `activation/gates-unmet warning ${live("prod/a/b")} /bundle`]],
  ["one bad run among good ones", activationGatesUnmet, { ...world, ...runOf(one, "1.0.0", "bad", { status: "failed", metrics: { auc: 0.1 } }) },
    [`activation/gates-unmet warning ${live("dev/a/b")} /bundle`, `activation/gates-unmet warning ${live("prod/a/b")} /bundle`, `activation/gates-unmet warning ${live("prod/a/b")} /bundle`]],
  ["a run that broke does not count", activationGatesUnmet, { ...world, ...runOf(one, "1.0.0", "bad", { status: "error", metrics: { auc: 0.1 } }) }, []],
  ["measured and met", activationGatesUnmet, world, []],

  ["expected, never live", usecaseExpectedNotLive, { ...world, [usecase]: { ...world[usecase], expected: ["dev", "test", "dev/acme"] } }, [`usecase/expected-not-live info ${usecase} /expected/1`]],
  ["inherited no more", usecaseExpectedNotLive, { ...world, [settings]: { id: "x" } }, [`usecase/expected-not-live info ${usecase} /expected/2`]],
  ["all live", usecaseExpectedNotLive, world, []],
];

describe("rules about bundles and what is live", () => {
  it.each(rows)("%s (%#)", (_, rule, values, expected) => {
    expect(foundBy(rule, registryOfValues(values))).toEqual(expected);
  });

  it("stay silent about what points at files that cannot be read", () => {
    const values = activate(activate(world, "dev/a/b", { bundle: "9.0.0", fallback: "9.0.0" }), "test/a/c", { bundle: "none" });
    const registry = registryOfValues(values, {}, ["bundle:a/b@9.0.0", "environment:test", "usecase:a/c"]);
    for (const rule of new Set(rows.map(([, rule]) => rule))) {
      if (rule !== activationFallbackIsLive) expect(foundBy(rule, registry)).toEqual([]);
    }
  });
});

describe("usecase/expected-unresolved", () => {
  const code = `usecase/expected-unresolved ${usecase} /expected`;
  it.each<[string, Values, string[]]>([
    ["deactivated: the tenant inherited it as well", activate(world, "prod/a/b", { bundle: "none" }), [`${code}/1`, `${code}/2`]],
    ["a bundle that does not fit", activate(second(needy), "dev/a/b", { bundle: "2.0.0" }), [`${code}/0`]],
    ["a bundle that does not fit, with a fallback", activate(second(needy), "dev/a/b", { bundle: "2.0.0", fallback: "1.0.0" }), []],
    ["the platform is taken away: one finding per place", { ...activate(second({ spec: { compatibility: { requires: ["fast"] } } }), "dev/a/b", { bundle: "2.0.0" }), [environment("dev")]: { rank: 1, platform: { capabilities: [] } } }, [`${code}/0`]],
    ["the tenant's own file hides the wider one", activate(world, "prod/a/b/acme", { bundle: "none" }), [`${code}/2`]],
    ["inherit is passed over", activate(world, "prod/a/b/acme", { bundle: "inherit" }), []],
    ["inheritance is switched off", { ...world, [settings]: { ...world[settings], resolution: { inherit: false } } }, [`${code}/2`]],
    ["no longer expected", { ...activate(world, "dev/a/b", { bundle: "none" }), [usecase]: { ...world[usecase], expected: [] } }, []],
    ["newly expected, never live", { ...world, [usecase]: { ...world[usecase], expected: ["dev", "prod", "prod/acme", "test"] } }, []],
  ])("%s", (_, head, expected) => {
    expect(foundBy(usecaseExpectedUnresolved, registryOfValues(head), registryOfValues(world))).toEqual(expected);
  });
});

describe("bars", () => {
  const values = [0.4, 0.5, 0.6];
  const operators = [">=", ">", "<=", "<", "==", "!="] as const;
  it("one implies another only if every value that meets the one meets the other", () => {
    const samples = [0, 0.4, 0.45, 0.5, 0.55, 0.6, 1];
    for (const a of operators) for (const b of operators) for (const x of values) for (const y of values) {
      const [strict, bar] = [{ metric: "m", operator: a, threshold: x }, { metric: "m", operator: b, threshold: y }];
      const holds = samples.every((value) => !meets(value, strict) || meets(value, bar));
      expect([strict, bar, implies(strict, bar)]).toEqual([strict, bar, holds]);
      expect(implies({ ...strict, metric: "other" }, bar)).toBe(false);
    }
  });
  it("nothing that is no number meets a bar", () => {
    for (const operator of operators) expect(meets(Number.NaN, { metric: "m", operator, threshold: 0 })).toBe(false);
  });
});
