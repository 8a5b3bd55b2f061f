/** The decision as a whole (DESIGN 4 and 5): needs of moves, evidence, emergencies, heals, observe mode, properties. */
import { describe, expect, test } from "vitest";
import { governCodes } from "../../src/core/govern/codes.ts";
import { decide } from "../../src/core/govern/decide.ts";
import type { Facts } from "../../src/core/govern/facts.ts";
import { clockFinding, servedSince, soakScope, trustedTime } from "../../src/core/govern/soak.ts";
import type { Decision, Requirement } from "../../src/core/model/decision.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { codeOf } from "../../src/core/validate/codes.ts";
import {
  account,
  asOf,
  bundle,
  commit,
  decideWith,
  digestOfBundle,
  evaluation,
  files,
  paths,
  registryWith,
  registryYaml,
  review,
  spelled,
  timelines,
  world,
  type Person,
  type Texts,
} from "../govern-world.ts";

const prod = paths.live("prod/fraud/score");
const live = (version: string, more = ""): string =>
  `bundle: "${version}"\nreason: Because of ${version}.\n${more}`;
const promote: Texts = { [prod]: live("1.1.0") };
const golive = world(promote);
const both: Person[] = ["carol", "dave"];
const instant = (text: string): Instant => text as Instant;
const seen = new Set<string>();
const told = (decision: Decision): string => {
  for (const { definition } of decision.findings) seen.add(definition.code);
  return spelled(decision);
};

/** What the tree says about the gate. */
function gateTexts({ requirement, because, children }: Requirement): readonly string[] {
  return [...(requirement === "auc >= 0.9" ? [because] : []), ...children.flatMap(gateTexts)];
}

