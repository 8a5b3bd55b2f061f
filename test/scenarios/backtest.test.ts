/** `assent backtest`: a history of landings, and what policies that were not in force would have said about each. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { readChange } from "../../src/app/read-change.ts";
import { approvalMessage, approvalPath, APPROVALS_BRANCH } from "../../src/app/signatures.ts";
import { APPROVAL_NAMESPACE } from "../../src/core/trust/sshsig.ts";
import { joinPorts } from "../../src/join.ts";
import { run } from "../cli.ts";
import { bundle, emailDigest, files, paths } from "../govern-world.ts";
import { git, makeHistory, newFolder, newRepository, plainEnvironment } from "../repository-on-disk.ts";
import { newKey, sshSign } from "../ssh.ts";

const seconds = (day: number, hour = 0): number => Date.UTC(2026, 6, day, hour) / 1000;
const live = (version: string, reason: string): Record<string, string> => ({
  [paths.live("prod/fraud/score")]: `bundle: "${version}"\nreason: ${reason}\n`,
});

/** Landings after the first: too early, rolled back, after a day, another file, a bundle's approval. */
const landings = [
  { parents: [], files, time: seconds(1), message: "Begin" },
  { parents: [0], files: live("1.1.0", "Early."), time: seconds(1, 12), message: "Too early" },
  { parents: [1], files: live("1.0.0", "Back."), time: seconds(2), message: "Undo" },
  {
    parents: [2],
    files: live("1.1.0", "Again."),
    time: seconds(3),
    message: "Again",
    author: "Carol <103+carol@users.noreply.github.com>",
  },
  { parents: [3], files: { "registry/README.md": "Read me.\n" }, time: seconds(4), message: "Words" },
  {
    parents: [4],
    files: { [paths.bundle("1.2.0")]: bundle("1.2.0", "approved") },
    time: seconds(5),
    message: "Approve",
  },
] as const;

interface Answer {
  readonly policy: string | null;
  readonly judged: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly landings: readonly {
    readonly sequence: number;
    readonly outcome: string;
    readonly transitions: readonly { readonly action: string }[];
    readonly requires: readonly {
      readonly role: string;
      readonly count: number;
      readonly before: number;
      readonly approved: number;
      readonly holders: readonly string[];
    }[];
    readonly reasons: readonly string[];
  }[];
  readonly diagnostics: readonly { readonly code: string }[];
}

const published = (name: string): object =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, `../../schemas/wire/${name}.schema.json`), "utf8"),
  ) as object;
const fits = new Ajv2020({ strict: false }).addSchema(published("common")).compile(published("backtest"));

async function backtest(
  folder: string,
  policy: string,
  ...argv: readonly string[]
): Promise<{ code: number; answer: Answer }> {
  const file = join(newFolder(), "tried.yaml");
  writeFileSync(file, policy);
  const { code, stdout } = await run(["backtest", file, "--format", "json", ...argv], { cwd: folder });
  const answer = JSON.parse(stdout) as Answer;
  expect([fits(answer), fits.errors]).toEqual([true, null]);
  return { code, answer };
}

function repository(): string {
  const folder = newRepository();
  makeHistory(folder, landings);
  git(folder, ["reset", "-q", "--hard"]);
  return folder;
}

const policy = (match: string, require: string): string =>
  `title: Tried\nmatch: ${match}\nrequire: ${require}\n`;
const goLive = "{ actions: [activate, promote], environments: [environment:prod] }";
const spell = ({ landings: told }: Answer): string[] =>
  told.map(({ sequence, outcome, requires, transitions }) =>
    `#${sequence} ${transitions.map(({ action }) => action).join("+")} ${outcome} ${requires.map((each) => `${each.role}:${each.before}->${each.count}`).join(" ")}`.trim(),
  );

