/**
 * Attacks on the decision that are pure values: each is built whole, with everything else as an honest world has it,
 * and refused. Attacks through git, forges and files have tests beside their adapters.
 */
import { describe, expect, test } from "vitest";
import { changeOf } from "../../src/core/govern/change.ts";
import { decide } from "../../src/core/govern/decide.ts";
import type { Facts } from "../../src/core/govern/facts.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import {
  account,
  asOf,
  bundle,
  commit,
  decideWith,
  digestOfBundle,
  evaluation,
  files,
  fingerprint,
  open,
  paths,
  people,
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
const owner = `owner: role:fraud\n`;
const text = (path: string): string => files[path] ?? "";

describe("lowering the rules in the change that they would judge", () => {
  // Alice is in no governance role; her colleague Bob would wave anything through.
  const more = "\nrole: x";
  test.each<[string, Texts, Texts]>([
    ["removing the approval policy", { ...promote, [paths.policy("go-live")]: null }, {}],
    [
      "loosening it",
      {
        ...promote,
        [paths.policy("go-live")]: text(paths.policy("go-live")).replace("role:release", "role:fraud"),
      },
      {},
    ],
    [
      "making it unreadable",
      { ...promote, [paths.policy("go-live")]: text(paths.policy("go-live")) + more },
      {},
    ],
    [
      "joining the role",
      {
        ...promote,
        [paths.role("risk")]: "title: R\nmembers: [identity:alice, identity:bob]\n",
        [paths.role("release")]: "title: R\nmembers: [identity:alice, identity:bob]\n",
      },
      {},
    ],
    [
      "taking over an account",
      { ...promote, [paths.identity("carol")]: `title: carol\ngithub: { login: bob, id: ${people.bob} }\n` },
      {},
    ],
    [
      "owning the path",
      {
        ...promote,
        [paths.registry]: registryYaml().replace("roles: [role:release, role:risk]", "roles: [role:fraud]"),
      },
      {},
    ],
    [
      "calling the use case harmless",
      {
        ...promote,
        "registry/usecases/fraud/score.yaml": text("registry/usecases/fraud/score.yaml").replace(
          "high",
          "low",
        ),
      },
      {},
    ],
    [
      "lowering the gate",
      {
        ...promote,
        "registry/usecases/fraud/score.yaml": text("registry/usecases/fraud/score.yaml").replace(
          "0.9",
          "0.1",
        ),
      },
      { [paths.run("1.1.0")]: evaluation("1.1.0", text(paths.bundle("1.1.0")), { auc: 0.5 }) },
    ],
    ["switching to observe", { ...promote, [paths.registry]: registryYaml({ mode: "observe" }) }, {}],
    [
      "ungoverning the file first",
      {
        "docs/a.md": "x",
        [prod]: live("1.1.0"),
        [paths.registry]: registryYaml().replace("alsoGoverned: [/docs/]\n", ""),
      },
      {},
    ],
  ])("%s: denied, and Bob's yes fills no slot", (_, edits, base) => {
    const decision = decideWith(world(edits, base), ["bob"]);
    expect(decision.outcome).toBe("denied");
    expect(decision.findings.map(({ definition }) => definition.code)).toContain("govern/mixed");
    expect(open(decision.tree)).toContain("pending one of role:risk (approval-policy:go-live)");
  });

  test.each<[string, Texts]>([
    ["CODEOWNERS", { CODEOWNERS: "* @mallory\n" }],
    ["a workflow", { ".github/workflows/gate.yml": "on: push\n" }],
    ["the tool's manifest", { ".github/assent/package.json": "{}\n" }],
    [
      "a metadata schema",
      {
        "registry/governance/metadata-schemas/x.yaml":
          "title: X\nappliesTo: [Bundle]\nschema: { type: object }\n",
      },
    ],
    ["the approval policy alone", { [paths.policy("go-live")]: null }],
    ["a role alone", { [paths.role("risk")]: "title: R\nmembers: [identity:alice, identity:bob]\n" }],
  ])("%s in a change of its own still needs governance, as of the base", (_, edits) => {
    const of = world(edits);
    const facts = { findings: [] };
    expect([
      spelled(decideWith(of, ["bob", "carol", "erin"], facts)),
      spelled(decideWith(of, ["dave"], facts)),
    ]).toEqual(["pending", "allowed"]);
  });

  test("binding less, or excusing more, for what the same change edits", () => {
    const bound: Texts = {
      "registry/policies/core/p/1.0.0.yaml":
        "title: P\nstate: active\nspec:\n  appliesTo: [UseCase]\n  rules:\n    - { id: r, assert: 'riskTier == \"high\"', severity: high, message: No. }\n",
      "registry/governance/policy-bindings/p.yaml":
        "title: P\nselector: {}\npolicies: [policy:core/p@1.0.0]\n",
    };
    const low = {
      "registry/usecases/fraud/score.yaml": text("registry/usecases/fraud/score.yaml").replace(
        "riskTier: high",
        "riskTier: low",
      ),
    };
    const waiver = {
      "registry/governance/waivers/w.yaml":
        'title: W\npolicy: policy:core/p@1.0.0\nselector: {}\nreason: Agreed.\nexpires: "2026-12-31T00:00:00Z"\n',
    };
    const warn = {
      "registry/governance/policy-bindings/p.yaml": `${bound["registry/governance/policy-bindings/p.yaml"]}mode: warn\n`,
    };
    for (const trick of [{}, waiver, warn, { "registry/governance/policy-bindings/p.yaml": null }])
      expect(
        spelled(decideWith(world({ ...low, ...trick }, bound), ["dave", "frank"], { findings: [] })),
      ).toBe("denied govern/non-compliant");
  });

  test("a pattern of a policy that cannot be read asks for its approvals everywhere", () => {
    const base = {
      [paths.policy("odd")]:
        'match: { paths: ["registry/[x"] }\nrequire:\n  approvals: [{ role: role:governance }]\n',
    };
    const of = world({ [paths.live("dev/fraud/score")]: live("1.0.0") }, base);
    expect([spelled(decideWith(of, ["bob"])), spelled(decideWith(of, ["bob", "dave"]))]).toEqual([
      "pending",
      "allowed",
    ]);
  });

  test("a branch from before a policy was tightened is judged by the tightened one", () => {
    const tightened = {
      [paths.policy("undo")]:
        "match: { kinds: [Activation] }\nrequire:\n  approvals: [{ role: role:governance, count: 2 }]\n",
    };
    const of = world({ [paths.live("dev/fraud/score")]: live("1.0.0") }, tightened, {
      mergeBases: ["9".repeat(40)],
    });
    expect([
      spelled(decideWith(of, ["bob", "dave"])),
      spelled(decideWith(of, ["bob", "dave", "frank"])),
    ]).toEqual(["pending", "allowed"]);
  });
});

