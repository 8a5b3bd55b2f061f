/**
 * Governance once more, by somebody who has read how it is built: rules that cannot be read, doors beside the one that is
 * watched, and yeses that are used twice. Each attack is built whole; what stands beside it lands, so that it is refused
 * for its own reason.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judge } from "../../src/app/judge.ts";
import { verifyPush } from "../../src/app/verify-push.ts";
import { parsePeople } from "../../src/core/trust/commit-people.ts";
import { alteredScopes } from "../../src/core/govern/scopes.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { decideWith, open, paths, registryYaml, spelled, world, type Texts } from "../govern-world.ts";
import { run } from "../cli.ts";
import { git } from "../repository-on-disk.ts";
import { auditedYear, type AuditedYear } from "../scenarios/scripted-year/audited.ts";
import { scriptedKey } from "../scenarios/scripted-year/keys.ts";
import { objectMaker, runGit } from "../scenarios/scripted-year/objects.ts";
import { landHere, now, type Land } from "../no-forge-land.ts";

const at = { timeout: 120_000 };
const liveDev = paths.live("dev/fraud/score");
const liveProd = paths.live("prod/fraud/score");
const live = (version: string): string => `bundle: "${version}"\nreason: Because of ${version}.\n`;

/** What the hook says to moving main to a commit: the outcome, and what the gate found. */
async function pushed(land: Land, to: string): Promise<string> {
  const { outcome, landings } = await verifyPush(
    [{ ref: "refs/heads/main", from: land.main(), to }],
    { folder: land.folder, asOf: now as Instant },
    land.ports,
  );
  const codes = (landings.at(-1)?.diagnostics ?? []).map(({ code }) => code);
  return [outcome, ...new Set(codes.filter((code) => code.startsWith("govern/")))].join(" ");
}

/** Lands what may land. */
async function landed(land: Land, to: string): Promise<void> {
  expect(await pushed(land, to)).toBe("allowed");
  git(land.folder, ["update-ref", "refs/heads/main", to]);
}

describe("a registry.yaml at the base that cannot be read", () => {
  const promote: Texts = { [liveProd]: live("1.1.0") };
  const modeOf = (base: Texts, edits = promote): string => {
    const { outcome, mode } = decideWith(world(edits, base), ["bob"]);
    return `${mode}: ${outcome}`;
  };

  test.each([
    ["a key of a newer version", registryYaml({ extra: "aKeyOfTomorrow: 1\n" })],
    ["a newer version", `apiVersion: assent/v9\n${registryYaml()}`],
    ["a mode nobody knows", registryYaml({ mode: "Enforce" })],
    ["two modes", registryYaml({ extra: "mode: observe\n" })],
    ["no YAML", registryYaml({ extra: "x: [\n" })],
    ["nothing", ""],
    ["only observing, and no YAML", "mode: observe\nx: [\n"],
  ])("takes no rule away: %s", (_, text) => {
    expect(modeOf({ [paths.registry]: text })).toBe("enforce: denied");
  });

  test("observes where it plainly says so, or is not there", () => {
    expect(
      modeOf({ [paths.registry]: registryYaml({ mode: "observe", extra: "aKeyOfTomorrow: 1\n" }) }),
    ).toBe("observe: allowed");
    expect(modeOf({ [paths.registry]: null })).toBe("observe: allowed");
  });
});

describe("a scope that another file alters", () => {
  const altering: Texts = {
    [paths.environment("prod")]: "title: prod\nrank: 30\ndegradeProfiles:\n  NORMAL: { posture: REVIEW }\n",
  };
  const byPath = (pattern: string, role: string): Texts => ({
    [paths.policy("go-live")]: null,
    [paths.policy("undo")]: null,
    [paths.policy("live")]:
      `title: Live\nmatch: { paths: ["${pattern}"] }\nrequire:\n  approvals: [{ role: ${role} }]\n  soak: { environment: environment:stage, duration: P9D }\n`,
  });

  test.each([["/registry/live/prod/"], ["registry/live/prod/fraud/*"], ["score.yaml"]])(
    "asks whom a policy of its path asks, and nobody's patience: %s",
    (pattern) => {
      const of = world(altering, byPath(pattern, "role:risk"));
      expect(open(decideWith(of, ["frank"]).tree)).toEqual([
        "pending one of role:risk (approval-policy:live)",
      ]);
      expect(spelled(decideWith(of, ["frank", "carol"]))).toBe("allowed");
    },
  );

  test("role: owner means the owners of the scope", () => {
    const of = world(altering, byPath("/registry/live/prod/", "owner"));
    expect(open(decideWith(of, ["frank"]).tree)).toEqual([
      "pending one of owner (role:release, role:risk) (approval-policy:live)",
    ]);
    expect(spelled(decideWith(of, ["frank", "erin"]))).toBe("allowed");
  });

  test("a policy of another path is not asked", () => {
    expect(spelled(decideWith(world(altering, byPath("/registry/live/dev/", "role:risk")), ["frank"]))).toBe(
      "allowed",
    );
  });
});

