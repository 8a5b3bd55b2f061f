/** Cases about what an Evaluation tells of the cases of its suite. */
import { parse } from "yaml";
import { digestOf } from "../../src/core/model/digest.ts";
import { attested, signingKeyOf } from "../attested-run.ts";
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

/** A suite of two checks, 60 and 40 points, and three classes; and a run with these metrics. */
const scoring =
  "{ cases: [{ id: a }, { id: b }], scoring: { metric: score, checks: [{ case: a, weight: 60, critical: true }, { case: b, weight: 40 }], classes: [{ name: good, atLeast: 85 }, { name: fair, atLeast: 65 }, { name: poor, criticalFails: true }] } }";
const scoredRun = (metrics: string, more = "", a = "passed"): Files => ({
  "registry/evaluations/acme/m/1.0.0-s-20260601t090000z.yaml": `suite: suite:acme/s@1.0.0\ntarget: model:acme/m@1.0.0\ntargetDigest: ${digest}\nexecutedAt: "2026-06-01T09:00:00Z"\nstatus: ${a}\ncases: [{ id: a, status: ${a} }, { id: b, status: passed }]\nmetrics: ${metrics}\n${more}`,
});
const suiteRun = (of: string, rest: string, time = "090000"): Files => ({
  [`registry/evaluations/acme/m/1.0.0-s-20260601t${time}z.yaml`]: `suite: ${of}\ntarget: model:acme/m@1.0.0\ntargetDigest: ${digest}\nexecutedAt: "2026-06-01T${time.replace(/(..)(..)(..)/, "$1:$2:$3")}Z"\nstatus: passed\n${rest}`,
});
const plainRun = (more: string): Files => suiteRun("suite:acme/s@1.0.0", `metrics: { auc: 0.9 }\n${more}`);
const attestedPath = "registry/evaluations/acme/m/1.0.0-s-20260601t090000z.yaml";
const attestedRef = "evaluation:acme/m/1.0.0-s-20260601t090000z";
const signed = `suite: suite:acme/s@1.0.0\ntarget: model:acme/m@1.0.0\ntargetDigest: ${digest}\nexecutedAt: "2026-06-01T09:00:00Z"\nstatus: passed\nmetrics: { auc: 0.9 }\nissuer: identity:ci\n`;
const issuer: Files = {
  "registry/governance/identities/ci.yaml": `title: CI\ntype: bot\ncontroller: identity:ada\nkeys:\n  - sshPublicKey: ${signingKeyOf("ci").publicKey.text}\n`,
};
const scoringWith = (rest: string): Files =>
  suite(`{ cases: [{ id: a }, { id: b }], scoring: { metric: score, ${rest} } }`);

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
  {
    name: "a score and a class as the points come to",
    files: { ...suite(scoring), ...scoredRun("{ a: 55, b: 30.5, score: 85.5 }", "class: good\n") },
  },
  {
    name: "a score that somebody rounded up, and the class it would bring",
    files: {
      ...suite(scoring),
      ...scoredRun("{ a: 54, b: 30.5, score: ⟦evaluation/score|85⟧ }", "class: ⟦evaluation/score|good⟧\n"),
    },
  },
  {
    name: "a class although a critical check failed",
    files: {
      ...suite(scoring),
      ...scoredRun("{ a: 60, b: 40, score: 100 }", "class: ⟦evaluation/score|good⟧\n", "failed"),
    },
  },
  {
    name: "the last class is for runs that failed critically",
    files: { ...suite(scoring), ...scoredRun("{ a: 60, b: 40, score: 100 }", "class: poor\n", "failed") },
  },
  {
    name: "points that are missing, and more than a check gives",
    files: {
      ...suite(scoring),
      ...scoredRun("⟦evaluation/score|{ a: ⟦evaluation/score|61⟧, score: 61 }⟧", "class: good\n"),
    },
  },
  {
    name: "a class where the suite has none",
    files: { ...suite(two), ...plainRun("class: ⟦evaluation/score|good⟧\n") },
  },
  {
    name: "a run that broke has nothing to sum up",
    files: { ...suite(scoring), ...scoredRun("{ a: 3 }", "", "error") },
  },
  {
    name: "a scoring that weighs nothing, and a run of it",
    files: {
      ...suite("{ scoring: { metric: score, checks: ⟦suite/scoring|[{ case: a, weight: 0 }]⟧ } }"),
      ...suiteRun("⟦evaluation/vacuous|suite:acme/s@1.0.0⟧", "metrics: { a: 0, score: 0 }\n"),
    },
  },
  {
    name: "runs that tried nothing: no case, none that ran, none that was counted",
    files: {
      ...suite("{ targets: [Model] }"),
      ...suiteRun("suite:acme/s@1.0.0", "cases: ⟦evaluation/vacuous|[]⟧\nmetrics: { auc: 0.9 }\n"),
      ...suiteRun(
        "suite:acme/s@1.0.0",
        "cases: ⟦evaluation/vacuous|[{ id: x, status: skipped }]⟧\nmetrics: { auc: 0.9 }\n",
        "100000",
      ),
      ...suiteRun(
        "suite:acme/s@1.0.0",
        "summary: ⟦evaluation/vacuous|{ total: 2, passed: 0, failed: 0, errors: 0, skipped: 2 }⟧\nmetrics: { auc: 0.9 }\n",
        "110000",
      ),
    },
  },
  {
    name: "a run that its issuer signed",
    files: { ...suite(two), ...issuer, [attestedPath]: attested(signed, attestedRef, "test", "ci") },
  },
  {
    name: "a run that was changed after it was signed",
    files: {
      ...suite(two),
      ...issuer,
      [attestedPath]: attested(signed, attestedRef, "test", "ci").replace("auc: 0.9", "auc: 0.99"),
    },
    elsewhere: [`evaluation/attestation:error ${attestedPath} 9:3-13:100`],
  },
  {
    name: "a run signed by somebody else, and one for another registry",
    files: {
      ...suite(two),
      ...issuer,
      [attestedPath]: attested(signed, attestedRef, "test", "mallory"),
      [attestedPath.replace("t09", "t10")]: attested(
        signed.replace("T09", "T10"),
        attestedRef.replace("t09", "t10"),
        "other",
        "ci",
      ),
    },
    elsewhere: [
      `evaluation/attestation ${attestedPath} 9:3-13:100`,
      `evaluation/attestation:error ${attestedPath.replace("t09", "t10")} 9:3-13:100`,
    ],
  },
  {
    name: "checks of no case, of one case twice, and of the score itself",
    files: scoringWith(
      "checks: [{ case: a, weight: 1 }, { case: ⟦suite/scoring|a⟧, weight: 1 }, { case: ⟦suite/scoring|c⟧, weight: 1 }]",
    ),
  },
  {
    name: "classes that no run is of, and one that is there already",
    files: scoringWith(
      "checks: [{ case: a, weight: 10 }], classes: [{ name: x, atLeast: 5 }, ⟦suite/scoring|{ name: y, atLeast: 7 }⟧, { name: z, atLeast: ⟦suite/scoring|11⟧, criticalFails: true }, ⟦suite/scoring|{ name: ⟦suite/scoring|x⟧, atLeast: ⟦suite/scoring|11⟧ }⟧]",
    ),
  },
];
