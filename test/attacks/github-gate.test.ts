/**
 * Attacks on a pull request, through the whole gate: people do things on the stand-in, the program reads, judges and
 * posts, and the stand-in's own rules say whether it could be merged.
 */
import { describe, expect, it } from "vitest";
import { run } from "../cli.ts";
import { actions, type Person } from "../github/forge.ts";
import { files, newRegistry, type Registry } from "../github/registry.ts";
import { git, newFolder } from "../repository-on-disk.ts";

interface Attack extends Registry {
  readonly eve: Person;
  /** Approves whatever stands there, past GitHub's own refusal. */
  approve(person: Person, commit?: string): void;
}

/** A pull request by alice that one owner has to agree to: bob, for nobody approves their own. */
async function begin(): Promise<Attack> {
  const registry = await newRegistry();
  const { hub, alice, change } = registry;
  hub.forge.rulesets.push({
    id: 1,
    name: "assent",
    target: "branch",
    enforcement: "active",
    bypass_actors: [],
    conditions: { ref_name: { include: ["refs/heads/main"], exclude: [] } },
    rules: [
      {
        type: "required_status_checks",
        parameters: {
          strict_required_status_checks_policy: true,
          required_status_checks: [{ context: "assent", integration_id: actions }],
        },
      },
    ],
  });
  hub.forge.push(alice, "change", change);
  hub.forge.open(alice, "change");
  return {
    ...registry,
    eve: hub.forge.person(666, "eve"),
    approve: (person, commit) => {
      const pull = hub.forge.pull(1);
      pull.reviews.push({
        id: hub.forge.nextId(),
        user: person,
        state: "APPROVED",
        commit_id: commit ?? pull.head,
        submitted_at: `2026-07-01T10:00:${String(pull.reviews.length).padStart(2, "0")}Z`,
      });
    },
  };
}

async function gate({ hub }: Attack): Promise<{ readonly code: number; readonly codes: readonly string[] }> {
  const folder = newFolder();
  git(folder, ["clone", "-q", hub.forge.folder, "."]);
  const { code, stdout, stderr } = await run(
    ["gate", "--github", "octo/registry#1", "--post", "--format", "json"],
    { cwd: folder, env: hub.env },
  );
  expect([stderr, hub.violations]).toEqual(["", []]);
  const answer = JSON.parse(stdout) as { readonly diagnostics: readonly { readonly code: string }[] };
  return { code, codes: answer.diagnostics.map((each) => each.code) };
}

function objectOnPageTwo({ approve, bob, eve, hub }: Attack): void {
  approve(bob);
  for (let index = 0; index < 100; index += 1) hub.forge.review(1, eve, "COMMENTED");
  hub.forge.review(1, bob, "CHANGES_REQUESTED");
}

describe("what lands", () => {
  it.each<readonly [string, (attack: Attack) => void]>([
    ["what the other owner approved", ({ approve, bob }) => approve(bob)],
    [
      "with a comment after the approval",
      ({ approve, bob, hub }) => (approve(bob), void hub.forge.review(1, bob, "COMMENTED")),
    ],
    [
      "when the approver renamed themselves: the id decides",
      ({ approve, bob }) => ((bob.login = "robert"), approve(bob)),
    ],
    ["what a stranger approves as well", ({ approve, bob, eve }) => (approve(eve), approve(bob))],
  ])("%s", async (_what, act) => {
    const attack = await begin();
    act(attack);
    expect(await gate(attack)).toMatchObject({ code: 0 });
    expect(attack.hub.forge.merge(1)).toBeUndefined();
  });

  it("what was approved before the branch was brought up to date: D is the same", async () => {
    const attack = await begin();
    const { hub, alice, bob, approve, change } = attack;
    approve(bob);
    const reviewed = hub.forge.pull(1).head;
    hub.forge.push(alice, "main", { "README.md": "hello\n" });
    git(hub.forge.folder, ["merge-base", "--is-ancestor", "main~1", reviewed]);
    const tree = git(hub.forge.folder, ["merge-tree", "--write-tree", "main", reviewed]).split("\n")[0] ?? "";
    const merged = git(hub.forge.folder, [
      "commit-tree",
      tree,
      "-p",
      reviewed,
      "-p",
      "main",
      "-m",
      "update",
    ]).trim();
    git(hub.forge.folder, ["update-ref", "refs/heads/change", merged]);
    expect(Object.keys(change)).toHaveLength(1);
    expect(await gate(attack)).toMatchObject({ code: 0 });
    expect(hub.forge.merge(1)).toBeUndefined();
  });
});