describe("activate and promote need (DESIGN 4)", () => {
  const failing = evaluation("1.1.0", files[paths.bundle("1.1.0")] ?? "", {
    auc: 0.5,
    at: "2026-06-02T09:00:00Z",
  });
  const vacuous = (cases: string): string =>
    (files[paths.run("1.1.0")] ?? "").replace(/cases:[\s\S]*?(?=metrics)/, `${cases}\n`);
  const retiredModel = "title: M\nstate: retired\nspec:\n  provider: provider:p\n  type: classification\n";
  const withModel = bundle("1.1.0", "approved").replace(
    "  compatibility:",
    "  models: [model:fraud/m@1.0.0]\n  compatibility:",
  );
  test.each<[string, Texts, Texts, string]>([
    ["everything is there", {}, {}, "allowed"],
    [
      "an approved bundle",
      { [prod]: live("1.2.0") },
      {},
      "denied govern/data-invalid govern/not-approved govern/soak-missing",
    ],
    [
      "approved at B, not in the same change",
      { [prod]: live("1.2.0"), [paths.bundle("1.2.0")]: bundle("1.2.0", "approved") },
      {},
      "denied govern/not-approved govern/soak-missing",
    ],
    [
      "a bundle that is there",
      { [prod]: live("7.0.0") },
      {},
      "denied govern/data-invalid govern/not-approved",
    ],
    [
      "a fitting environment",
      {},
      { [paths.environment("prod")]: "title: prod\nrank: 30\nplatform: { capabilities: [] }\n" },
      "denied govern/data-invalid govern/incompatible",
    ],
    [
      "nothing it reaches is retired",
      {},
      {
        [paths.model]: retiredModel,
        [paths.bundle("1.1.0")]: withModel,
        [paths.run("1.1.0")]: evaluation("1.1.0", withModel),
      },
      "denied govern/data-invalid govern/reaches-retired govern/soak-missing",
    ],
    [
      "a run that carries the metric",
      {},
      { [paths.run("1.1.0")]: null },
      "denied govern/data-invalid govern/evaluation-stale govern/gate-unmet",
    ],
    [
      "every such run meets the gate: a bad run is answered by a new version",
      {},
      { "registry/evaluations/fraud/score/1.1.0-regression-20260602t090000z.yaml": failing },
      "denied govern/gate-unmet",
    ],
    [
      "a run that tried something: of no case",
      {},
      {
        [paths.run("1.1.0")]: vacuous(
          "cases: []\nsummary: { total: 0, passed: 0, failed: 0, errors: 0, skipped: 0 }",
        ),
      },
      "denied govern/evaluation-stale govern/gate-unmet",
    ],
    [
      "a run that tried something: none that ran",
      {},
      {
        [paths.run("1.1.0")]: vacuous(
          "cases: [{ id: obvious, status: skipped }]\nsummary: { total: 1, passed: 0, failed: 0, errors: 0, skipped: 1 }",
        ),
      },
      "denied govern/evaluation-stale govern/gate-unmet",
    ],
    [
      "a run by checks that weigh something",
      {},
      {
        "registry/suites/fraud/regression/1.0.0.yaml":
          "title: R\nstate: active\nspec:\n  cases: [{ id: obvious }]\n  scoring: { metric: score, checks: [{ case: obvious, weight: 0 }] }\n",
      },
      "denied govern/data-invalid govern/evaluation-stale govern/gate-unmet",
    ],
    [
      "a run that did not break",
      {},
      {
        [paths.run("1.1.0")]: (files[paths.run("1.1.0")] ?? "").replace(
          "status: passed\ncases",
          "status: error\ncases",
        ),
      },
      "denied govern/data-invalid govern/evaluation-stale govern/gate-unmet",
    ],
    [
      "runs of exactly that digest",
      {},
      {
        [paths.run("1.1.0")]: (files[paths.run("1.1.0")] ?? "").replace(
          /targetDigest: .*/,
          `targetDigest: sha256:${"0".repeat(64)}`,
        ),
      },
      "denied govern/data-invalid govern/evaluation-stale govern/gate-unmet",
    ],
    [
      "a use case at B, whose gates are asked",
      {},
      { "registry/usecases/fraud/score.yaml": null },
      "denied govern/data-invalid govern/gate-unmet",
    ],
  ])("%s", (_, edits, base, expected) => {
    expect(told(decideWith(world({ ...promote, ...edits }, base), both))).toBe(expected);
  });

  test("every run is told, with what it measured: also where all meet the gate, and where none does", () => {
    const [run, later] = [
      "evaluation:fraud/score/1.1.0-regression-20260601t090000z",
      "evaluation:fraud/score/1.1.0-regression-20260602t090000z",
    ];
    const path = "registry/evaluations/fraud/score/1.1.0-regression-20260602t090000z.yaml";
    const text = files[paths.bundle("1.1.0")] ?? "";
    const second = (auc: number): string => evaluation("1.1.0", text, { auc, at: "2026-06-02T09:00:00Z" });
    const because = (base: Texts): readonly string[] =>
      gateTexts(decideWith(world(promote, base), both).tree);
    expect([
      because({ [path]: second(0.91) }),
      because({ [path]: second(0.5) }),
      because({ [paths.run("1.1.0")]: vacuous("cases: []") }),
      because({
        [path]: second(0.99).replace("status: passed\ncases", "status: error\ncases"),
        [paths.run("1.1.0")]: null,
      }),
      because({ [paths.run("1.1.0")]: null }),
    ]).toEqual([
      [
        `Every run of exactly this content meets it: ${run} measured 0.95 on 2026-06-01T09:00:00Z, ${later} measured 0.91 on 2026-06-02T09:00:00Z.`,
      ],
      [`bundle:fraud/score@1.1.0 does not meet auc >= 0.9: ${later} measured 0.5.`],
      [`bundle:fraud/score@1.1.0 does not meet auc >= 0.9: ${run} says nothing: it has no cases.`],
      [
        `bundle:fraud/score@1.1.0 does not meet auc >= 0.9: no run of exactly this content carries the metric, ${later} does not count: it broke.`,
      ],
      [
        "bundle:fraud/score@1.1.0 does not meet auc >= 0.9: no run of exactly this content carries the metric.",
      ],
    ]);
  });

  test("gates are those of B: a change cannot lower them for itself", () => {
    const lower = {
      "registry/usecases/fraud/score.yaml": (files["registry/usecases/fraud/score.yaml"] ?? "").replace(
        "0.9",
        "0.1",
      ),
    };
    const bad = {
      [paths.run("1.1.0")]: evaluation("1.1.0", files[paths.bundle("1.1.0")] ?? "", { auc: 0.5 }),
    };
    expect(told(decideWith(world({ ...promote, ...lower }, bad), both))).toContain("govern/gate-unmet");
  });

  test("at R where publishTogether names the environment", () => {
    const text = bundle("1.3.0", "approved");
    const together = (environment: string): string =>
      told(
        decideWith(
          world({
            [paths.bundle("1.3.0")]: text,
            [paths.run("1.3.0")]: evaluation("1.3.0", text),
            [paths.live(`${environment}/fraud/score`)]: live("1.3.0"),
          }),
          ["bob", "carol"],
        ),
      );
    expect([together("dev"), together("stage")]).toEqual(["allowed", "denied govern/not-approved"]);
  });

  test("compatibility warn lets go live what does not fit", () => {
    const warn = {
      [paths.environment("stage")]:
        "title: stage\nrank: 20\ncompatibility: warn\nplatform: { capabilities: [] }\n",
    };
    expect(told(decideWith(world({ [paths.live("stage/fraud/score")]: live("1.0.0") }, warn), ["bob"]))).toBe(
      "allowed",
    );
  });

  test("a rollback needs approvals, approved state and compatibility, not soak, freshness or gates", () => {
    const stacks = new Map([["prod/fraud/score", ["1.0.0", "1.1.0"]]]);
    const back = world({ [prod]: live("1.0.0") }, { [prod]: live("1.1.0"), [paths.run("1.0.0")]: null });
    const facts = { stacks, timelines: new Map(), findings: [] };
    expect([told(decideWith(back, ["carol"], facts)), told(decideWith(back, ["dave"], facts))]).toEqual([
      "pending",
      "allowed",
    ]);
    const rejected = world(
      { [prod]: live("1.0.0") },
      { [prod]: live("1.1.0"), [paths.bundle("1.0.0")]: bundle("1.0.0", "retired") },
    );
    expect(told(decideWith(rejected, ["dave"], facts))).toBe("denied govern/not-approved");
    const unfit = world(
      { [prod]: live("1.0.0") },
      {
        [prod]: live("1.1.0"),
        [paths.environment("prod")]: "title: prod\nrank: 30\nplatform: { capabilities: [] }\n",
      },
    );
    expect(told(decideWith(unfit, ["dave"], facts))).toContain("govern/incompatible");
  });

  test("deactivate needs approvals only", () => {
    const off = world({ [prod]: "bundle: none\nreason: Off.\n" });
    expect([
      told(decideWith(off, ["dave"], { timelines: new Map(), findings: [] })),
      told(decideWith(off, ["carol"], { findings: [] })),
    ]).toEqual(["allowed", "pending"]);
  });
});

