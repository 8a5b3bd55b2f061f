/** Cases about what is live: bundles and their receipts, Evaluations, Activations, use cases. */
import { parse } from "yaml";
import { digestOf } from "../../src/core/model/digest.ts";
import type { Case, Files } from "./case.ts";

const path = {
  bundle: (version: string): string => `registry/bundles/acme/s/${version}.yaml`,
  run: (name: string): string => `registry/evaluations/acme/s/${name}.yaml`,
  live: (scope: string): string => `registry/live/${scope}.yaml`,
  usecase: "registry/usecases/acme/s.yaml",
  prod: "registry/governance/environments/prod.yaml",
};

interface Parts {
  readonly state?: string;
  readonly spec?: string;
  readonly artifact?: string;
  readonly receipt?: string;
}

/** A bundle's text; each part may carry marks. */
const bundleText = (
  version: string,
  { state = "approved", spec = "", artifact = "", receipt = passing(version) }: Parts = {},
): string =>
  `state: ${state}\nspec:\n  artifacts:\n    - { role: prompt, text: "${version}" }\n${artifact}` +
  `  provenance: ${spec === "" ? '{ codeRevision: "0123456" }' : spec}\n${receipt}`;
const gate = '{ metric: auc, operator: ">=", threshold: 0.9, observed: 0.93, passed: true }';
const passing = (version: string, gates = gate): string =>
  `gateReceipt:\n  decision: PASS\n  gates:\n    - ${gates}\n  evaluations: [evaluation:acme/s/${version}-reg-20260601t090000z]\n`;

const digest = (version: string): string =>
  digestOf({ kind: "Bundle", id: `acme/s@${version}`, value: parse(bundleText(version)) as object });
const run = (
  version: string,
  more = "status: passed\nmetrics: { auc: 0.93 }\n",
  target = digest(version),
): string =>
  `suite: suite:acme/reg@1.0.0\ntarget: bundle:acme/s@${version}\ntargetDigest: ${target}\nexecutedAt: "2026-06-01T09:00:00Z"\n${more}`;

const gates = 'gates:\n  - { metric: auc, operator: ">=", threshold: 0.9 }\n';
const usecase = (more = gates): string => `purpose: Try.\nowner: role:owners\nriskTier: low\n${more}`;
const live = (bundle = '"1.0.0"', more = ""): string => `bundle: ${bundle}\nreason: Go.\n${more}`;

/** Two approved bundles of one use case, each with its run, the first one live in production. */
const served: Files = {
  "registry/suites/acme/reg/1.0.0.yaml": "state: active\nspec: { targets: [Bundle] }\n",
  [path.prod]: "rank: 30\nplatform: { capabilities: [chat] }\n",
  [path.usecase]: usecase(),
  [path.bundle("1.0.0")]: bundleText("1.0.0"),
  [path.run("1.0.0-reg-20260601t090000z")]: run("1.0.0"),
  [path.bundle("1.1.0")]: bundleText("1.1.0"),
  [path.run("1.1.0-reg-20260601t090000z")]: run("1.1.0"),
  [path.live("prod/acme/s")]: live(),
};
const asked = "  compatibility: { requires: [vision] }\n";
const needy = (version: string): Files => ({
  [path.bundle(version)]: bundleText(version).replace("  provenance", `${asked}  provenance`),
  [path.run(`${version}-reg-20260601t090000z`)]: null,
});
const otherRun = path.run("1.1.0-reg-20260601t090000z");

