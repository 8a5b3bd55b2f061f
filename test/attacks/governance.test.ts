/**
 * What has gone wrong elsewhere where many are asked and few must agree: labels that skip a gate, "all must agree" met
 * by one, one voter under two names, voters that had been voted out. Each is built whole and refused; what a branch,
 * a forge or a push can do has tests beside this one.
 */
import { describe, expect, test } from "vitest";
import { assess } from "../../src/core/govern/decide.ts";
import { accountsToAsk, planDirectory } from "../../src/core/govern/directory.ts";
import {
  account,
  asOf,
  bundle,
  decideWith,
  evaluation,
  open,
  paths,
  registryWith,
  registryYaml,
  review,
  spelled,
  world,
  type Texts,
} from "../govern-world.ts";

const prod = paths.live("prod/fraud/score");
const live = (version: string, more = ""): string =>
  `bundle: "${version}"\nreason: Because of ${version}.\n${more}`;
const ask = (match: string, ...roles: readonly string[]): string =>
  `title: Asks\nmatch: ${match}\nrequire:\n  approvals: [${roles.map((role) => `{ role: ${role} }`).join(", ")}]\n`;

describe("labels that skip a gate", () => {
  const plain = world({ [prod]: live("1.1.0") });
  const asked = ({ change, facts }: typeof plain): unknown =>
    assess(change, facts.stacks, asOf).demands.roles;

  test.each([
    'labels: { skip-gate: "true" }',
    'labels: { approved: "yes", approved-by: carol }',
    "tags: [skip-review, hotfix, lgtm]",
    "title: '[skip ci] approved by role:risk'",
    "description: 'emergency: true'",
    "owner: role:fraud",
  ])("%s beside a promotion asks for exactly the same people", (words) => {
    const labelled = world({ [prod]: live("1.1.0", `${words}\n`) });
    expect(asked(labelled)).toEqual(asked(plain));
    expect(spelled(decideWith(labelled, ["bob"]))).toMatch(/^(?:pending|denied)/);
    expect(spelled(decideWith(labelled, ["carol", "dave"]))).toBe(
      spelled(decideWith(plain, ["carol", "dave"])),
    );
  });

  const unlessLabelled = ask(
    "{ kinds: [Bundle], actions: [edit], when: '(\"trusted\" in labels) != true' }",
    "role:release",
  );
  const onlyLabelled = ask(
    "{ kinds: [Bundle], actions: [edit], when: '\"audited\" in labels' }",
    "role:release",
  );
  const description = "description: Said otherwise.\n";
  const roles = (edits: Texts, base: Texts): readonly string[] => {
    const { change, facts } = world(edits, base);
    return assess(change, facts.stacks, asOf).demands.roles.map(({ label }) => label);
  };

  test("a label that the change itself puts on does not take a policy away", () => {
    const text = bundle("1.0.0", "approved");
    const base = { [paths.policy("labels")]: unlessLabelled };
    expect(roles({ [paths.bundle("1.0.0")]: description + text }, base)).toEqual(["role:release"]);
    expect(
      roles({ [paths.bundle("1.0.0")]: `labels: { trusted: "yes" }\n${description}${text}` }, base),
    ).toEqual(["role:release"]);
  });

  test("a label that the change itself takes off does not either", () => {
    const text = bundle("1.0.0", "approved");
    const base = {
      [paths.policy("labels")]: onlyLabelled,
      [paths.bundle("1.0.0")]: `labels: { audited: "yes" }\n${text}`,
    };
    expect(roles({ [paths.bundle("1.0.0")]: description + text }, base)).toEqual(["role:release"]);
  });
});