describe("soak (DESIGN 4)", () => {
  const decided = (facts: Partial<Facts>): Decision => decideWith(golive, both, facts);
  test("pending says until when, and eligibleAt is that instant", () => {
    const decision = decided({ timelines: timelines("1.1.0", "2026-07-09T12:00:00Z") });
    expect([told(decision), decision.eligibleAt, decision.next]).toEqual([
      "pending",
      "2026-07-10T12:00:00Z",
      [{ who: [], do: "wait until it has soaked in stage", until: "2026-07-10T12:00:00Z" }],
    ]);
    expect(
      decide(
        golive.change,
        {
          ...golive.facts,
          reviews: both.map((name) => review(golive.change, name)),
          timelines: timelines("1.1.0", "2026-07-09T12:00:00Z"),
        },
        instant("2026-07-10T12:00:00Z"),
      ).outcome,
    ).toBe("allowed");
  });

  test("what is denied waits for nothing", () => {
    const decision = decided({
      timelines: timelines("1.1.0", "2026-07-09T12:00:00Z"),
      unknown: ["Something."],
    });
    expect([decision.outcome, decision.eligibleAt]).toEqual(["denied", null]);
  });

  test.each<[string, Facts["timelines"], string]>([
    ["another digest there", timelines("1.0.0", "2026-07-01T00:00:00Z"), "denied govern/soak-missing"],
    ["nothing there", new Map([["stage/fraud/score", []]]), "denied govern/soak-missing"],
    ["what it resolved to is not known", new Map(), "denied govern/unknown"],
    [
      "interrupted: it begins anew",
      new Map([
        [
          "stage/fraud/score",
          [
            { at: instant("2026-07-01T00:00:00Z"), digest: digestOfBundle("1.1.0") },
            { at: instant("2026-07-09T01:00:00Z"), digest: null },
            { at: instant("2026-07-09T02:00:00Z"), digest: digestOfBundle("1.1.0") },
          ],
        ],
      ]),
      "pending",
    ],
    [
      "a landing dated into the past lands when its parent did",
      new Map([
        [
          "stage/fraud/score",
          [
            { at: instant("2026-07-09T20:00:00Z"), digest: digestOfBundle("1.0.0") },
            { at: instant("2020-01-01T00:00:00Z"), digest: digestOfBundle("1.1.0") },
          ],
        ],
      ]),
      "pending",
    ],
    [
      "landings that say the same again interrupt nothing",
      new Map([
        [
          "stage/fraud/score",
          [
            { at: instant("2026-07-01T00:00:00Z"), digest: digestOfBundle("1.1.0") },
            { at: instant("2026-07-09T23:00:00Z"), digest: digestOfBundle("1.1.0") },
          ],
        ],
      ]),
      "allowed",
    ],
  ])("%s", (_, lines, expected) => {
    expect(told(decided({ timelines: lines }))).toBe(expected);
  });

  test("the tenant's own scope there if it has one at B, else the default; inherit is as if there were none", () => {
    const registry = registryWith({
      [paths.live("stage/fraud/score/acme")]: live("1.0.0"),
      [paths.live("stage/fraud/score/beta")]: "bundle: inherit\nreason: x\n",
    });
    const scopes = [
      "prod/fraud/score",
      "prod/fraud/score/acme",
      "prod/fraud/score/acme/night",
      "prod/fraud/score/beta",
      "prod/fraud/score/other",
    ];
    expect(scopes.map((scope) => soakScope(registry, { subject: `scope:${scope}`, scope }, "stage"))).toEqual(
      [
        "stage/fraud/score",
        "stage/fraud/score/acme",
        "stage/fraud/score/acme",
        "stage/fraud/score",
        "stage/fraud/score",
      ],
    );
  });

  test("time is the later of landing and record, and never moves back", () => {
    const [early, late] = [instant("2026-01-01T00:00:00Z"), instant("2026-01-02T00:00:00Z")];
    expect([trustedTime(early, late), trustedTime(late, early), trustedTime(early, null)]).toEqual([
      late,
      late,
      early,
    ]);
    expect(
      servedSince(
        [
          { at: late, digest: "b" },
          { at: early, digest: "a" },
        ],
        "a",
      ),
    ).toEqual({ since: late });
  });

  test.each([
    ["2026-07-10T00:10:00Z", undefined],
    ["2026-07-10T00:10:01Z", "govern/clock"],
    ["2020-01-01T00:00:00Z", undefined],
  ])("a landing dated %s at midnight: %s", (landed, expected) => {
    const finding = clockFinding(instant(landed), asOf);
    if (finding !== undefined) seen.add(finding.definition.code);
    expect(finding?.definition.code).toBe(expected);
  });
});