describe("moving an approval to something else", () => {
  const at = (edits: Texts, ref = "refs/heads/main") => world(edits, {}, { ref }).change;
  const approvals = (digest = golive.change.digest) =>
    (["carol", "dave"] as const).map((name) => review(golive.change, name, { digest }));
  test.each<[string, ReturnType<typeof at>]>([
    ["approve, then push another byte", at({ [prod]: `${live("1.1.0")}# later\n` })],
    ["approve, then push one more file", at({ ...promote, [paths.live("dev/fraud/score")]: live("1.0.0") })],
    ["retarget: the same files on another branch", at(promote, "refs/heads/release")],
  ])("%s", (_, change) => {
    const decision = decide(change, { ...golive.facts, reviews: approvals() }, asOf);
    expect([decision.outcome, decision.reviews.map(({ counted, reason }) => `${counted} ${reason}`)]).toEqual(
      [
        "pending",
        [
          "false the change was another one at the reviewed commit",
          "false the change was another one at the reviewed commit",
        ],
      ],
    );
  });

  test("another registry", () => {
    const other = world(promote, { [paths.registry]: registryYaml().replace("id: example", "id: twin") });
    expect(decide(other.change, { ...other.facts, reviews: approvals() }, asOf).outcome).toBe("pending");
  });

  test("what does not differ keeps its approvals: rebased, squashed or updated", () => {
    const { base, paths: changed, result } = golive.change;
    const rebased = changeOf({
      ref: "refs/heads/main",
      base: { ...base, commit: "1".repeat(40) },
      head: "2".repeat(40),
      mergeBases: ["3".repeat(40)],
      paths: [...changed].reverse(),
      result,
    });
    expect(decide(rebased, { ...golive.facts, reviews: approvals() }, asOf).outcome).toBe("allowed");
  });

  test("a replayed signature: promote, roll back, promote again", () => {
    const signatures = (["carol", "dave"] as const).map((name) => ({
      identity: `identity:${name}`,
      key: fingerprint(name),
      digest: golive.change.digest,
      valid: true,
    }));
    const facts: Facts = { ...golive.facts, signatures };
    expect([
      spelled(decide(golive.change, facts, asOf)),
      spelled(decide(golive.change, { ...facts, spent: true }, asOf)),
    ]).toEqual(["allowed", "denied govern/spent"]);
  });
});