describe("an approval policy", () => {
  it.each<[string, string, number, string[]]>([
    [
      "two roles",
      policy(goLive, "{ approvals: [{ role: role:risk, count: 2 }, { role: role:release }] }"),
      1,
      [
        "#2 promote asks role:release:1->1 role:risk:1->2",
        // Carol made the change and nobody approves their own: two of risk are not left.
        "#4 promote denied role:release:1->1 role:risk:1->2",
      ],
    ],
    [
      "soak",
      policy(goLive, "{ soak: { environment: environment:stage, duration: P1D } }"),
      1,
      ["#2 promote denied", "#4 promote allowed"],
    ],
    [
      "the age of evaluations",
      policy(goLive, "{ evaluationMaxAge: P31D }"),
      1,
      ["#2 promote allowed", "#4 promote denied"],
    ],
    [
      "undoing",
      policy("{ actions: [rollback] }", "{ approvals: [{ role: role:release }] }"),
      0,
      ["#3 rollback asks role:release:1->1"],
    ],
    [
      "paths",
      policy('{ paths: ["registry/README.md"] }', "{ approvals: [{ role: role:governance }] }"),
      0,
      ["#5 create asks role:governance:0->1"],
    ],
    [
      "owners",
      policy("{ kinds: [Bundle], actions: [approve] }", "{ approvals: [{ role: owner }] }"),
      0,
      ["#6 approve asks owner (role:fraud):0->1"],
    ],
    ["nothing that happened", policy("{ kinds: [Model] }", "{ approvals: [{ role: owner }] }"), 0, []],
  ])("%s", async (_name, text, exit, expected) => {
    const { code, answer } = await backtest(repository(), text);
    expect(spell(answer)).toEqual(expected);
    expect([code, answer.judged, answer.policy]).toEqual([exit, 5, "approval-policy:tried"]);
    expect(Object.values(answer.counts).reduce((sum, count) => sum + count, 0)).toBe(5);
  });

  it("names the people, without those who made the change, and says why", async () => {
    const { answer } = await backtest(
      repository(),
      policy(
        goLive,
        "{ approvals: [{ role: role:risk }], soak: { environment: environment:stage, duration: P1D } }",
      ),
    );
    expect(answer.landings.map(({ requires }) => requires[0]?.holders)).toEqual([
      ["identity:carol", "identity:erin"],
      ["identity:erin"],
    ]);
    expect(answer.landings[0]?.reasons.join()).toContain("2026-07-02T00:00:00Z");
  });

  it("looks back as far as it is told, and no further than there is", async () => {
    const folder = repository();
    const text = policy(goLive, "{ approvals: [{ role: role:release }] }");
    expect(
      (await backtest(folder, text, "--last", "3")).answer.landings.map(({ sequence }) => sequence),
    ).toEqual([4]);
    expect((await backtest(folder, text, "--last", "1")).answer).toMatchObject({ judged: 1, landings: [] });
    expect((await backtest(folder, text, "--last", "1000")).answer.judged).toBe(5);
    expect(
      (await backtest(folder, text, "--at", "HEAD~3")).answer.landings.map(({ sequence }) => sequence),
    ).toEqual([2]);
  });

  it("takes a role that is only in the work tree as it is there", async () => {
    const folder = repository();
    writeFileSync(join(folder, paths.role("board")), "title: Board\nmembers: [identity:frank]\n");
    const { answer } = await backtest(folder, policy(goLive, "{ approvals: [{ role: role:board }] }"));
    expect(answer.landings.map(({ outcome, requires }) => [outcome, requires[0]?.holders])).toEqual([
      ["asks", ["identity:frank"]],
      ["asks", ["identity:frank"]],
    ]);
  });

  it("counts signatures that stand on the branch of approvals", async () => {
    const folder = newRepository();
    const keys = newFolder();
    const erin = newKey(keys, "erin");
    const identity = `title: erin\ngithub: { login: erin, id: 105 }\nkeys:\n  - sshPublicKey: ${erin.publicKey}\nemailDigests: ["${emailDigest("erin@example.com")}"]\n`;
    const made = makeHistory(folder, [
      { ...landings[0], files: { ...files, [paths.identity("erin")]: identity } },
      landings[1],
    ]);
    git(folder, ["reset", "-q", "--hard"]);
    const opened = await joinPorts({ env: plainEnvironment, seconds: () => seconds(9) }).openRepository(
      folder,
    );
    if (opened === undefined) throw new Error("no repository");
    const { change } = await readChange(
      { base: made[0] ?? "", head: made[1] ?? "", ref: "refs/heads/main" },
      opened,
    );
    const blob = git(
      folder,
      ["hash-object", "-w", "--stdin"],
      sshSign(erin, APPROVAL_NAMESPACE, approvalMessage(change.digest)),
    ).trim();
    const [hex = "", name = ""] = approvalPath(change.digest, "identity:erin").split("/");
    const inner = git(folder, ["mktree"], `100644 blob ${blob}\t${name}\n`).trim();
    const tree = git(folder, ["mktree"], `040000 tree ${inner}\t${hex}\n`).trim();
    git(folder, [
      "update-ref",
      `refs/heads/${APPROVALS_BRANCH}`,
      git(folder, ["commit-tree", tree, "-m", "sign"]).trim(),
    ]);
    const signed = "{ assurance: signed, approvals: [{ role: role:risk }] }";
    const [told] = (await backtest(folder, policy(goLive, signed))).answer.landings;
    expect([told?.outcome, told?.requires[0]?.approved]).toEqual(["allowed", 1]);
    const both = (
      await backtest(folder, policy(goLive, "{ approvals: [{ role: role:risk }, { role: role:release }] }"))
    ).answer.landings;
    expect(
      both.map(({ outcome, requires }) => [outcome, ...requires.map(({ approved }) => approved).sort()]),
    ).toEqual([["asks", 0, 1]]);
  });
});