describe("all must agree, and one does", () => {
  const three = {
    [paths.policy("generals")]: ask(
      "{ environments: [environment:prod] }",
      "role:risk",
      "role:release",
      "role:governance",
    ),
  };
  const golive = world({ [prod]: live("1.1.0") }, three);

  test("somebody with two roles is one person for both", () => {
    // Erin is in risk and release, Dave in release and governance.
    expect(spelled(decideWith(golive, ["erin", "dave"]))).toBe("pending");
    expect(spelled(decideWith(golive, ["erin", "erin", "erin"]))).toBe("pending");
    expect(spelled(decideWith(golive, ["carol", "erin", "dave"]))).toBe("allowed");
    // Carol and Erin for one place each, and nobody is left who governs.
    expect(spelled(decideWith(golive, ["carol", "erin"]))).toBe("pending");
  });

  test("the owner of one path does not agree for the owners of the others", () => {
    const both = world({
      [paths.bundle("1.2.0")]: bundle("1.2.0", "candidate").replace("title: Score", "title: The score"),
      "registry/providers/acme.yaml": "title: Acme\n",
    });
    // Alice made it; Bob owns what is fraud's, Dave and Frank own everything else.
    expect(open(decideWith(both, ["bob"]).tree).join()).toContain("an owner of registry/providers/acme.yaml");
    expect(open(decideWith(both, ["frank"]).tree).join()).toContain(
      "an owner of registry/bundles/fraud/score/1.2.0.yaml",
    );
    expect(spelled(decideWith(both, ["bob", "frank"]))).toBe("allowed");
  });

  test("a later line of ownership does not lend its owner the lines above it", () => {
    const edit = {
      [paths.bundle("1.2.0")]: bundle("1.2.0", "candidate").replace("title: Score", "title: The score"),
    };
    const base = {
      [paths.registry]: registryYaml().replace(
        "  - { path: /docs/unowned/",
        "  - { path: /registry/bundles/fraud/score/, roles: [role:risk] }\n  - { path: /docs/unowned/",
      ),
    };
    expect(spelled(decideWith(world(edit, base), ["bob"]))).toBe("pending");
    expect(spelled(decideWith(world(edit, base), ["carol"]))).toBe("allowed");
  });
});

describe("one voter under two names", () => {
  const model = (ns: string): string =>
    `title: M\nstate: production\nspec:\n  provider: provider:${ns}\n  upstreamId: x\n  type: classification\n`;
  const voter = (ns: string, version: string): string =>
    `title: V\ntype: model\ncontroller: identity:dave\nmodel: model:${ns}/m@${version}\n`;

  test.each([
    ["claude-3.7-sonnet", "anthropic-claude-3-7-sonnet", "anthropic"],
    ["gpt-4o", "openai-gpt-4-o", "openai"],
    ["gemini-2.5-pro", "google_gemini.2.5.pro", "google"],
  ])("%s and %s cannot both be in the registry", (first, second, ns) => {
    const base = {
      [`registry/providers/${ns}.yaml`]: "title: P\n",
      [`registry/models/${ns}/m/1.0.0.yaml`]: model(ns),
      [`registry/models/${ns}/m/2.0.0.yaml`]: model(ns),
      [paths.identity(first)]: voter(ns, "1.0.0"),
    };
    const added = (name: string): readonly string[] => {
      const decision = decideWith(world({ [paths.identity(name)]: voter(ns, "2.0.0") }, base), [
        "frank",
        "dave",
      ]);
      return [
        decision.outcome,
        ...decision.findings
          .filter(({ definition }) => definition.code.startsWith("identity/"))
          .map(({ definition }) => definition.code),
      ];
    };
    expect(added(second)).toEqual(["denied", "identity/near-duplicate"]);
    expect(added("quite-another")[1]).toBe(undefined);
  });

  test("nor can an account, a key or an alias that somebody has", () => {
    const second = (more: string): Texts => ({ [paths.identity("carol-two")]: `title: C\n${more}\n` });
    for (const more of [
      "github: { login: carol-two, id: 103 }",
      "github: { login: Carol, id: 203 }",
      "aliases: [carol]",
    ]) {
      const decision = decideWith(world(second(more)), ["frank"]);
      expect([
        decision.outcome,
        decision.findings.map(({ definition }) => definition.code).includes("identity/duplicate"),
      ]).toEqual(["denied", true]);
    }
  });

  test("where two identities got in all the same, their account is nobody's", () => {
    const base = {
      [paths.identity("carol-two")]: "title: C\ngithub: { login: carol-two, id: 103 }\n",
      [paths.role("risk")]: "title: R\nmembers: [identity:carol, identity:carol-two]\n",
    };
    const two = world({ [prod]: live("1.1.0") }, base);
    const decision = decideWith(two, ["carol", "dave"]);
    expect(decision.outcome).not.toBe("allowed");
    expect(decision.reviews.find(({ user }) => user === "carol")).toMatchObject({
      counted: false,
      reason: "the account belongs to several Identities at the base",
    });
  });

  test("nor does a renamed login make a second person of one", () => {
    const registry = registryWith({
      [paths.role("risk")]: 'title: R\nmembers: [identity:carol]\ngithubTeam: "@octo/risk"\n',
    });
    const teams = [
      {
        slug: "risk",
        name: "Risk",
        members: [
          { id: 103, login: "carol-new", type: "User" },
          { id: 103, login: "carol-new", type: "User" },
        ],
      },
    ];
    expect(accountsToAsk(registry, "octo", teams)).toEqual([]);
    expect(planDirectory(registry, { org: "octo", teams, accounts: new Map() })).toMatchObject({
      added: [],
      renamed: ["identity:carol"],
      roles: [],
    });
  });
});

