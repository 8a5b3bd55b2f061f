/** What a change is and what it means (DESIGN 4, Actions; 5.1; 5.2): shape, transitions, altered scopes. */
import { describe, expect, test } from "vitest";
import { changeOf, resultTree, type ChangeInput } from "../../src/core/govern/change.ts";
import { assess } from "../../src/core/govern/decide.ts";
import { governedBy, isGovernanceFile } from "../../src/core/govern/governed.ts";
import { skippedMoves } from "../../src/core/govern/transitions.ts";
import { kindOf } from "../../src/core/kinds/index.ts";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { treeOfTexts } from "../../src/core/model/tree.ts";
import {
  asOf,
  bundle,
  decideWith,
  evaluation,
  files,
  open,
  paths,
  registryWith,
  registryYaml,
  spelled,
  world,
  type Texts,
} from "../govern-world.ts";

/** The transitions of a change, one a line: `action subject from>to`, `~` before what is indirect. */
function moves(
  edits: Texts,
  base: Texts = {},
  stacks?: ReadonlyMap<string, readonly string[]> | null,
): string[] {
  const { change, facts } = world(edits, base);
  return assess(change, stacks === undefined ? facts.stacks : stacks, asOf).transitions.map(
    ({ action, subject, from, to, indirect }) =>
      `${indirect === true ? "~" : ""}${action} ${subject} ${from}>${to}`,
  );
}

const prod = paths.live("prod/fraud/score");
const live = (version: string, more = ""): string =>
  `bundle: "${version}"\nreason: Because of ${version}.\n${more}`;
const model = (state: string, more = ""): string =>
  `title: M\nstate: ${state}\n${more}spec:\n  provider: provider:p\n  type: classification\n`;

describe("governed paths (5.1)", () => {
  const isGoverned = governedBy(registryWith());
  test.each([
    ["registry/anything", true, false],
    ["registry/registry.yaml", true, true],
    ["registry/governance/roles/x.yaml", true, true],
    ["registry/usecases/a/b.yaml", true, true],
    ["registry/policies/core/x/1.0.0.yaml", true, false],
    ["registry/live/prod/a/b.yaml", true, false],
    ["CODEOWNERS", true, true],
    [".github/workflows/gate.yml", true, true],
    [".github/assent/package-lock.json", true, true],
    [".gitattributes", true, true],
    ["docs/a.md", true, true],
    ["src/main.ts", false, true],
    ["CODEOWNERS.md", false, true],
  ])("%s: governed %s, governance file %s", (path, governed, rule) => {
    expect(isGoverned(path)).toBe(governed);
    if (governed) expect(isGovernanceFile(path)).toBe(rule);
  });

  test("what the base does not govern is no part of the change, whatever the head says", () => {
    const extra = "src/main.ts";
    const { change } = world(
      {
        [extra]: "b\n",
        [paths.registry]: registryYaml().replace("alsoGoverned: [/docs/]", "alsoGoverned: [/src/]"),
      },
      { [extra]: "a\n" },
    );
    expect(change.paths.map(({ path }) => path)).toEqual([paths.registry]);
  });

  test("what the base governs stays governed in the change that takes it out", () => {
    const { change } = world({
      "docs/a.md": "other\n",
      [paths.registry]: registryYaml().replace("alsoGoverned: [/docs/]\n", ""),
    });
    expect(change.paths.map(({ path }) => path)).toEqual(["docs/a.md", paths.registry]);
  });
});

describe("R is B with the changed paths replaced (5.1)", () => {
  const base = treeOfTexts({ a: "1", b: "1", c: "1" });
  const head = treeOfTexts({ a: "2", b: "stale", d: "1" });
  const r = resultTree(base, head, [
    { path: "a", modeTo: "100644" },
    { path: "c", modeTo: null },
    { path: "d", modeTo: "100644" },
  ]);
  test("and nothing else of the head is taken", () => {
    const text = (path: string): string => new TextDecoder().decode(r.get(path)?.read());
    expect(r.files.map(({ path }) => `${path}=${text(path)}`)).toEqual(["a=2", "b=1", "d=1"]);
  });
});