describe("a binding", () => {
  const world = (mode: string): string => {
    const folder = newRepository();
    const rule = `title: Reasons
state: active
spec:
  appliesTo: [Activation]
  rules:
    - { id: says-why, when: "true", assert: 'spec.reason != "Early."', severity: high, message: "The reason says nothing." }
  tests:
    - { given: { spec: { reason: Early. } }, expect: [says-why] }
`;
    makeHistory(folder, [
      { ...landings[0], files: { ...files, "registry/policies/fraud/reasons/1.0.0.yaml": rule } },
      ...landings.slice(1),
    ]);
    git(folder, ["reset", "-q", "--hard"]);
    writeFileSync(
      join(folder, "binding.yaml"),
      `title: All\nselector: { kinds: [Activation] }\npolicies: [policy:fraud/reasons@1.0.0]\nmode: ${mode}\n`,
    );
    return folder;
  };
  it.each([
    ["enforce", 1, "denied"],
    ["warn", 0, "warned"],
  ])("mode %s", async (mode, exit, outcome) => {
    const { code, stdout } = await run(["backtest", "binding.yaml", "--format", "json"], {
      cwd: world(mode),
    });
    const answer = JSON.parse(stdout) as Answer;
    expect([code, answer.policy, spell(answer)]).toEqual([
      exit,
      "policy-binding:binding",
      [`#2 promote ${outcome}`],
    ]);
    expect(answer.landings[0]?.reasons.join()).toContain("The reason says nothing.");
  });
});

describe("what cannot be tried", () => {
  it.each([
    [
      "a policy with an unknown key",
      "title: T\nmatch: { actoins: [promote] }\nrequire: {}\n",
      "schema/unknown-key",
    ],
    [
      "a policy whose condition cannot be read",
      "title: T\nmatch: { when: 'usecase.riskTire == \"high\"' }\nrequire: { approvals: [{ role: owner }] }\n",
      "approval-policy/expression",
    ],
    [
      "a policy that nobody could meet",
      policy(goLive, "{ approvals: [{ role: role:risk, count: 3 }] }"),
      "approval-policy/deadlock",
    ],
  ])("%s", async (_name, text, expected) => {
    const { code, answer } = await backtest(repository(), text);
    expect([code, answer.policy, answer.diagnostics.map((each) => each.code)]).toEqual([1, null, [expected]]);
  });

  it("a file of another kind, a folder without git, nothing", async () => {
    const folder = repository();
    const other = await run(["backtest", "registry/governance/roles/risk.yaml"], { cwd: folder });
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("neither an ApprovalPolicy")]);
    expect((await run(["backtest", "nowhere.yaml"], { cwd: folder })).code).toBe(2);
    expect((await run(["backtest", paths.policy("undo"), "--last", "0"], { cwd: folder })).code).toBe(2);
    execFileSync("rm", ["-rf", join(folder, ".git")]);
    expect((await run(["backtest", paths.policy("undo")], { cwd: folder })).code).toBe(2);
  });

  it("shows the same as text", async () => {
    const { code, stdout } = await run(["backtest", paths.policy("go-live")], { cwd: repository() });
    expect(code).toBe(1);
    expect(stdout).toContain("denied  #2");
    expect(stdout).toContain("1 denied, 1 would have asked people");
  });
});
