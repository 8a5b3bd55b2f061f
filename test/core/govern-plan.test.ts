/** Plan and decision as people and programs read them (CLI.md, Review): complete, placed, and fitting their schemas. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { decideFully, soakScopesOf } from "../../src/core/govern/decide.ts";
import type { Facts } from "../../src/core/govern/facts.ts";
import { dependentsIn, planOf } from "../../src/core/govern/plan.ts";
import { decisionDocument, planDocument } from "../../src/core/govern/wire.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { runsWords } from "../../src/cli/render/plan-words.ts";
import { createPlacer, diagnosticsOf } from "../../src/core/validate/report.ts";
import {
  asOf,
  bundle,
  evaluation,
  files,
  paths,
  people,
  registryYaml,
  review,
  timelines,
  world,
  type Texts,
  type World,
} from "../govern-world.ts";

const prod = paths.live("prod/fraud/score");
const live = (version: string, more = ""): string =>
  `bundle: "${version}"\nreason: Because of ${version}.\n${more}`;
const golive = world({ [prod]: live("1.1.0") });

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
for (const name of ["common", "decision", "plan", "reviews", "template-diff"]) {
  const file = join(import.meta.dirname, `../../schemas/wire/${name}.schema.json`);
  ajv.addSchema(JSON.parse(readFileSync(file, "utf8")) as object);
}
function faultsOf(name: string, value: unknown): unknown {
  const validate = ajv.getSchema(`https://assent.dev/schemas/wire/v1/${name}.schema.json`);
  validate?.(value);
  return validate === undefined ? "no schema" : (validate.errors ?? []);
}

function documents({ change, facts }: World, more: Partial<Facts> = {}) {
  const decided = decideFully(change, { ...facts, ...more }, asOf);
  const placed = diagnosticsOf(decided.decision.findings, createPlacer(change.result.tree));
  const plan = planOf(decided, dependentsIn(change.result));
  return { decision: decisionDocument(decided.decision, placed), plan: planDocument(plan, placed) };
}

describe("the published schemas", () => {
  test.each<[string, Texts, Texts, Partial<Facts>, string]>([
    ["pending for people", { [prod]: live("1.1.0") }, {}, {}, "pending"],
    [
      "pending for time",
      { [prod]: live("1.1.0") },
      {},
      { timelines: timelines("1.1.0", "2026-07-09T12:00:00Z") },
      "pending",
    ],
    [
      "denied, with diagnostics",
      { [prod]: live("7.0.0"), CODEOWNERS: null },
      {},
      { unknown: ["Something."] },
      "denied",
    ],
    ["nothing governed", { "src/a": "x" }, {}, {}, "allowed"],
    [
      "observed",
      { [prod]: live("1.1.0") },
      { [paths.registry]: registryYaml({ mode: "observe" }) },
      {},
      "allowed",
    ],
    ["indirect", { [paths.registry]: registryYaml({ inherit: true }) }, {}, {}, "pending"],
    ["an environment that goes", { [paths.environment("stage")]: null }, {}, {}, "denied"],
  ])("fit what is %s", (_, edits, base, more, outcome) => {
    const { decision, plan } = documents(world(edits, base), more);
    expect([decision.outcome, faultsOf("decision", decision), faultsOf("plan", plan)]).toEqual([
      outcome,
      [],
      [],
    ]);
  });

  test("fit the facts of CLI.md, and nothing without its author", () => {
    const facts = {
      number: 7,
      author: { id: 101, login: "alice" },
      base: { ref: "refs/heads/main" },
      mergedAt: null,
      reviews: [
        {
          id: 1,
          user: { id: 102, login: "bob", type: "User" },
          state: "APPROVED",
          commit_id: "a".repeat(40),
          submitted_at: "2026-01-01T00:00:00Z",
        },
      ],
    };
    expect(faultsOf("reviews", facts)).toEqual([]);
    expect(faultsOf("reviews", { ...facts, author: undefined })).not.toEqual([]);
    expect(
      faultsOf("reviews", { ...facts, reviews: [{ ...facts.reviews[0], state: "ENDORSED" }] }),
    ).not.toEqual([]);
  });
});

test("which scopes' history has to be known", () => {
  const edits = { [prod]: live("1.1.0"), [paths.live("prod/fraud/score/acme")]: live("1.1.0") };
  const base = { [paths.live("stage/fraud/score/acme")]: live("1.1.0") };
  const of = (each: World): readonly string[] =>
    soakScopesOf(decideFully(each.change, each.facts, asOf).assessment);
  expect([of(world(edits, base)), of(world({ [paths.live("dev/fraud/score")]: live("1.0.0") }))]).toEqual([
    ["stage/fraud/score", "stage/fraud/score/acme"],
    [],
  ]);
});

test("no history is asked for where a scope is altered by the way", () => {
  const posture = world({
    [paths.environment("prod")]: "title: prod\nrank: 30\ndegradeProfiles:\n  NORMAL: { posture: REVIEW }\n",
  });
  expect(soakScopesOf(decideFully(posture.change, posture.facts, asOf).assessment)).toEqual([]);
});

test("requires counts only who may: an approval of somebody else satisfies nothing", () => {
  const rows = (name: "bob" | "carol"): number[] =>
    documents(golive, { reviews: [review(golive.change, name)] }).plan.requires.map(
      ({ satisfied }) => satisfied,
    );
  expect([rows("bob"), rows("carol")]).toEqual([
    [0, 0, 0],
    [1, 1, 0],
  ]);
});

test("impact follows what needs what changes", () => {
  const text = (files[paths.bundle("1.0.0")] ?? "").replace(
    "state: approved",
    "owner: role:fraud\nstate: approved",
  );
  const { change, facts } = world({ [paths.bundle("1.0.0")]: text });
  const { impact } = planOf(decideFully(change, facts, asOf), dependentsIn(change.result));
  expect(impact).toEqual({
    direct: 2,
    transitive: 0,
    subjects: ["evaluation:fraud/score/1.0.0-regression-20260601t090000z", "scope:prod/fraud/score"],
  });
});

describe("the decision explains itself", () => {
  test("to the wire, with every diagnostic placed", () => {
    const decided = decideFully(
      golive.change,
      { ...golive.facts, reviews: [review(golive.change, "erin")] },
      asOf,
    );
    const placed = diagnosticsOf(decided.decision.findings, createPlacer(golive.change.result.tree));
    const document = decisionDocument(decided.decision, placed);
    expect(Object.keys(document).slice(0, 3)).toEqual(["format", "outcome", "decision"]);
    expect({ ...document, tree: null, policyRevision: null, digest: null }).toMatchObject({
      format: "assent.decision/v1",
      outcome: "pending",
      decision: null,
      eligibleAt: null,
    });
    const plan = planOf(decided, dependentsIn(golive.change.result));
    const wire = planDocument(plan, placed);
    expect(wire.changes).toEqual([{ path: prod, change: "modified", subject: "scope:prod/fraud/score" }]);
    expect(wire.transitions).toEqual([
      {
        subject: "scope:prod/fraud/score",
        action: "promote",
        from: "1.0.0",
        to: "1.1.0",
        scope: "prod/fraud/score",
      },
    ]);
    expect(
      wire.scopes.map(({ scope, before, after }) => [
        scope,
        before?.["NORMAL"]?.bundle,
        after?.["NORMAL"]?.bundle,
        after?.["DEGRADED"]?.outcome,
      ]),
    ).toEqual(
      [["prod/fraud/score", "bundle:fraud/score@1.0.0", "bundle:fraud/score@1.1.0", undefined]].map(
        ([a, b, c]) => [a, b, c, "incompatible"],
      ),
    );
    expect(wire.requires).toEqual([
      { policy: "registry:registry", role: "role:release or role:risk", count: 1, satisfied: 1 },
      { policy: "approval-policy:go-live", role: "role:risk", count: 1, satisfied: 0 },
      { policy: "approval-policy:go-live", role: "role:release", count: 1, satisfied: 1 },
    ]);
    expect(wire.compare).toEqual([
      {
        subject: "bundle:fraud/score@1.1.0",
        against: "bundle:fraud/score@1.0.0",
        environment: "prod",
        metric: "auc",
        threshold: ">= 0.9",
        before: 0.95,
        after: 0.95,
        passed: true,
        runs: [
          {
            run: "evaluation:fraud/score/1.1.0-regression-20260601t090000z",
            executedAt: "2026-06-01T09:00:00Z",
            value: 0.95,
            passed: true,
            vacuous: null,
          },
        ],
      },
    ]);
    expect(wire.impact).toEqual({ direct: 0, transitive: 0, subjects: [] });
  });

  test("every run behind a gate is in the plan, newest first, and the newest alone passes nothing", () => {
    const text = files[paths.bundle("1.1.0")] ?? "";
    const bad = evaluation("1.1.0", text, { auc: 0.5, at: "2026-06-02T09:00:00Z" });
    const empty = evaluation("1.1.0", text, { auc: 0.99, at: "2026-06-03T09:00:00Z" }).replace(
      /cases:[\s\S]*?(?=metrics)/,
      "cases: []\n",
    );
    const of = world(
      { [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: Because.\n' },
      {
        "registry/evaluations/fraud/score/1.1.0-regression-20260602t090000z.yaml": bad,
        "registry/evaluations/fraud/score/1.1.0-regression-20260603t090000z.yaml": empty,
      },
    );
    const plan = planOf(decideFully(of.change, of.facts, asOf), dependentsIn(of.change.result));
    const [row] = plan.compare;
    expect([
      row?.after,
      row?.passed,
      row?.runs.map(({ value, passed, vacuous }) => [value, passed, vacuous]),
    ]).toEqual([
      0.99,
      false,
      [
        [0.99, true, "it has no cases"],
        [0.5, false, null],
        [0.95, true, null],
      ],
    ]);
    expect(row === undefined ? null : runsWords(row)).toBe(
      "0.99 on 2026-06-03 says nothing (it has no cases), 0.5 on 2026-06-02 FAILS, 0.95 on 2026-06-01",
    );
  });

  test("a new version is compared with its predecessor and with what is live, texts as well", () => {
    const text = bundle("1.3.0", "candidate").replace(
      "  compatibility:",
      '    - { role: prompt, text: "Be brief." }\n  compatibility:',
    );
    const of = world({
      [paths.bundle("1.3.0")]: text,
      [paths.run("1.3.0")]: evaluation("1.3.0", text, { auc: 0.97 }),
    });
    const plan = planOf(decideFully(of.change, of.facts, asOf), dependentsIn(of.change.result));
    expect(plan.compare.map(({ against, before, after }) => [against, before, after])).toEqual([
      ["bundle:fraud/score@1.0.0", 0.95, 0.97],
      ["bundle:fraud/score@1.1.0", 0.95, 0.97],
      ["bundle:fraud/score@1.2.0", 0.95, 0.97],
    ]);
    expect(plan.texts.map(({ against, part, before, after }) => [against, part, before, after])[0]).toEqual([
      "bundle:fraud/score@1.0.0",
      "prompt",
      null,
      "Be brief.",
    ]);
  });
});

test("a prompt in a config is shown as texts, and who is hit further on is counted apart", () => {
  const config = (version: string, text: string): Texts => ({
    [`registry/configs/fraud/prompt/${version}.yaml`]: `title: Prompt\nstate: active\nspec:\n  type: prompt\n  text: "${text}"\n`,
  });
  const pinned = bundle("1.0.0", "approved").replace(
    "  compatibility:",
    "  configs: [config:fraud/prompt@1.0.0]\n  compatibility:",
  );
  const base = { ...config("1.0.0", "Be kind."), [paths.bundle("1.0.0")]: pinned };
  const next = bundle("1.3.0", "candidate").replace(
    "  compatibility:",
    "  configs: [config:fraud/prompt@1.1.0]\n  compatibility:",
  );
  const { change, facts } = world({ ...config("1.1.0", "Be brief."), [paths.bundle("1.3.0")]: next }, base);
  const { texts } = planOf(decideFully(change, facts, asOf), dependentsIn(change.result));
  const rows = texts.map(({ subject, against, part, before, after }) => [
    subject,
    against,
    part,
    before,
    after,
  ]);
  expect(rows).toContainEqual([
    "bundle:fraud/score@1.3.0",
    "bundle:fraud/score@1.0.0",
    "config:fraud/prompt",
    "Be kind.",
    "Be brief.",
  ]);
  expect(rows).toContainEqual([
    "config:fraud/prompt@1.1.0",
    "config:fraud/prompt@1.0.0",
    "config:fraud/prompt",
    "Be kind.",
    "Be brief.",
  ]);
  const edited = world(
    {
      "registry/configs/fraud/prompt/1.0.0.yaml": `owner: role:fraud\n${base["registry/configs/fraud/prompt/1.0.0.yaml"]}`,
    },
    base,
  );
  const { impact } = planOf(
    decideFully(edited.change, edited.facts, asOf),
    dependentsIn(edited.change.result),
  );
  expect([impact.direct, impact.transitive, impact.subjects.includes("scope:prod/fraud/score")]).toEqual([
    1,
    2,
    true,
  ]);
});

const examples = join(import.meta.dirname, "../../../shared/examples");

describe.skipIf(!existsSync(examples))("the examples (need ../shared)", () => {
  const texts = Object.fromEntries(
    (existsSync(examples) ? readdirSync(examples, { recursive: true, encoding: "utf8" }) : [])
      .filter((path) => path === "CODEOWNERS" || path.endsWith(".yaml"))
      .map((path) => [path, readFileSync(join(examples, path), "utf8")]),
  );
  // The world's own files give way to those of the examples.
  const base: Texts = { ...Object.fromEntries(Object.keys(files).map((path) => [path, null])), ...texts };
  const digest =
    /targetDigest: (\S+)/.exec(
      texts["registry/evaluations/fraud/score/1.4.0-regression-20260601t090000z.yaml"] ?? "",
    )?.[1] ?? "";
  const of = world({ [prod]: 'bundle: "1.4.0"\nreason: Acme is content.\n' }, base);
  const reviews = (["carol", "dave"] as const).map((name) =>
    review(of.change, name, { user: { id: people[name], login: name, type: "User" } }),
  );
  const soaked = new Map([["stage/fraud/score", [{ at: "2026-07-01T00:00:00Z" as Instant, digest }]]]);
  const ids = Object.fromEntries(
    Object.entries(texts).flatMap(([path, text]) => {
      const name = /identities\/(\w+)\.yaml$/.exec(path)?.[1];
      return name === undefined ? [] : [[name, Number(/id: (\d+)/.exec(text)?.[1])]];
    }),
  );

  test("people have the ids that these tests use", () => {
    expect([ids["carol"], ids["dave"], ids["alice"]]).toEqual([people.carol, people.dave, people.alice]);
  });

  test("promoting 1.4.0 to prod asks risk and release, a fresh run and a day in stage", () => {
    const none = documents(of, { timelines: soaked });
    expect(none.plan.requires.map(({ policy, role }) => `${policy} ${role}`)).toEqual([
      "registry:registry role:model-risk or role:release-manager",
      "approval-policy:go-live-prod role:model-risk",
      "approval-policy:go-live-prod role:release-manager",
    ]);
    expect(none.plan.scopes.map(({ scope }) => scope)).toEqual(["prod/fraud/score"]);
    expect(none.plan.compare.map(({ metric, threshold, passed }) => [metric, threshold, passed])).toEqual([
      ["auc_roc", ">= 0.6", true],
      ["auc_roc", ">= 0.9", true],
      ["precision_at_50", null, null],
    ]);
    expect([none.decision.outcome, documents(of, { timelines: soaked, reviews }).decision.outcome]).toEqual([
      "pending",
      "allowed",
    ]);
    expect(documents(of, { timelines: new Map([["stage/fraud/score", []]]), reviews }).decision.outcome).toBe(
      "denied",
    );
  });
});