describe("being more people than one", () => {
  test.each<[string, Person[], Partial<Facts>, string]>([
    ["one person in two slots", ["erin"], {}, "pending"],
    [
      "the author through a colleague's rebase",
      ["carol", "dave"],
      {
        author: account("alice"),
        commits: [
          commit("alice", { committer: { id: people.carol, login: "carol", email: null } }),
          commit("dave"),
        ],
      },
      "denied govern/nobody-left",
    ],
    [
      "a bot and the one who controls it",
      ["carol", "dave"],
      { author: { id: 900, login: "bot[bot]", type: "Bot" } },
      "pending",
    ],
    [
      "a bot and the one who asked it",
      ["carol", "dave"],
      { author: { id: 900, login: "bot[bot]", type: "Bot" }, requestedBy: account("carol") },
      "denied govern/nobody-left",
    ],
  ])("%s", (_, names, facts, expected) => {
    expect(spelled(decideWith(golive, names, facts))).toBe(expected);
  });

  test("a second account or key of one person", () => {
    const erin = review(golive.change, "erin");
    const second = { ...erin, id: 2, user: { id: 555, login: "erin-too", type: "User" } };
    const signature = {
      identity: "identity:erin",
      key: fingerprint("erin"),
      digest: golive.change.digest,
      valid: true,
    };
    expect(
      spelled(
        decide(golive.change, { ...golive.facts, reviews: [erin, second], signatures: [signature] }, asOf),
      ),
    ).toBe("pending");
  });
});

describe("time and evidence", () => {
  const approve = (facts: Partial<Facts>) => spelled(decideWith(golive, ["carol", "dave"], facts));
  test("forged commit dates against soak", () => {
    const forged = [
      { at: "2026-07-09T23:00:00Z" as Instant, digest: digestOfBundle("1.0.0") },
      { at: "2026-01-01T00:00:00Z" as Instant, digest: digestOfBundle("1.1.0") },
    ];
    expect(approve({ timelines: new Map([["stage/fraud/score", forged]]) })).toBe("pending");
    expect(approve({ timelines: timelines("1.1.0", "2026-08-01T00:00:00Z") })).toBe("pending");
  });

  test("facts that nobody gathered", () => {
    expect([
      approve({ findings: null }),
      approve({ timelines: new Map() }),
      approve({ author: null }),
    ]).toEqual(["denied govern/unknown", "denied govern/unknown", "denied govern/author-unknown"]);
  });

  test("a bad run that is deleted in the same change", () => {
    const bad = "registry/evaluations/fraud/score/1.1.0-regression-20260602t090000z.yaml";
    const base = {
      [bad]: evaluation("1.1.0", text(paths.bundle("1.1.0")), { auc: 0.5, at: "2026-06-02T09:00:00Z" }),
    };
    expect(spelled(decideWith(world({ ...promote, [bad]: null }, base), ["carol", "dave", "bob"]))).toBe(
      "denied govern/data-invalid",
    );
  });

  test("a bundle with another content under the same version", () => {
    const other = bundle("1.1.0", "approved").replace("Version 1.1.0", "Version 6.6.6");
    expect(
      spelled(
        decideWith(
          world({ [paths.bundle("1.1.0")]: other, [paths.run("1.1.0")]: evaluation("1.1.0", other) }),
          ["bob", "carol"],
        ),
      ),
    ).toBe("denied govern/data-invalid");
  });
});

describe("going around the gate's door", () => {
  test("a governed file that points elsewhere", () => {
    for (const mode of ["120000", "160000"] as const) {
      const of = world({ ".github/assent/package-lock.json": "x" });
      const change = { ...of.change, paths: of.change.paths.map((path) => ({ ...path, modeTo: mode })) };
      expect(spelled(decide(change, { ...of.facts, reviews: [review(of.change, "dave")] }, asOf))).toBe(
        "denied govern/link",
      );
    }
  });

  test("two promotions that merge cleanly: the second is a conflict with what landed", () => {
    const { change, facts } = golive;
    const landed = world(promote, { [prod]: live("1.0.0", owner) });
    const second = { ...change, base: landed.change.base, rules: landed.change.base };
    expect(
      spelled(
        decide(
          second,
          { ...facts, reviews: (["carol", "dave"] as const).map((name) => review(change, name)) },
          asOf,
        ),
      ),
    ).toBe("denied govern/conflict");
  });

  test("an emergency as a short cut for something else", () => {
    const trick = world({
      [prod]: live("1.1.0", "emergency: true\n"),
      [paths.bundle("1.2.0")]: bundle("1.2.0", "approved"),
    });
    expect(spelled(decideWith(trick, ["dave", "carol", "bob"]))).toBe("denied govern/emergency-not-alone");
  });
});
