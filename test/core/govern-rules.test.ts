/** `rulesOf`: which policies each move falls under, who could agree, and what is said about what nobody can meet. */
import { describe, expect, it } from "vitest";
import { decide } from "../../src/core/govern/decide.ts";
import { rulesOf, type MoveRule, type Rules } from "../../src/core/govern/rules.ts";
import { asOf, paths, registryWith, review, world, type Texts } from "../govern-world.ts";
import { registryOfValues } from "../registry-of-values.ts";

/** `kinds actions @environment: policy policy` a move. */
const spell = ({ kinds, actions, environment, asks }: MoveRule): string =>
  `${kinds.join("+")} ${actions.join("+")} @${environment ?? "-"}: ${asks.map(({ policy }) => policy.replace("approval-policy:", "")).join(" ")}`.trim();

describe("moves", () => {
  it("tells all of them, the highest environment first", () => {
    const rules = rulesOf(registryWith(), null);
    expect(rules.moves.map(spell)).toEqual([
      "Activation activate+promote @prod: go-live",
      "Activation rollback+deactivate @prod: undo",
      "Activation inherit+amend @prod:",
      "Activation activate+promote+rollback+deactivate+inherit+amend @stage:",
      "Activation activate+promote+rollback+deactivate+inherit+amend @dev:",
      "Bundle approve @-: approve",
    ]);
    expect(rules.paths.map(({ paths: of, ask }) => [of.length, ask.policy])).toEqual([
      [3, "approval-policy:rules"],
    ]);
    expect([rules.mode, rules.environment, rules.idle]).toEqual(["enforce", null, []]);
  });

  it("tells of one environment what goes live there", () => {
    const rules = rulesOf(registryWith(), "prod");
    expect(rules.moves.map(({ environment }) => environment)).toEqual(["prod", "prod", "prod"]);
    expect(rules.ownership).toEqual([
      {
        path: "registry/live/prod/fraud/score.yaml",
        roles: ["role:release", "role:risk"],
        holders: ["identity:carol", "identity:dave", "identity:erin"],
        problems: [],
      },
    ]);
    expect([rules.paths, rules.idle]).toEqual([[], []]);
  });

  it("a policy without keys is about everything, and kinds with the same moves stand together", () => {
    const rules = rulesOf(
      registryWith({
        [paths.policy("all")]: "title: All\nmatch: {}\nrequire:\n  approvals: [{ role: owner }]\n",
      }),
      null,
    );
    expect(
      rules.moves
        .filter(({ environment }) => environment === null)
        .every(({ asks }) => asks.some(({ policy }) => policy.endsWith(":all"))),
    ).toBe(true);
    const unversioned = rules.moves.find(({ kinds }) => kinds.includes("Role"));
    expect(unversioned?.kinds).toContain("Environment");
    expect(unversioned?.actions).toEqual(["create", "edit", "remove"]);
  });

  it("a policy of a kind and an environment is never asked unless that kind goes live", () => {
    const edit: Texts = {
      [paths.policy("odd")]:
        "title: Odd\nmatch: { kinds: [Model], environments: [environment:prod] }\nrequire:\n  approvals: [{ role: owner }]\n",
    };
    expect(rulesOf(registryWith(edit), null).idle).toEqual(["approval-policy:odd"]);
  });
});