describe("emergency (5.7)", () => {
  const now: Texts = { [prod]: live("1.1.0", "emergency: true\n") };
  const open7 = world(now);
  test("policies with an emergency block ask for that instead: no soak, no other approvals", () => {
    const facts = { timelines: new Map() };
    const decision = decideWith(open7, ["dave", "carol"], facts);
    expect([told(decision), decision.decision]).toEqual(["allowed", "OVERRIDE"]);
    expect(told(decideWith(open7, ["carol"], facts))).toBe("pending");
  });

  test.each<[string, Texts, Texts, Person[], string]>([
    [
      "data checks stay",
      { [prod]: live("1.2.0", "emergency: true\n") },
      {},
      ["dave", "carol"],
      "denied govern/data-invalid govern/not-approved",
    ],
    [
      "gates stay",
      now,
      { [paths.run("1.1.0")]: null },
      ["dave", "carol"],
      "denied govern/data-invalid govern/gate-unmet",
    ],
    [
      "alone in its change",
      { ...now, [paths.live("dev/fraud/score")]: live("1.0.0") },
      {},
      ["dave", "carol", "bob"],
      "denied govern/emergency-not-alone",
    ],
    [
      "not on an unchanged bundle",
      { [prod]: live("1.0.0", "emergency: true\n") },
      {},
      ["dave", "carol"],
      "denied govern/emergency-unchanged",
    ],
    [
      "taking it away needs the usual approvals and evidence",
      { [prod]: live("1.1.0") },
      now,
      ["dave", "frank"],
      "pending",
    ],
    ["and lands with them", { [prod]: live("1.1.0") }, now, ["dave", "carol"], "allowed"],
  ])("%s", (_, edits, base, names, expected) => {
    expect(told(decideWith(world(edits, base), names))).toBe(expected);
  });

  test("authorship rules stay", () => {
    const decision = decideWith(open7, ["dave", "carol"], {
      author: account("frank"),
      commits: [commit("dave")],
    });
    expect(told(decision)).toBe("denied govern/nobody-left");
  });

  test.each([
    ["2026-07-08T00:00:00Z", "allowed"],
    ["2026-07-06T00:00:00Z", "denied override/expired"],
    [undefined, "denied govern/unknown"],
  ])("an override of %s that is touched and kept: %s", (opened, expected) => {
    const kept = world({ [prod]: live("1.1.0", "emergency: true\nowner: role:fraud\n") }, now);
    const overrides = new Map(opened === undefined ? [] : [["prod/fraud/score", instant(opened)]]);
    expect(told(decideWith(kept, ["dave", "carol"], { overrides }))).toBe(expected);
  });

  test("an expired override elsewhere stops nobody else", () => {
    const finding = {
      definition: codeOf("override/expired") ?? governCodes[0]!,
      message: "x",
      at: { file: prod },
    };
    expect(
      told(
        decideWith(world({ [paths.live("dev/fraud/score")]: live("1.0.0") }), ["bob"], {
          findings: [finding],
        }),
      ).split(" ")[0],
    ).toBe("allowed");
  });
});