describe("what does not", () => {
  it.each<readonly [string, (attack: Attack) => void, string]>([
    ["the author's own approval", ({ approve, alice }) => approve(alice), ""],
    ["an outsider's approval", ({ approve, eve }) => approve(eve), ""],
    [
      "an approval by whoever took the approver's old login",
      ({ approve, bob, hub }) => ((bob.login = "robert"), approve(hub.forge.person(667, "bob"))),
      "",
    ],
    ["a bot's approval", ({ approve, hub }) => approve(hub.forge.person(668, "approver[bot]", "Bot")), ""],
    [
      "an approval of a deleted account",
      ({ approve, bob, hub }) => (
        approve(bob),
        void hub.forge.pull(1).reviews.forEach((each) => (each.user = null))
      ),
      "",
    ],
    [
      "a dismissed approval",
      ({ approve, bob, hub }) => (
        approve(bob),
        void hub.forge.pull(1).reviews.forEach((each) => (each.state = "DISMISSED"))
      ),
      "",
    ],
    [
      "an approval of other content: approve, then push",
      ({ approve, bob, alice, hub }) => (
        approve(bob),
        void hub.forge.push(alice, "change", {
          "registry/providers/acme.yaml": "title: Evil\nbaseUrl: https://evil.example/v1\n",
        })
      ),
      "",
    ],
    [
      "a changed mind",
      ({ approve, bob, hub }) => (approve(bob), void hub.forge.review(1, bob, "CHANGES_REQUESTED")),
      "govern/changes-requested",
    ],
    [
      "an approval by somebody who pushed to it",
      ({ approve, bob, hub }) => (hub.forge.push(bob, "change", { "README.md": "x\n" }), approve(bob)),
      "govern/nobody-left",
    ],
    [
      "rules mixed with the catalogue",
      ({ approve, bob, alice, hub }) => (
        hub.forge.push(alice, "change", {
          "registry/governance/roles/team.yaml": `${files["registry/governance/roles/team.yaml"]}description: Ours\n`,
        }),
        approve(bob)
      ),
      "govern/mixed",
    ],
    [
      "a workflow smuggled in with an entry",
      ({ approve, bob, alice, hub }) => (
        hub.forge.push(alice, "change", { ".github/workflows/x.yml": "on: push\n" }),
        approve(bob)
      ),
      "govern/mixed",
    ],
    [
      "what GitHub and git tell differently",
      ({ approve, bob, hub }) => (approve(bob), void (hub.forge.pull(1).counts = { commits: 2 })),
      "govern/unknown",
    ],
    ["what only looks allowed until page 2 is read", objectOnPageTwo, "govern/changes-requested"],
  ])("%s", async (_what, act, denial) => {
    const attack = await begin();
    act(attack);
    const { code, codes } = await gate(attack);
    expect([code, codes.filter((each) => each.startsWith("govern/"))]).toEqual(
      denial === "" ? [4, []] : [1, [denial]],
    );
    expect(attack.hub.forge.merge(1)).toMatch(/expected|failing/);
  });

  it("rules of the author's own, by a branch from which the pull request is retargeted", async () => {
    const attack = await begin();
    const { hub, alice } = attack;
    hub.forge.push(
      alice,
      "side",
      {
        "registry/registry.yaml":
          'id: payments\nprotectedBranch: side\nownership:\n  - { path: "*", roles: [role:team] }\n',
      },
      hub.forge.tip("main"),
    );
    Object.assign(hub.forge.pull(1), { base: "side" });
    const folder = newFolder();
    git(folder, ["clone", "-q", hub.forge.folder, "."]);
    expect(
      await run(["gate", "--github", "octo/registry#1", "--post"], { cwd: folder, env: hub.env }),
    ).toMatchObject({ code: 2, stderr: expect.stringContaining("forge/other-base") });
    expect(hub.forge.checks).toEqual([]);
    Object.assign(hub.forge.pull(1), { base: "main" });
    expect(hub.forge.merge(1)).toMatch(/expected/);
  });
});