describe("the shape of a change (5.1)", () => {
  const edit: Texts = { [paths.live("dev/fraud/score")]: live("1.0.0") };
  const judged = (input: Partial<ChangeInput>, edits = edit): string =>
    spelled(decideWith(world(edits, {}, input), ["bob"]));
  test.each<[string, Partial<ChangeInput>, string]>([
    ["one merge base", {}, "allowed"],
    ["several merge bases", { mergeBases: ["1".repeat(40), "2".repeat(40)] }, "denied govern/criss-cross"],
    ["no common history", { mergeBases: [] }, "denied govern/unrelated"],
    [
      "the file is another one at B than at A",
      {
        paths: [
          {
            path: paths.live("dev/fraud/score"),
            modeFrom: "100644",
            modeTo: "100644",
            from: "0".repeat(64),
            to: "1".repeat(64),
          },
        ],
      },
      "denied govern/conflict",
    ],
    [
      "the file was removed at B",
      {
        paths: [
          {
            path: paths.live("dev/fraud/gone"),
            modeFrom: "100644",
            modeTo: "100644",
            from: "0".repeat(64),
            to: "1".repeat(64),
          },
        ],
      },
      "denied govern/conflict",
    ],
    [
      "the file was added at B as well",
      {
        paths: [
          {
            path: paths.live("dev/fraud/score"),
            modeFrom: null,
            modeTo: "100644",
            from: null,
            to: "1".repeat(64),
          },
        ],
      },
      "denied govern/conflict",
    ],
    [
      "another mode at B",
      {
        paths: [
          {
            path: paths.live("dev/fraud/score"),
            modeFrom: "100755",
            modeTo: "100644",
            from: sha256Hex(files[paths.live("dev/fraud/score")] ?? ""),
            to: "1".repeat(64),
          },
        ],
      },
      "denied govern/conflict",
    ],
  ])("%s", (_, input, expected) => {
    expect(judged(input)).toBe(expected);
  });

  test.each<[string, Texts, string]>([
    ["rules with catalogue", { ...edit, [paths.policy("undo")]: null }, "denied govern/mixed"],
    ["CODEOWNERS with catalogue", { ...edit, CODEOWNERS: "# y\n" }, "denied govern/mixed"],
    [
      "a use case with a bundle",
      {
        [paths.live("dev/fraud/score")]: live("1.0.0"),
        "registry/usecases/fraud/score.yaml": `${files["registry/usecases/fraud/score.yaml"]}reviewBy: "2027-01-01"\n`,
      },
      "denied govern/mixed",
    ],
  ])("%s (govern/mixed)", (_, edits, expected) => {
    expect(judged({}, edits)).toContain(expected.split(" ")[1]);
    expect(judged({}, edits)).toMatch(/^denied/);
  });

  test("a change of nothing governed needs nobody", () => {
    const decision = decideWith(world({ "src/a.ts": "x" }), []);
    expect([decision.outcome, decision.decision]).toEqual(["allowed", "NON_GOVERNED"]);
  });

  test("but not from several merge bases, where nobody knows what it changes", () => {
    expect(
      spelled(
        decideWith(world({ "src/a.ts": "x" }, {}, { mergeBases: ["1".repeat(40), "2".repeat(40)] }), []),
      ),
    ).toBe("denied govern/criss-cross");
  });

  test("an unowned governed path is denied", () => {
    expect(spelled(decideWith(world({ "docs/unowned/a": "x" }), ["dave", "frank"]))).toBe(
      "denied govern/unowned",
    );
  });

  test("the digest is for the registry's id at B, at R when B has none, and for the branch", () => {
    const { change } = world({ [paths.registry]: registryYaml().replace("id: example", "id: other") });
    const same = (ref: string, registry = change.base.registry) =>
      changeOf({
        ref,
        base: { commit: "b", registry },
        head: "h",
        mergeBases: ["a"],
        paths: change.paths,
        result: change.result,
      }).digest;
    expect(same("refs/heads/main")).toBe(change.digest);
    expect(same("refs/heads/other")).not.toBe(change.digest);
    expect(same("refs/heads/main", registryWith({ [paths.registry]: null }))).not.toBe(change.digest);
  });
});