export const liveCases: readonly Case[] = [
  { name: "all is well", files: served },
  {
    name: "a receipt that does not pass",
    files: {
      ...served,
      [path.bundle("1.2.0")]: bundleText("1.2.0", {
        receipt:
          'gateReceipt:\n  decision: ⟦bundle/receipt-not-pass|FAIL⟧\n  gates:\n    - { metric: auc, operator: ">=", threshold: 0.9, observed: 0.5, passed: false }\n',
      }).replace("observed: 0.5", "observed: ⟦bundle/receipt-observed|0.5⟧"),
    },
  },
  {
    name: "a receipt that contradicts itself",
    files: {
      ...served,
      [path.bundle("1.1.0")]: bundleText("1.1.0", {
        receipt: passing("1.1.0", gate.replace("true", "⟦bundle/receipt-disagrees|false⟧")),
      }),
    },
  },
  {
    name: "a receipt without gates where the use case has some",
    files: {
      ...served,
      [path.bundle("1.2.0")]: bundleText("1.2.0", {
        receipt: "gateReceipt: { decision: PASS, gates: ⟦bundle/receipt-vacuous|[]⟧ }\n",
      }),
    },
  },
  {
    name: "a receipt that answers another gate",
    files: {
      ...served,
      [path.bundle("1.1.0")]:
        `${bundleText("1.1.0", { receipt: "" })}gateReceipt:\n  decision: PASS\n  gates:\n    ⟦bundle/receipt-missing-gate|- { metric: f1, operator: ">=", threshold: 0.1, observed: 0.2, passed: true }⟧\n  evaluations: [evaluation:acme/s/1.1.0-reg-20260601t090000z]\n`,
      [otherRun]: run("1.1.0", "status: passed\nmetrics: { auc: 0.93, f1: 0.2 }\n"),
    },
  },
  {
    name: "a receipt that saw another value than its run",
    files: {
      ...served,
      [path.bundle("1.1.0")]: bundleText("1.1.0", {
        receipt: passing("1.1.0", gate.replace("0.93", "⟦bundle/receipt-observed|0.95⟧")),
      }),
    },
  },
  {
    name: "a receipt that cites the run of another version",
    files: {
      ...served,
      [path.bundle("1.1.0")]: bundleText("1.1.0", {
        receipt: passing("1.0.0")
          .replace(
            "evaluation:acme/s/1.0.0-reg-20260601t090000z",
            "⟦bundle/evaluation-target|evaluation:acme/s/1.0.0-reg-20260601t090000z⟧",
          )
          .replace("0.93", "⟦bundle/receipt-observed|0.93⟧"),
      }),
    },
  },
  {
    name: "weights from no dataset",
    files: {
      ...served,
      [path.bundle("1.1.0")]: bundleText("1.1.0", {
        artifact: `    - { role: model_weights, uri: s3://x, digest: sha256:${"1".repeat(64)} }\n`,
        spec: '{ codeRevision: "0123456", trainingRun: r, datasets: ⟦bundle/provenance|[]⟧ }',
      }),
      [otherRun]: null,
    },
    elsewhere: [`ref/missing ${path.bundle("1.1.0")} 11:17-11:61`],
  },
  {
    name: "a bundle of no use case",
    files: {
      "registry/bundles/acme/t/1.0.0.yaml":
        "⟦bundle/usecase-missing|state: approved⟧\n" +
        'spec:\n  artifacts:\n    - { role: prompt, text: x }\n  provenance: { codeRevision: "0123456" }\ngateReceipt: { decision: PASS }\n',
    },
  },

  {
    name: "a run of other content",
    files: {
      ...served,
      [otherRun]: run("1.1.0", undefined, `⟦evaluation/digest|sha256:${"0".repeat(64)}⟧`),
      [path.bundle("1.1.0")]: bundleText("1.1.0").replace("0.93", "⟦bundle/receipt-observed|0.93⟧"),
    },
  },
  {
    name: "a run whose name says another moment",
    files: {
      ...served,
      [path.run("1.1.0-reg-20260601t090001z")]: run("1.1.0").replace(
        '"2026-06-01T09:00:00Z"',
        '⟦evaluation/run-name:warning|"2026-06-01T09:00:00Z"⟧',
      ),
    },
  },
  {
    name: "a run that counts wrong",
    files: {
      ...served,
      [otherRun]: run(
        "1.1.0",
        "status: passed\ncases: [{ id: a, status: passed }]\nsummary: { total: ⟦evaluation/summary|2⟧, passed: 1, failed: 0, errors: 0, skipped: 0 }\nmetrics: { auc: 0.93 }\n",
      ),
    },
  },
  {
    name: "a suite for other kinds",
    files: {
      ...served,
      "registry/suites/acme/reg/1.0.0.yaml": "state: active\nspec: { targets: [Model] }\n",
      [path.run("1.0.0-reg-20260601t090000z")]: run("1.0.0").replace(
        "bundle:acme/s@1.0.0",
        "⟦evaluation/target-kind|bundle:acme/s@1.0.0⟧",
      ),
      [otherRun]: run("1.1.0").replace("bundle:acme/s@1.1.0", "⟦evaluation/target-kind|bundle:acme/s@1.1.0⟧"),
    },
  },

  {
    name: "a version that does not exist is live",
    files: { ...served, [path.live("prod/acme/s")]: live('⟦activation/bundle-missing|"2.0.0"⟧') },
  },
  {
    name: "live below an environment that does not exist",
    files: {
      ...served,
      [path.live("qa/acme/s")]: '⟦activation/unknown-environment|bundle: "1.0.0"⟧\nreason: Go.\n',
    },
  },
  {
    name: "live below a use case that does not exist",
    files: {
      ...served,
      [path.live("prod/acme/t")]: "⟦activation/unknown-usecase|bundle: none⟧\nreason: Go.\n",
    },
  },
  {
    name: "the default tenant without a scenario",
    files: {
      ...served,
      [path.live("prod/acme/s/default")]: '⟦activation/default-tenant|bundle: "1.0.0"⟧\nreason: Go.\n',
      [path.live("prod/acme/s/default/night")]: live(),
    },
  },
  {
    name: "a candidate is live",
    files: {
      ...served,
      [path.bundle("1.0.0")]: bundleText("1.0.0", { state: "candidate" }),
      [path.live("prod/acme/s")]: live('⟦activation/not-approved|"1.0.0"⟧'),
    },
  },
  {
    name: "a rejected bundle is live",
    files: {
      ...served,
      [path.bundle("1.0.0")]: bundleText("1.0.0", { state: "rejected" }),
      [path.live("prod/acme/s")]: live('⟦activation/not-approved|"1.0.0"⟧'),
    },
  },
  {
    name: "a bundle is live that needs more than there is",
    files: {
      ...served,
      ...needy("1.0.0"),
      [path.bundle("1.0.0")]:
        `${bundleText("1.0.0", { receipt: "" }).replace("  provenance", `${asked}  provenance`)}gateReceipt:\n  decision: PASS\n  gates:\n    - ${gate.replace("0.93", "⟦bundle/receipt-observed|0.93⟧")}\n`,
      [path.live("prod/acme/s")]: live('⟦activation/incompatible activation/gates-unmet|"1.0.0"⟧'),
    },
  },
  {
    name: "a fallback that is live itself",
    files: {
      ...served,
      [path.live("prod/acme/s")]: live(undefined, 'fallback: ⟦activation/fallback-is-live|"1.0.0"⟧\n'),
    },
  },
  {
    name: "a fallback that does not exist",
    files: {
      ...served,
      [path.live("prod/acme/s")]: live(undefined, 'fallback: ⟦activation/fallback-missing|"2.0.0"⟧\n'),
    },
  },
  {
    name: "a fallback that nobody approved",
    files: {
      ...served,
      [path.bundle("1.1.0")]: bundleText("1.1.0", { state: "candidate" }),
      [path.live("prod/acme/s")]: live(undefined, 'fallback: ⟦activation/fallback-not-approved|"1.1.0"⟧\n'),
    },
  },
  {
    name: "a fallback that needs more than there is",
    files: {
      ...served,
      [path.prod]: "rank: 30\n",
      [path.bundle("1.1.0")]:
        `${bundleText("1.1.0", { receipt: "" }).replace("  provenance", `${asked}  provenance`)}gateReceipt:\n  decision: PASS\n  gates:\n    - ${gate.replace("0.93", "⟦bundle/receipt-observed|0.93⟧")}\n`,
      [otherRun]: null,
      [path.live("prod/acme/s")]: live(undefined, 'fallback: ⟦activation/fallback-incompatible|"1.1.0"⟧\n'),
    },
  },
  {
    name: "a live bundle that misses a gate of its use case",
    files: {
      ...served,
      [path.usecase]: usecase(
        `${gates}  - { metric: auc, operator: ">=", threshold: 0.99, environments: [environment:prod] }\n`,
      ),
      [path.live("prod/acme/s")]: live('⟦activation/gates-unmet|"1.0.0"⟧'),
    },
  },
  {
    name: "a place that expects an answer and has none",
    files: {
      ...served,
      [path.usecase]: usecase(`${gates}expected: [prod, ⟦usecase/expected-not-live|prod/acme⟧]\n`),
    },
  },
  {
    name: "a place in an environment that does not exist",
    files: {
      ...served,
      [path.usecase]: usecase(`${gates}expected: [prod, ⟦usecase/expected-not-live:error|prd/acme⟧]\n`),
    },
  },
];