describe("a change that names many tenants and scenarios", () => {
  test("is asked about what it names, not about every tenant in every scenario", { timeout: 20_000 }, () => {
    const count = 1500;
    const edits = Array.from({ length: count }, (_, index) => [
      paths.live(`dev/fraud/score/t${index}/s${index}`),
      live("1.0.0"),
    ]);
    const { change } = world({
      ...Object.fromEntries(edits),
      [paths.live("dev/fraud/score/all")]: live("1.0.0"),
    });
    const scopes = alteredScopes(change).map(({ scope }) => scope);
    expect(scopes).toHaveLength(count + 1);
    expect(scopes).toContain("dev/fraud/score/all");
  });
});

describe("a commit that is made to be slow to read", () => {
  test("an author of nothing but opening brackets", { timeout: 5_000 }, () => {
    const [brackets, tree] = ["<".repeat(1_000_000), "1".repeat(40)];
    const text = `tree ${tree}\nauthor ${brackets}\ncommitter C <c@example.com> 1 +0000\n\nx\n`;
    expect(parsePeople(new TextEncoder().encode(text))).toEqual({
      author: "",
      committer: "c@example.com",
      parents: [],
    });
  });
});

describe("somebody who left", at, () => {
  test("makes no change with the key that was left behind", async () => {
    const land = landHere({ [paths.identity("carol")]: (text) => `${text}active: false\n` });
    const edits = { [liveDev]: live("1.0.0") };
    const back = land.commit("carol", edits);
    await land.approve("bob", back);
    expect(await pushed(land, back)).toBe("denied govern/author-unknown");
    expect(await pushed(land, land.commit("alice", edits))).toBe("allowed");
  });
});

describe("whoever signed a commit further down", at, () => {
  test("made the change as well, whatever address stands there and whoever signed the head", async () => {
    const land = landHere();
    const own = land.commit("alice", { [liveDev]: live("1.0.0") });
    const main = land.commit("dave", { "README.md": "Nothing governed.\n" });
    git(land.folder, ["update-ref", "refs/heads/main", main]);
    const repository = await land.ports.openReceiving(land.folder);
    const decide = async (head: string, assumed: readonly string[]) => {
      const question = { base: main, head, ref: "refs/heads/main" };
      const approvals = land.ref("refs/heads/registry-approvals");
      const options = { asOf: now as Instant, sandbox: land.ports.sandbox, approvals, assumed };
      const { decision } = (await judge(question, repository, options)).decided;
      const alice = decision.reviews.find(({ identity }) => identity === "identity:alice");
      return [decision.outcome, alice?.reason];
    };
    await land.approve("alice", own);
    const updated = land.merge("bob", own, main);
    const part = "the person had a part in the change";
    for (const head of [land.commit("bob", { "more.md": "Not governed.\n" }, { from: own }), updated])
      expect(await decide(head, [])).toEqual(["denied", part]);
    // A colleague who only brings the branch up to date adds nothing, and may approve what others made.
    const again = land.commit("alice", { "more.md": "Not governed.\n" }, { from: updated });
    expect(await decide(again, ["identity:bob"])).toEqual(["allowed", part]);
  });
});

describe("a signature that has landed", at, () => {
  test("stays spent when more is governed than in those days", async () => {
    const land = landHere({ [paths.registry]: (text) => text.replace("alsoGoverned: [/docs/]\n", "") });
    const first = land.commit("alice", { [liveDev]: live("1.0.0"), "docs/a.md": "Ungoverned yet.\n" });
    await land.approve("bob", first);
    await landed(land, first);
    const back = land.commit("alice", { [liveDev]: 'bundle: "1.1.0"\nreason: Try it.\n' });
    await land.approve("bob", back);
    await landed(land, back);
    const more = land.commit("dave", { [paths.registry]: registryYaml() });
    await land.approve("frank", more);
    await landed(land, more);
    expect(await pushed(land, land.commit("alice", { [liveDev]: live("1.0.0") }))).toBe(
      "denied govern/spent",
    );
  });
});