describe("actions (DESIGN 4)", () => {
  const candidate = bundle("1.2.0", "candidate");
  test.each<[string, Texts, Texts, string[]]>([
    [
      "approve",
      { [paths.bundle("1.2.0")]: bundle("1.2.0", "approved") },
      {},
      ["approve bundle:fraud/score@1.2.0 candidate>approved"],
    ],
    [
      "reject",
      { [paths.bundle("1.2.0")]: bundle("1.2.0", "rejected") },
      {},
      ["reject bundle:fraud/score@1.2.0 candidate>rejected"],
    ],
    [
      "approve and edit",
      { [paths.bundle("1.2.0")]: `owner: role:fraud\n${bundle("1.2.0", "approved")}` },
      {},
      ["approve bundle:fraud/score@1.2.0 candidate>approved", "edit bundle:fraud/score@1.2.0 null>null"],
    ],
    [
      "edit of comments alone",
      { [paths.bundle("1.2.0")]: `# note\n${candidate}` },
      {},
      ["edit bundle:fraud/score@1.2.0 null>null"],
    ],
    [
      "a reason without a move is an edit",
      { [paths.bundle("1.2.0")]: `reason: Other.\n${candidate}` },
      {},
      ["edit bundle:fraud/score@1.2.0 null>null"],
    ],
    [
      "create",
      { [paths.bundle("1.3.0")]: bundle("1.3.0", "candidate") },
      {},
      ["create bundle:fraud/score@1.3.0 null>candidate"],
    ],
    [
      "create and approve in one",
      { [paths.bundle("1.3.0")]: bundle("1.3.0", "approved") },
      {},
      [
        "create bundle:fraud/score@1.3.0 null>candidate",
        "approve bundle:fraud/score@1.3.0 candidate>approved",
      ],
    ],
    [
      "a new model in production has skipped beta",
      { [paths.model]: model("production") },
      {},
      [
        "create model:fraud/m@1.0.0 null>experimental",
        "beta model:fraud/m@1.0.0 experimental>beta",
        "release model:fraud/m@1.0.0 beta>production",
      ],
    ],
    [
      "a landed model may skip forward",
      { [paths.model]: model("production") },
      { [paths.model]: model("experimental") },
      ["release model:fraud/m@1.0.0 experimental>production"],
    ],
    [
      "restore",
      { [paths.model]: model("production") },
      { [paths.model]: model("deprecated", "sunset: unknown\n") },
      ["restore model:fraud/m@1.0.0 deprecated>production"],
    ],
    [
      "serve",
      { [paths.model]: model("beta", 'serving:\n  minApiVersion: "2"\n') },
      { [paths.model]: model("beta") },
      ["serve model:fraud/m@1.0.0 null>null"],
    ],
    [
      "serve and edit",
      { [paths.model]: `owner: role:fraud\n${model("beta", 'serving:\n  minApiVersion: "2"\n')}` },
      { [paths.model]: model("beta") },
      ["serve model:fraud/m@1.0.0 null>null", "edit model:fraud/m@1.0.0 null>null"],
    ],
    [
      "unversioned kinds: create",
      { [paths.role("new")]: "title: New\nmembers: [identity:bob]\n" },
      {},
      ["create role:new null>null"],
    ],
    ["remove", { [paths.policy("undo")]: null }, {}, ["remove approval-policy:undo null>null"]],
    [
      "edit",
      { [paths.policy("undo")]: `owner: role:fraud\n${files[paths.policy("undo")]}` },
      {},
      ["edit approval-policy:undo null>null"],
    ],
    [
      "governed files that are no entries",
      { CODEOWNERS: null, "docs/b": "x", "docs/a.md": "y" },
      {},
      ["remove CODEOWNERS null>null", "edit docs/a.md null>null", "create docs/b null>null"],
    ],
    [
      "what cannot be read at B has all its moves before it",
      { [paths.bundle("1.0.0")]: files[paths.bundle("1.0.0")] ?? "" },
      { [paths.bundle("1.0.0")]: "spec: 1\n", [prod]: live("1.1.0") },
      [
        "create bundle:fraud/score@1.0.0 null>candidate",
        "approve bundle:fraud/score@1.0.0 candidate>approved",
      ],
    ],
  ])("%s", (_, edits, base, expected) => {
    expect(moves(edits, base)).toEqual(expected);
  });

  test.each<[string, string, string[]]>([
    ["Pipeline", "deprecated", ["start", "deprecate"]],
    ["Pipeline", "paused", ["start", "pause"]],
    ["Model", "deprecated", ["beta", "release", "deprecate"]],
    ["Model", "experimental", []],
    ["Policy", "deprecated", ["start", "deprecate"]],
    ["Bundle", "approved", ["approve"]],
  ])("a new %s that is %s has %j behind it", (kind, state, expected) => {
    const { lifecycle } = kindOf(kind as "Model");
    expect(lifecycle && skippedMoves(lifecycle, state).map(({ action }) => action)).toEqual(expected);
  });
});