describe("what is asked for", () => {
  it("says everything a policy says", () => {
    const [move] = rulesOf(registryWith(), "prod").moves;
    expect(move?.asks[0]).toEqual({
      policy: "approval-policy:go-live",
      title: "Go live",
      when: 'usecase.riskTier in ["high", "critical"]',
      namespaces: [],
      approvals: [
        { role: "role:risk", count: 1, holders: ["identity:carol", "identity:erin"] },
        { role: "role:release", count: 1, holders: ["identity:dave", "identity:erin"] },
      ],
      assurance: "forge",
      evaluationMaxAge: "P90D",
      attestedEvaluations: false,
      verifiedArtifacts: false,
      soak: { environment: "stage", duration: "P1D" },
      emergency: {
        approvals: [{ role: "role:governance", count: 1, holders: ["identity:dave", "identity:frank"] }],
        expiresAfter: "P3D",
      },
      problems: [],
    });
  });

  /** A registry with one policy about going live; `ada` and `bob` are people, `eve` is inactive, `bot` a bot. */
  const withPolicies = (policies: Readonly<Record<string, object>>): Rules =>
    rulesOf(
      registryOfValues({
        "registry/registry.yaml": {
          id: "x",
          mode: "enforce",
          ownership: [
            { path: "*", roles: ["role:one"] },
            { path: "/x/", roles: [] },
            { path: "/y/", roles: ["role:none"] },
          ],
        },
        "registry/governance/environments/prod.yaml": { rank: 1 },
        "registry/governance/identities/ada.yaml": {},
        "registry/governance/identities/bob.yaml": {},
        "registry/governance/identities/eve.yaml": { active: false },
        "registry/governance/identities/bot.yaml": { type: "bot", controller: "identity:ada" },
        "registry/governance/roles/one.yaml": { members: ["identity:ada", "identity:eve"] },
        "registry/governance/roles/two.yaml": { members: ["identity:ada", "identity:bob"] },
        "registry/governance/roles/same.yaml": { members: ["identity:ada", "identity:bob"] },
        "registry/governance/roles/also.yaml": { members: ["identity:ada", "identity:bob"] },
        "registry/governance/roles/none.yaml": { members: ["identity:eve", "identity:bot"] },
        ...Object.fromEntries(
          Object.entries(policies).map(([name, require]) => [
            `registry/governance/approval-policies/${name}.yaml`,
            { match: { actions: ["promote"], environments: ["environment:prod"] }, ...require },
          ]),
        ),
      }),
      null,
    );
  const ask = (role: string, count?: number): object => ({
    role: `role:${role}`,
    ...(count !== undefined && { count }),
  });

  it.each<[string, object, string[]]>([
    ["enough people", { require: { approvals: [ask("two")] } }, []],
    ["an owner", { require: { approvals: [{ role: "owner", count: 2 }] } }, []],
    ["nothing", { require: {} }, ["It asks for nothing."]],
    [
      "a soak alone is something",
      { require: { soak: { environment: "environment:prod", duration: "P1D" } } },
      [],
    ],
    [
      "nobody but a bot and one who left",
      { require: { approvals: [ask("none")] } },
      ["No active person holds role:none, so nobody can agree."],
    ],
    [
      "a role that is not there",
      { require: { approvals: [ask("gone")] } },
      ["No active person holds role:gone, so nobody can agree."],
    ],
    [
      "more than there are",
      { require: { approvals: [ask("two", 3)] } },
      ["3 of role:two are asked for, and only 2 can agree."],
    ],
    [
      "all there are",
      { require: { approvals: [ask("two", 2)] } },
      ["Everybody who holds role:two must agree, so none of them may make the change."],
    ],
    [
      "different people",
      { require: { approvals: [ask("two", 1), ask("same", 1), ask("one", 1)] } },
      ["Everybody who holds role:one must agree, so none of them may make the change."],
    ],
    [
      "an emergency without people",
      { require: { approvals: [ask("two")] }, emergency: { approvals: [ask("none")] } },
      ["In an emergency: No active person holds role:none, so nobody can agree."],
    ],
  ])("%s", (_name, policy, expected) => {
    const move = withPolicies({ p: policy }).moves.find(({ actions }) => actions.includes("promote"));
    expect(move?.asks[0]?.problems).toEqual(expected);
  });

  it("policies that hold together need different people", () => {
    const policies = {
      a: { require: { approvals: [ask("two")] } },
      b: { require: { approvals: [ask("same")] } },
    };
    const third = {
      match: { actions: ["promote"], namespaces: ["x"] },
      require: { approvals: [ask("two", 2)] },
    };
    const problems = (more: Readonly<Record<string, object>>): unknown =>
      withPolicies(more).moves.find(({ actions }) => actions.includes("promote"))?.problems;
    expect(problems(policies)).toEqual([]);
    expect(problems({ ...policies, c: third })).toEqual([]);
    expect(problems({ ...policies, c: { require: { approvals: [ask("also")] } } })).toEqual([
      "Together these policies need 3 different people, and there are not so many.",
    ]);
  });

  it("says of paths that nobody owns them, or one alone", () => {
    expect(withPolicies({}).ownership.map(({ path, problems }) => [path, problems.length])).toEqual([
      ["*", 1],
      ["/x/", 1],
      ["/y/", 1],
    ]);
  });
});

it("whoever the rules name can bring a change about, and nobody else", () => {
  const w = world({ [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: Better.\n' });
  const [move] = rulesOf(w.change.rules.registry, "prod").moves;
  const named = new Set(
    move?.asks.flatMap(({ approvals }) => approvals.flatMap(({ holders }) => holders ?? [])),
  );
  expect([...named].sort()).toEqual(["identity:carol", "identity:dave", "identity:erin"]);
  const outcome = (...names: ("bob" | "carol" | "dave" | "frank")[]): string =>
    decide(w.change, { ...w.facts, reviews: names.map((name) => review(w.change, name)) }, asOf).outcome;
  expect([outcome("carol", "dave"), outcome("bob", "frank")]).toEqual(["allowed", "pending"]);
});
