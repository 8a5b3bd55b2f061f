/** `--at`: every question that reads the registry, asked of a small scripted past (CLI.md, Global), and who agreed to it. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { APPROVAL_NAMESPACE } from "../../src/core/trust/sshsig.ts";
import { approvalMessage, approvalPath, APPROVALS_BRANCH } from "../../src/app/signatures.ts";
import { readChange } from "../../src/app/read-change.ts";
import { joinPorts } from "../../src/join.ts";
import { git, makeHistory, newFolder, plainEnvironment, type MadeCommit } from "../repository-on-disk.ts";
import { newKey, sshSign } from "../ssh.ts";

const hour = (n: number): number => 1_767_225_600 + n * 3600; // 2026-01-01T00:00:00Z
const instant = (n: number): string => new Date(hour(n) * 1000).toISOString().replace(".000Z", "Z");
const model = (title: string, state: string): string =>
  `title: ${title}\nstate: ${state}\nspec:\n  provider: provider:acme\n  upstreamId: small\n  type: other\n`;
const bundle = (version: string): string =>
  `title: score ${version}\nstate: approved\nspec:\n  artifacts:\n    - role: prompt\n      text: ${version}\n  provenance:\n    codeRevision: abc\n` +
  'gateReceipt:\n  decision: PASS\n  gates: []\n  issuer: identity:ada\n  issuedAt: "2026-01-01T00:00:00Z"\n';
const live = "registry/live/prod/fraud/score.yaml";
const small = "registry/models/acme/small/1.0.0.yaml";

/** Landed at hours 0, 2, 1 (dated back: it lands at 2) and 9; the work tree then holds what has not landed. */
const landings: readonly MadeCommit[] = [
  {
    parents: [],
    time: hour(0),
    files: {
      "registry/registry.yaml": "id: acme\nprotectedBranch: main\n",
      "registry/governance/environments/prod.yaml": "rank: 1\n",
      "registry/governance/identities/ada.yaml": "title: Ada\ngithub:\n  login: ada\n  id: 101\n",
      "registry/governance/roles/risk.yaml": "title: Risk\nmembers:\n  - identity:ada\n",
      "registry/providers/acme.yaml": "title: Acme\n",
      "registry/usecases/fraud/score.yaml": "purpose: Scores.\nowner: role:risk\nriskTier: low\n",
      [small]: model("Small", "beta"),
      "registry/bundles/fraud/score/1.0.0.yaml": bundle("1.0.0"),
      [live]: 'bundle: "1.0.0"\nreason: First.\n',
    },
  },
  {
    parents: [0],
    time: hour(2),
    author: "Ada <101+ada@users.noreply.github.com>",
    files: {
      [small]: model("Smaller", "production"),
      "registry/bundles/fraud/score/1.1.0.yaml": bundle("1.1.0"),
    },
  },
  { parents: [1], time: hour(1), files: { [live]: 'bundle: "1.1.0"\nreason: Better.\n' } },
  { parents: [2], time: hour(9), files: { [live]: "bundle: none\nreason: Broken.\n" } },
];

let folder = "";
let oids: readonly string[] = [];
const ports = joinPorts({ env: plainEnvironment, seconds: () => hour(100) });

interface Answer {
  readonly format: string;
  readonly snapshot?: unknown;
  readonly bundle?: { readonly ref: string } | null;
  readonly items?: readonly { readonly sequence: number; readonly approvals: unknown }[];
}

async function ask(...argv: readonly string[]): Promise<{ readonly code: number; readonly value: Answer }> {
  let out = "";
  const plain = (text: string): string => text;
  const style = {
    bold: plain,
    dim: plain,
    red: plain,
    yellow: plain,
    green: plain,
    blue: plain,
    cyan: plain,
  };
  const code = await runProgram([...argv, "--format", "json"], {
    cwd: folder,
    env: {},
    out: (text) => void (out += text),
    err: () => {},
    readStdin: () => Promise.resolve(new Uint8Array()),
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 100,
    version: "0.0.0",
    style: () => Promise.resolve(style),
    ports,
  });
  return { code, value: JSON.parse(out) as Answer };
}

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "assent-past-")));
  git(folder, ["init", "-q", "-b", "main", "."]);
  oids = makeHistory(folder, landings);
  git(folder, ["reset", "-q", "--hard", "main"]);
  return () => rmSync(folder, { recursive: true, force: true });
});

type At = readonly string[];
const past: readonly (readonly [string, At, number | "none", string])[] = [
  ["an instant at a landing", ["--at", instant(0)], 1, instant(0)],
  ["an instant between landings", ["--at", instant(1)], 1, instant(1)],
  ["a landing dated back lands when its parent did", ["--at", instant(2)], 3, instant(2)],
  ["the instant itself is the clock", ["--at", instant(8)], 3, instant(8)],
  ["after the last", ["--at", instant(50)], 4, instant(50)],
  ["a revision, and its landing time is the clock", ["--at", "main~1"], 3, instant(2)],
  ["a clock of one's own", ["--at", "main~1", "--as-of", instant(5)], 3, instant(5)],
  ["before the first", ["--at", "2025-12-31T23:59:59Z"], "none", ""],
  ["no revision", ["--at", "nowhere"], "none", ""],
];