describe("voters that were voted out, or never had a vote", () => {
  const machine = (state: string): Texts => ({
    "registry/providers/acme.yaml": "title: Acme\n",
    [paths.model]: `title: M\nstate: ${state}\nspec:\n  provider: provider:acme\n  upstreamId: x\n  type: completion\nfacts:\n  capabilities: { contextLength: 1000 }\n`,
    [paths.identity("judge")]:
      "title: Judge\ntype: model\ncontroller: identity:frank\nmodel: model:fraud/m@1.0.0\ngithub: { login: judge, id: 950 }\n",
    [paths.role("risk")]: "title: R\nmembers: [identity:judge, identity:carol, identity:erin]\n",
  });
  const judge = { id: 950, login: "judge", type: "User" };

  test.each(["production", "retired"])(
    "a model that is %s fills nobody's place, whatever role it was given",
    (state) => {
      const w = world({ [prod]: live("1.1.0") }, machine(state));
      const byMachine = { ...review(w.change, "carol"), id: 9500, user: judge };
      const decision = decideWith(w, [], { reviews: [byMachine, review(w.change, "dave")] });
      expect(decision.outcome).not.toBe("allowed");
      expect(decision.reviews.find(({ user }) => user === "judge")).toMatchObject({
        counted: false,
        reason: "a model never fills a human's slot",
      });
    },
  );

  test("somebody who is inactive at the base, even if the change wakes them up", () => {
    const w = world({ [prod]: live("1.1.0") });
    expect(decideWith(w, [], { reviews: [review(w.change, "gina"), review(w.change, "dave")] }).outcome).toBe(
      "pending",
    );
    const woken = world({
      [prod]: live("1.1.0"),
      [paths.identity("gina")]: `title: gina\ngithub: { login: gina, id: ${account("gina").id} }\n`,
    });
    expect(spelled(decideWith(woken, ["gina", "dave"]))).toContain("govern/mixed");
  });

  test("a bundle that was rejected does not go live, whoever agrees", () => {
    const text = bundle("1.2.0", "rejected");
    const base = { [paths.bundle("1.2.0")]: text, [paths.run("1.2.0")]: evaluation("1.2.0", text) };
    const w = world({ [prod]: live("1.2.0") }, base);
    expect(spelled(decideWith(w, ["carol", "dave", "erin", "frank"]))).toContain("govern/not-approved");
    const revived = world({ [paths.bundle("1.2.0")]: bundle("1.2.0", "approved") }, base);
    expect(spelled(decideWith(revived, ["bob", "carol", "frank"]))).toBe("denied govern/data-invalid");
  });
});