describe("compliance (5)", () => {
  const policy = (assert: string, mode = "enforce", kind = "Bundle"): Texts => ({
    "registry/policies/core/p/1.0.0.yaml": `title: P\nstate: active\nspec:\n  appliesTo: [${kind}]\n  rules:\n    - { id: r, assert: '${assert}', severity: high, message: No. }\n`,
    "registry/governance/policy-bindings/p.yaml": `title: P\nselector: {}\npolicies: [policy:core/p@1.0.0]\nmode: ${mode}\n`,
  });
  const waiver: Texts = {
    "registry/governance/waivers/w.yaml":
      'title: W\npolicy: policy:core/p@1.0.0\nselector: { kinds: [Bundle] }\nreason: Agreed.\nexpires: "2026-12-31T00:00:00Z"\n',
  };
  test("and with everything that the bundle reaches, where it goes live", () => {
    const model = "title: M\nstate: production\nspec:\n  provider: provider:p\n  type: classification\n";
    const text = bundle("1.1.0", "approved").replace(
      "  compatibility:",
      "  models: [model:fraud/m@1.0.0]\n  compatibility:",
    );
    const reached = {
      [paths.model]: model,
      [paths.bundle("1.1.0")]: text,
      [paths.run("1.1.0")]: evaluation("1.1.0", text),
      ...policy("false", "enforce", "Model"),
    };
    const facts = {
      findings: [],
      timelines: new Map([
        [
          "stage/fraud/score",
          [{ at: instant("2026-07-01T00:00:00Z"), digest: digestOfBundle("1.1.0", text) }],
        ],
      ]),
    };
    const where = (environment: string): Texts => ({
      "registry/governance/policy-bindings/p.yaml": `title: P\nselector: { environments: [environment:${environment}] }\npolicies: [policy:core/p@1.0.0]\n`,
    });
    const judged = (more: Texts): string =>
      told(decideWith(world(promote, { ...reached, ...more }), both, facts));
    expect([judged({}), judged(where("prod")), judged(where("dev"))]).toEqual([
      "denied govern/non-compliant",
      "denied govern/non-compliant",
      "allowed",
    ]);
  });

  test.each<[string, Texts, string]>([
    ["an activation is judged with the bundle that it names", policy("false"), "denied govern/non-compliant"],
    ["what holds is allowed", policy("true"), "allowed"],
    ["a binding that warns never stops a change", policy("false", "warn"), "allowed"],
    ["a live waiver excuses", { ...policy("false"), ...waiver }, "allowed"],
    [
      "one that has ended does not",
      {
        ...policy("false"),
        "registry/governance/waivers/w.yaml": (waiver["registry/governance/waivers/w.yaml"] ?? "").replace(
          "2026-12-31",
          "2026-07-01",
        ),
      },
      "denied govern/non-compliant",
    ],
    [
      "an expression that cannot be answered is a violation",
      policy("1 / 0 == 1"),
      "denied govern/non-compliant",
    ],
    [
      "pending denies",
      { ...policy('evaluations.exists(e, e.status == "passed")'), [paths.run("1.1.0")]: null },
      "denied govern/data-invalid govern/evaluation-stale govern/gate-unmet govern/non-compliant",
    ],
    ["untouched entries only change their compliance", policy('version != "1.2.0"'), "allowed"],
  ])("%s", (_, base, expected) => {
    expect(told(decideWith(world(promote, base), both))).toBe(expected);
  });
});