/** What was true after each landing, by its number. */
const truth: Readonly<
  Record<
    number,
    { readonly live: string | null; readonly title: string; readonly state: string; readonly bundles: number }
  >
> = {
  1: { live: "1.0.0", title: "Small", state: "beta", bundles: 1 },
  3: { live: "1.1.0", title: "Smaller", state: "production", bundles: 2 },
  4: { live: null, title: "Smaller", state: "production", bundles: 2 },
};

describe("every question, asked of the past", { timeout: 60_000 }, () => {
  test.each(past)("%s: %j", async (_name, at, sequence, asOf) => {
    if (sequence === "none") {
      for (const argv of [
        ["resolve", "prod/fraud/score"],
        ["list", "model"],
        ["search", "small"],
        ["show", "model:acme/small@1.0.0"],
        ["history", "prod/fraud/score"],
        ["lint"],
        ["status"],
        ["compile"],
      ]) {
        expect([argv, (await ask(...argv, ...at)).code]).toEqual([argv, 2]);
      }
      return;
    }
    const was = truth[sequence];
    const commit = oids[sequence - 1];
    const resolved = (await ask("resolve", "prod/fraud/score", ...at)).value;
    expect(resolved.snapshot).toMatchObject({ commit, sequence });
    expect(resolved.bundle?.ref ?? null).toBe(was?.live === null ? null : `bundle:fraud/score@${was?.live}`);
    expect((await ask("status", ...at)).value).toMatchObject({ commit, asOf });
    expect((await ask("compile", ...at)).value).toMatchObject({ commit, sequence, asOf });
    expect((await ask("list", "bundle", ...at)).value).toMatchObject({ total: was?.bundles });
    const marks = {
      registered: { sequence: 1, at: instant(0), commit: oids[0], by: "unknown" },
      updated:
        sequence === 1
          ? { sequence: 1 }
          : { sequence: 2, at: instant(2), commit: oids[1], by: "identity:ada" },
    };
    const listed = await ask("list", "model", "--where", `title == "${was?.title}"`, ...at);
    expect(listed.value).toMatchObject({ total: 1, items: [marks] });
    expect((await ask("search", was?.title.toLowerCase() ?? "", ...at)).value).toMatchObject({
      items: [{ title: was?.title, ...marks }],
    });
    const shown = (await ask("show", "model:acme/small@1.0.0", ...at)).value;
    expect(shown).toMatchObject({
      entry: { title: was?.title, state: was?.state },
      derived: marks,
    });
    expect((await ask("lint", ...at)).value).toMatchObject({
      format: "assent.lint/v1",
      entries: 8 + (was?.bundles ?? 0),
    });
    expect((await ask("history", "prod/fraud/score", ...at)).value).toMatchObject({ commit, sequence });
    const differs = await ask("diff", "bundle:fraud/score@1.0.0", "bundle:fraud/score@1.1.0", ...at);
    expect(differs.value.format).toBe(was?.bundles === 1 ? "assent.error/v1" : "assent.diff/v1");
  });

  test("who agreed: signatures over exactly what landed, by whom they say", async () => {
    const repository = await ports.openRepository(folder);
    if (repository === undefined) throw new Error("no repository");
    const { change } = await readChange(
      { base: oids[1] ?? "", head: oids[2] ?? "", ref: "refs/heads/main" },
      repository,
    );
    const signature = sshSign(newKey(newFolder(), "ada"), APPROVAL_NAMESPACE, approvalMessage(change.digest));
    const blob = git(folder, ["hash-object", "-w", "--stdin"], signature).trim();
    const [hex = "", name = ""] = approvalPath(change.digest, "identity:ada").split("/");
    const inner = git(
      folder,
      ["mktree"],
      `100644 blob ${blob}\t${name}\n100644 blob ${git(folder, ["hash-object", "-w", "--stdin"], "forged").trim()}\tbob.sig\n`,
    ).trim();
    const tree = git(folder, ["mktree"], `040000 tree ${inner}\t${hex}\n`).trim();
    const tip = git(folder, ["commit-tree", tree, "-m", "sign"]).trim();
    git(folder, ["update-ref", `refs/heads/${APPROVALS_BRANCH}`, tip]);
    const { items } = (await ask("history", "prod/fraud/score")).value;
    expect(items?.map(({ sequence, approvals }) => [sequence, approvals])).toEqual([
      [4, []],
      [3, [{ identity: "identity:ada", level: "signed", from: "approvals" }]],
      [1, []],
    ]);
  });
});