describe("moves of a scope (DESIGN 4)", () => {
  const had = new Map([["prod/fraud/score", ["1.0.0", "1.1.0"]]]);
  const atTop: Texts = { [prod]: live("1.1.0") };
  const subject = "scope:prod/fraud/score";
  test.each<[string, Texts, Texts, ReadonlyMap<string, readonly string[]> | null | undefined, string[]]>([
    [
      "activate",
      { [paths.live("prod/fraud/score/acme")]: live("1.0.0") },
      {},
      undefined,
      ["activate scope:prod/fraud/score/acme null>1.0.0"],
    ],
    [
      "promote to what it never had",
      { [prod]: live("1.1.0") },
      {},
      undefined,
      [`promote ${subject} 1.0.0>1.1.0`],
    ],
    [
      "rollback to what it had",
      { [prod]: live("1.0.0", "") },
      atTop,
      had,
      [`rollback ${subject} 1.1.0>1.0.0`],
    ],
    [
      "where history is not known it is a promotion",
      { [prod]: live("1.0.0") },
      atTop,
      null,
      [`promote ${subject} 1.1.0>1.0.0`],
    ],
    [
      "where history is of something else it is a promotion",
      { [prod]: live("1.0.0") },
      atTop,
      new Map([["prod/fraud/score", ["1.0.0", "0.9.0"]]]),
      [`promote ${subject} 1.1.0>1.0.0`],
    ],
    [
      "a lower number is no rollback by itself",
      { [prod]: live("1.0.0") },
      atTop,
      new Map([["prod/fraud/score", ["1.1.0"]]]),
      [`promote ${subject} 1.1.0>1.0.0`],
    ],
    [
      "deactivate",
      { [prod]: "bundle: none\nreason: Off.\n" },
      {},
      undefined,
      [`deactivate ${subject} 1.0.0>none`],
    ],
    [
      "inherit",
      { [prod]: "bundle: inherit\nreason: Off.\n" },
      {},
      undefined,
      [`inherit ${subject} 1.0.0>inherit`, `~deactivate ${subject} 1.0.0>null`],
    ],
    [
      "inherit -> live is activate",
      { [prod]: live("1.0.0") },
      { [prod]: "bundle: inherit\nreason: Off.\n" },
      undefined,
      [`activate ${subject} inherit>1.0.0`],
    ],
    [
      "amend",
      { [prod]: 'bundle: "1.0.0"\nreason: Other words.\n' },
      {},
      undefined,
      [`amend ${subject} 1.0.0>1.0.0`],
    ],
    [
      "taking the emergency flag away is a promotion of that bundle",
      { [prod]: live("1.0.0") },
      { [prod]: live("1.0.0", "emergency: true\n") },
      undefined,
      [`promote ${subject} 1.0.0>1.0.0`],
    ],
  ])("%s", (_, edits, base, stacks, expected) => {
    expect(moves(edits, base, stacks)).toEqual(expected);
  });
});