describe("levels, heals, what is not known (5.5, 5.8, 5.9)", () => {
  test("observe decides and never blocks", () => {
    const observed = world(promote, { [paths.registry]: registryYaml({ mode: "observe" }) });
    const denied = decideWith(observed, [], { unknown: ["The list of reviews was cut off."] });
    expect([denied.outcome, denied.enforced, denied.decision, denied.tree.children[0]?.outcome]).toEqual([
      "allowed",
      "denied",
      null,
      "denied",
    ]);
    const good = decideWith(observed, both);
    expect([good.outcome, good.enforced, good.decision]).toEqual(["allowed", "allowed", "APPROVED"]);
  });

  test("a base without registry.yaml counts as observe; the switch to enforce is judged by it", () => {
    const genesis = world({ [paths.registry]: registryYaml() }, { [paths.registry]: null });
    const decision = decideWith(genesis, [], { findings: [] });
    expect([decision.outcome, decision.mode, decision.enforced]).toEqual(["allowed", "observe", "denied"]);
  });

  test("a change that says observe is still judged by enforce", () => {
    const off = world({ [paths.registry]: registryYaml({ mode: "observe" }) });
    expect([decideWith(off, []).outcome, decideWith(off, []).mode]).toEqual(["pending", "enforce"]);
  });

  test.each([["a truncated page"], ["an unreadable object"]])("anything unknown denies: %s", (what) => {
    expect(told(decideWith(golive, both, { unknown: [`There was ${what}.`] }))).toBe("denied govern/unknown");
  });

  test("an error in the data denies, whoever approved", () => {
    const bad = world({
      [paths.bundle("1.0.0")]: (files[paths.bundle("1.0.0")] ?? "").replace("Version 1.0.0", "Version X"),
    });
    expect(told(decideWith(bad, ["bob", "carol", "dave", "erin"]))).toBe("denied govern/data-invalid");
  });

  const stood = registryWith();
  const stray: Texts = { [paths.policy("undo")]: null, [paths.live("dev/fraud/score")]: live("1.0.0") };
  const heals = { commit: "e".repeat(40), registry: stood };
  const heal: Texts = Object.fromEntries(Object.keys(stray).map((path) => [path, files[path] ?? null]));

  test("while B is a violation only a heal may land", () => {
    expect(told(decideWith(golive, both, { baseIsViolation: true }))).toBe("denied govern/base-violation");
    expect(told(decideWith(world({ "src/a": "x" }), [], { baseIsViolation: true }))).toBe(
      "denied govern/base-violation",
    );
  });

  test("a heal needs what a change of registry.yaml needs, under the rules that it returns to", () => {
    const healing = world(heal, stray, { heals });
    const facts = { baseIsViolation: true };
    expect([
      told(decideWith(healing, ["carol", "erin"], facts)),
      told(decideWith(healing, ["dave"], facts)),
    ]).toEqual(["pending", "allowed"]);
    const wrong = world(
      heal,
      { ...stray, [paths.role("governance")]: "title: G\nmembers: [identity:bob, identity:carol]\n" },
      { heals },
    );
    expect(told(decideWith(wrong, ["bob", "dave"], facts))).toBe("denied govern/not-a-heal");
  });
});

test("every code of the gate that these tables are about was provoked, and is in the product's list", () => {
  // The others are provoked in govern-evidence, govern-transitions, govern-approvals, govern-match and govern-attacks, which a shared worker may run later.
  const elsewhere = [
    "conflict",
    "criss-cross",
    "unrelated",
    "mixed",
    "link",
    "policy-error",
    "unowned",
    "changes-requested",
    "author-unknown",
    "spent",
    "evidence-missing",
  ].map((code) => `govern/${code}`);
  expect(
    governCodes.map(({ code }) => code).filter((code) => !seen.has(code) && !elsewhere.includes(code)),
  ).toEqual([]);
  expect(governCodes.filter(({ code }) => codeOf(code) === undefined)).toEqual([]);
});