describe("a file of reviews that lies", at, () => {
  test("about branch, head or commits: what it says is compared, or it is not used", async () => {
    const land = landHere();
    const [folder, base] = [land.clone(), land.main()];
    const head = land.commit("alice", { [liveDev]: live("1.0.0") });
    git(land.folder, ["update-ref", "refs/heads/change", head]);
    git(folder, ["fetch", "-q", "origin"]);
    const user = (id: number, login: string) => ({ id, login, type: "User" });
    const [alice, bob] = [user(101, "alice"), user(102, "bob")];
    const commit = { sha: head, author: alice, committer: alice };
    const honest = {
      number: 1,
      author: alice,
      base: { ref: "refs/heads/main" },
      mergedAt: null,
      reviews: [
        { id: 1, user: bob, state: "APPROVED", commit_id: head, submitted_at: "2026-07-09T00:00:00Z" },
      ],
      commits: [commit],
    };
    const gate = async (more: object): Promise<string> => {
      const file = join(land.folder, "reviews.json");
      writeFileSync(file, JSON.stringify({ ...honest, ...more }));
      const args = ["--base", base, "--head", head, "--reviews", file, "--as-of", now, "--format", "json"];
      const { code, stdout } = await run(["gate", ...args], { cwd: folder });
      const answer = JSON.parse(stdout) as {
        code?: string;
        outcome?: string;
        diagnostics?: { code: string }[];
      };
      return [
        code,
        answer.outcome ?? answer.code,
        ...(answer.diagnostics ?? []).map((each) => each.code),
      ].join(" ");
    };
    const [fine, unknown, unusable] = ["0 allowed", "1 denied govern/unknown", "2 gate/reviews-file"];
    const told: readonly (readonly [object, string])[] = [
      [{}, fine],
      [{ head: { sha: head } }, fine],
      [{ head: null }, fine],
      [{ commits: [{ sha: head, author: null, committer: {} }] }, fine],
      // Where registry.yaml names no other, main is protected, and a yes is for no other branch.
      [{ base: { ref: "refs/heads/change" } }, unknown],
      [{ base: { ref: "main" } }, unknown],
      [{ head: { sha: base } }, unknown],
      [{ head: "the head" }, unusable],
      [{ head: [head] }, unusable],
      [{ commits: [] }, unknown],
      [{ commits: [{ ...commit, author: bob }, commit] }, unknown],
      [{ commits: [{ ...commit, author: "bob" }] }, unusable],
      [{ commits: [{ ...commit, committer: [bob] }] }, unusable],
    ];
    const answers: string[] = [];
    for (const [more] of told) answers.push(await gate(more));
    expect(answers).toEqual(told.map(([, expected]) => expected));
  });
});

describe("a landing that nobody agreed to, and that names other witnesses", at, () => {
  let year: AuditedYear;
  beforeAll(async () => {
    year = await auditedYear(8);
  }, 120_000);
  afterAll(() => year.remove());

  const git = (folder: string, ...args: readonly string[]): string => runGit(folder, args).trim();
  /** Moves main to the same files with one edit, and hands back its tip. */
  function force(folder: string, path: string, edit: (text: string) => string): string {
    const from = git(folder, "rev-parse", "refs/heads/main");
    const listed = git(folder, "ls-tree", "-r", from)
      .split("\n")
      .map((line) => line.split("\t"));
    const files = new Map(listed.map(([head = "", name = ""]) => [name, head.split(" ")[2] ?? ""]));
    const objects = objectMaker();
    files.set(path, objects.blob(edit(runGit(folder, ["show", `${from}:${path}`]))));
    const time = Number(git(folder, "log", "-1", "--format=%ct", from)) + 60;
    const tip = objects.commit({
      author: "M <m@example.com>",
      time,
      message: "A change",
      parents: [from],
      files,
    });
    objects.write(folder, { "refs/heads/main": tip });
    return tip;
  }
  const stands = async (folder: string): Promise<boolean> => {
    const base = git(folder, "rev-parse", "refs/heads/main");
    const question = { base, head: base, ref: "refs/heads/main" };
    const { sandbox } = year.ports;
    const options = { asOf: "2027-01-01T00:00:00Z" as Instant, sandbox, approvals: null };
    const { facts } = await judge(question, await year.ports.openReceiving(folder), options);
    expect(facts.unknown).toEqual([]);
    return !facts.baseIsViolation;
  };
  const line = /^witness:.*\n(?:[ -].*\n)*/m;
  const others = `witness:\n  - sshPublicKey: ${scriptedKey("mallory").publicKey}\n`;

  test("a base stands while its witness has seen nothing wrong", async () => {
    expect(await stands(year.copy())).toBe(true);
  });

  test("the records are neither deleted nor rewritten", async () => {
    const folder = year.copy();
    const ref = "refs/heads/registry-evidence";
    const from = git(folder, "rev-parse", ref);
    for (const to of [null, git(folder, "rev-parse", `${ref}~1`)]) {
      const { outcome } = await verifyPush([{ ref, from, to }], { folder, asOf: now as Instant }, year.ports);
      expect(outcome).toBe("denied");
    }
    const earlier = git(folder, "rev-parse", `${ref}~1`);
    const updates = [{ ref, from: earlier, to: from }];
    expect((await verifyPush(updates, { folder, asOf: now as Instant }, year.ports)).outcome).toBe("allowed");
  });

  test.each([
    ["none", (text: string) => text.replace(line, "")],
    ["their own", (text: string) => text.replace(line, others)],
    ["nothing that can be read", (text: string) => `${text}x: [\n`],
  ])("does not stand: %s", async (_, edit) => {
    const folder = year.copy();
    force(folder, paths.registry, edit);
    const { recorded } = await year.record(folder);
    expect(recorded.map(({ decision }) => decision)).toEqual(["VIOLATION"]);
    expect(await stands(folder)).toBe(false);
  });
});