describe("indirect changes of a scope (5.2): whatever file is edited", () => {
  const acme = paths.live("prod/fraud/score/acme");
  const inheriting: Texts = { [paths.registry]: registryYaml({ inherit: true }) };
  const subject = "scope:prod/fraud/score";
  test.each<[string, Texts, Texts, string[]]>([
    [
      "the inherit flag turned on reaches every tenant that no file names",
      { [paths.registry]: registryYaml({ inherit: true }) },
      {},
      [
        "edit registry:registry null>null",
        ...["dev", "prod", "stage"].map(
          (environment) =>
            `~promote scope:${environment}/fraud/score/* null>${environment === "prod" ? "1.0.0" : "1.1.0"}`,
        ),
      ],
    ],
    [
      "the inherit flag turned off takes it away",
      { [paths.registry]: registryYaml() },
      inheriting,
      [
        "edit registry:registry null>null",
        ...["dev", "prod", "stage"].map(
          (environment) =>
            `~deactivate scope:${environment}/fraud/score/* ${environment === "prod" ? "1.0.0" : "1.1.0"}>null`,
        ),
      ],
    ],
    [
      "the platform's offer",
      { [paths.registry]: registryYaml({ primary: "" }) },
      {},
      [
        "edit registry:registry null>null",
        "~deactivate scope:dev/fraud/score 1.1.0>null",
        `~deactivate ${subject} 1.0.0>null`,
        "~deactivate scope:stage/fraud/score 1.1.0>null",
      ],
    ],
    [
      "an environment's own offer",
      { [paths.environment("prod")]: "title: prod\nrank: 30\nplatform: { capabilities: [] }\n" },
      {},
      ["edit environment:prod null>null", `~deactivate ${subject} 1.0.0>null`],
    ],
    [
      "a degrade profile",
      {
        [paths.environment("prod")]:
          "title: prod\nrank: 30\ndegradeProfiles:\n  DEGRADED: { posture: STEP_UP_ONLY }\n",
      },
      {},
      ["edit environment:prod null>null", `~promote ${subject} null>1.0.0`],
    ],
    [
      "a posture alone",
      {
        [paths.environment("prod")]:
          "title: prod\nrank: 30\ndegradeProfiles:\n  NORMAL: { posture: REVIEW }\n",
      },
      {},
      ["edit environment:prod null>null", `~promote ${subject} 1.0.0>1.0.0`],
    ],
    [
      "compatibility warn below the highest rank",
      { [paths.environment("stage")]: "title: stage\nrank: 20\ncompatibility: warn\n" },
      {},
      ["edit environment:stage null>null", "~promote scope:stage/fraud/score null>1.1.0"],
    ],
    [
      "a new environment above makes warn possible below",
      { [paths.environment("dr")]: "title: dr\nrank: 40\n" },
      { [paths.environment("prod")]: "title: prod\nrank: 30\ncompatibility: warn\n" },
      ["create environment:dr null>null", `~promote ${subject} null>1.0.0`],
    ],
    [
      "a fallback that is served in a degrade mode",
      { [prod]: 'bundle: "1.0.0"\nreason: First release.\nfallback: "1.1.0"\n' },
      { [paths.bundle("1.1.0")]: bundle("1.1.0", "approved").replace("    requires: [primary]\n", "") },
      [`amend ${subject} 1.0.0>1.0.0`, `~promote ${subject} null>1.1.0`],
    ],
    [
      "a tenant that inherits follows the wider scope's move",
      { [prod]: live("1.1.0") },
      { ...inheriting, [acme]: "bundle: inherit\nreason: As all.\n" },
      [`promote ${subject} 1.0.0>1.1.0`, "~promote scope:prod/fraud/score/acme 1.0.0>1.1.0"],
    ],
    [
      "and its rollback",
      { [prod]: live("1.0.0") },
      { ...inheriting, [prod]: live("1.1.0"), [acme]: "bundle: inherit\nreason: As all.\n" },
      [`rollback ${subject} 1.1.0>1.0.0`, "~rollback scope:prod/fraud/score/acme 1.1.0>1.0.0"],
    ],
    [
      "a tenant that lets go of its own is promoted to what the wider scope has",
      { [acme]: "bundle: inherit\nreason: As all.\n" },
      { ...inheriting, [acme]: live("1.1.0") },
      [
        "inherit scope:prod/fraud/score/acme 1.1.0>inherit",
        "~promote scope:prod/fraud/score/acme 1.1.0>1.0.0",
      ],
    ],
    [
      "a bundle file that a scope already names",
      { [paths.bundle("1.3.0")]: bundle("1.3.0", "approved") },
      { [prod]: live("1.3.0") },
      [
        "create bundle:fraud/score@1.3.0 null>candidate",
        "approve bundle:fraud/score@1.3.0 candidate>approved",
        `~promote ${subject} null>1.3.0`,
      ],
    ],
  ])("%s", (_, edits, base, expected) => {
    const stacks = new Map([["prod/fraud/score", ["1.0.0", "1.1.0"]]]);
    const isRollback = expected.some((line) => line.includes("rollback"));
    expect(moves(edits, base, isRollback ? stacks : undefined)).toEqual(expected);
  });

  test("a rollback that brings an unseen fallback along is judged as promote as well", () => {
    const fits = bundle("1.2.0", "approved").replace("    requires: [primary]\n", "");
    const base: Texts = { [prod]: live("1.1.0"), [paths.bundle("1.2.0")]: fits };
    const stacks = new Map([["prod/fraud/score", ["1.0.0", "1.1.0"]]]);
    expect(moves({ [prod]: live("1.0.0", 'fallback: "1.2.0"\n') }, base, stacks)).toEqual([
      `rollback ${subject} 1.1.0>1.0.0`,
      `~promote ${subject} null>1.2.0`,
    ]);
  });

  test("asks for approvals, not for soak, freshness or gates", () => {
    const world1 = world({
      [paths.environment("prod")]: "title: prod\nrank: 30\ndegradeProfiles:\n  NORMAL: { posture: REVIEW }\n",
    });
    const stale = { timelines: new Map() };
    expect(open(decideWith(world1, ["frank"], stale).tree)).toEqual([
      "pending one of role:release (approval-policy:go-live)",
      "pending one of role:risk (approval-policy:go-live)",
    ]);
    expect(spelled(decideWith(world1, ["frank", "carol", "erin"], stale))).toBe("allowed");
  });

  test("what only a waiver, a label or a title touches alters no scope", () => {
    expect(moves({ [paths.bundle("1.0.0")]: `owner: role:fraud\n${files[paths.bundle("1.0.0")]}` })).toEqual([
      "edit bundle:fraud/score@1.0.0 null>null",
    ]);
  });

  test("a new run of an evaluation moves nothing", () => {
    const text = files[paths.bundle("1.0.0")] ?? "";
    const path = "registry/evaluations/fraud/score/1.0.0-regression-20260701t090000z.yaml";
    expect(moves({ [path]: evaluation("1.0.0", text, { at: "2026-07-01T09:00:00Z" }) })).toEqual([
      "create evaluation:fraud/score/1.0.0-regression-20260701t090000z null>null",
    ]);
  });
});
