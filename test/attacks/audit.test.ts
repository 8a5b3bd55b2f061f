/**
 * What somebody may do to history, to its records or to a clone, each done to a copy of a small scripted history; and
 * `audit verify` says by name what it was (issue: audit, attacks).
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCloneNotes } from "../../src/adapters/git/clone-notes.ts";
import { verifyAudit } from "../../src/app/audit/verify.ts";
import { recallChain, rememberChain } from "../../src/core/audit/remember.ts";
import { joinPorts } from "../../src/join.ts";
import { checkpointPayload, parseCheckpoint, type Checkpoint } from "../../src/core/audit/checkpoint.ts";
import type { Evidence } from "../../src/core/audit/evidence.ts";
import { parseRecord, recordMessage, recordPath, renderRecord } from "../../src/core/audit/record.ts";
import { digestOfBytes } from "../../src/core/model/digest.ts";
import { paeOf, renderEnvelope } from "../../src/core/trust/dsse.ts";
import { allCodes } from "../../src/core/validate/codes.ts";
import { parseSigningKey, type SigningKey } from "../../src/core/trust/signing-key.ts";
import { auditedYear, version, type AuditedYear } from "../scenarios/scripted-year/audited.ts";
import { scriptedKey } from "../scenarios/scripted-year/keys.ts";
import { instantOf } from "../scenarios/scripted-year/script.ts";
import { objectMaker, runGit, type NewCommit } from "../scenarios/scripted-year/objects.ts";
import { activation, addressOf, at, identity, registry, witness } from "../scenarios/scripted-year/texts.ts";

/** Each makes and verifies repositories, with a process of git for every step. */
const patience = { timeout: 60_000 };

let year: AuditedYear;
beforeAll(async () => {
  year = await auditedYear(40);
}, 120_000);
afterAll(() => year.remove());

const main = "refs/heads/main";
const evidence = "refs/heads/registry-evidence";
const git = (folder: string, ...args: readonly string[]): string => runGit(folder, args).trim();
const tipOf = (folder: string, ref = main): string => git(folder, "rev-parse", ref);

const seen = new Set<string>();

/** What verifying says, each code once. */
async function codes(
  folder: string,
  options: Parameters<AuditedYear["verify"]>[1] = {},
): Promise<readonly string[]> {
  const { ok, violations } = await year.verify(folder, options);
  expect(ok).toBe(violations.length === 0);
  for (const { code } of violations) seen.add(code);
  return [...new Set(violations.map(({ code }) => code.replace("audit/", "")))];
}

/** A commit with the files of another and these edits (null deletes). */
function commit(
  folder: string,
  more: Partial<NewCommit> & {
    readonly from: string;
    readonly edits?: Readonly<Record<string, string | null>>;
  },
): string {
  const listed = git(folder, "ls-tree", "-r", more.from)
    .split("\n")
    .map((line) => line.split("\t"));
  const files = new Map(listed.map(([head = "", path = ""]) => [path, head.split(" ")[2] ?? ""]));
  const objects = objectMaker();
  for (const [path, text] of Object.entries(more.edits ?? {})) {
    if (text === null) files.delete(path);
    else files.set(path, objects.blob(text));
  }
  const time = Number(git(folder, "log", "-1", "--format=%ct", more.from)) + 60;
  const oid = objects.commit({
    author: addressOf("alice"),
    time,
    message: "A change",
    parents: [more.from],
    ...more,
    files,
  });
  objects.write(folder, {});
  return oid;
}

const move = (folder: string, ref: string, to: string): void => void git(folder, "update-ref", ref, to);
const steal = { [at.live("prod", "score")]: activation("1.0.0", "Mine now.") };

/** Rebuilds everything after a commit on top of another. */
function replay(folder: string, after: string, onto: string): string {
  const rest = git(folder, "rev-list", "--first-parent", "--reverse", `${after}..${main}`).split("\n");
  return rest.reduce((parent, oid) => {
    const [tree = "", time = "", ...message] = git(folder, "log", "-1", "--format=%T%n%ct%n%B", oid).split(
      "\n",
    );
    const env = {
      ...process.env,
      GIT_COMMITTER_DATE: `${time} +0000`,
      GIT_AUTHOR_DATE: `${time} +0000`,
      GIT_AUTHOR_NAME: "a",
      GIT_AUTHOR_EMAIL: "a@b",
      GIT_COMMITTER_NAME: "a",
      GIT_COMMITTER_EMAIL: "a@b",
    };
    return execFileSync("git", ["commit-tree", tree, "-p", parent, "-m", message.join("\n")], {
      cwd: folder,
      env,
    })
      .toString()
      .trim();
  }, onto);
}

describe("the protected branch", patience, () => {
  test("as it is, it verifies, and a tag that moves means nothing", async () => {
    const folder = year.copy();
    git(folder, "tag", "v1", year.root);
    expect(await codes(folder)).toEqual([]);
    git(folder, "tag", "-f", "v1", main);
    expect(await codes(folder)).toEqual([]);
  });

  test("the tip is rewritten", async () => {
    const folder = year.copy();
    move(folder, main, commit(folder, { from: git(folder, "rev-parse", `${main}^1`), edits: steal }));
    expect(await codes(folder)).toEqual(["rewritten"]);
  });

  test("the middle is rewritten, and everything after it made again", async () => {
    const folder = year.copy();
    const middle = year.log[20]?.commit ?? "";
    const forged = commit(folder, {
      from: `${middle}^1`,
      parents: [git(folder, "rev-parse", `${middle}^1`)],
      edits: steal,
    });
    move(folder, main, replay(folder, middle, forged));
    const report = await year.verify(folder);
    expect(report.violations[0]).toMatchObject({ code: "audit/rewritten", sequence: 22 });
  });

  test("the end is cut off", async () => {
    const folder = year.copy();
    move(folder, main, git(folder, "rev-parse", `${main}~2`));
    expect(await codes(folder)).toEqual(["rewritten"]);
  });

  test("a foxtrot merge", async () => {
    const folder = year.copy();
    const fork = year.log[30]?.commit ?? "";
    const side = commit(folder, { from: fork, edits: { "README.md": "mine" } });
    const tip = tipOf(folder);
    move(folder, main, commit(folder, { from: tip, parents: [side, tip] }));
    expect((await codes(folder))[0]).toBe("foxtrot");
  });

  test.each([
    ["a direct push", {}],
    ["a forged author and committer", { author: addressOf("carol"), committer: addressOf("dave") }],
    ["a date of 2001", { time: 1_000_000_000 }],
  ])("%s is an unsigned tail, and a violation once it is recorded", async (_name, more) => {
    const folder = year.copy();
    move(folder, main, commit(folder, { from: tipOf(folder), edits: steal, ...more }));
    expect(await codes(folder)).toEqual(["unsigned-tail"]);
    const { recorded } = await year.record(folder);
    expect(recorded.map(({ decision }) => decision)).toEqual(["VIOLATION"]);
    expect(await codes(folder)).toEqual(["violation"]);
  });

  test("a date of 2038", async () => {
    const folder = year.copy();
    move(
      folder,
      main,
      commit(folder, { from: tipOf(folder), edits: { "README.md": "text" }, time: 2_145_916_800 }),
    );
    const { recorded } = await year.record(folder);
    expect(recorded).toMatchObject([{ decision: "VIOLATION", reasons: ["govern/clock"] }]);
    expect(await codes(folder)).toEqual(["violation"]);
  });

  test.each(["ours", "theirs"])("a merge -s %s that drops content", async (side) => {
    const folder = year.copy();
    const tip = tipOf(folder);
    const branch = commit(folder, { from: year.log[5]?.commit ?? "", edits: { "README.md": "text" } });
    // Either the branch's old content is taken for everything, or what the branch brought is thrown away and more.
    const from = side === "theirs" ? branch : tip;
    const dropped = side === "theirs" ? {} : { [at.policy("go-live")]: null };
    move(folder, main, commit(folder, { from, parents: [tip, branch], edits: dropped }));
    expect(await codes(folder)).toEqual(["unsigned-tail"]);
    await year.record(folder);
    expect(await codes(folder)).toEqual(["violation"]);
  });

  test("nothing lands on a violation but a heal, which needs what the rules need", async () => {
    const folder = year.copy();
    const good = tipOf(folder);
    move(folder, main, commit(folder, { from: good, edits: steal }));
    move(folder, main, commit(folder, { from: tipOf(folder), edits: { "README.md": "harmless" } }));
    move(
      folder,
      main,
      commit(folder, {
        from: good,
        parents: [tipOf(folder)],
        sign: (payload) => scriptedKey("frank").sign("git", payload),
      }),
    );
    const { recorded, unhealed } = await year.record(folder);
    expect(
      recorded.map(({ decision, reasons }) => [decision, reasons.includes("govern/base-violation")]),
    ).toEqual([
      ["VIOLATION", false],
      ["VIOLATION", true],
      // Nobody of governance agreed to it.
      ["VIOLATION", false],
    ]);
    expect(unhealed.length).toBe(3);
  });
});

/** What stands on the evidence branch, and a way to put something else there. */
function recordsOf(folder: string): Map<string, string> {
  const paths = git(folder, "ls-tree", "-r", "--name-only", evidence).split("\n");
  return new Map(paths.map((path) => [path, runGit(folder, ["show", `${evidence}:${path}`])]));
}
function putRecords(folder: string, records: ReadonlyMap<string, string>): void {
  const objects = objectMaker();
  const files = new Map([...records].map(([path, text]) => [path, objects.blob(text)]));
  const tip = objects.commit({
    files,
    parents: [tipOf(folder, evidence)],
    author: addressOf("mallory"),
    time: 1_800_000_000,
    message: "Records",
  });
  objects.write(folder, { [evidence]: tip });
}
function edited(folder: string, edit: (records: Map<string, string>) => void): void {
  const records = recordsOf(folder);
  edit(records);
  putRecords(folder, records);
}
const keyOf = (pem: string): SigningKey => {
  const key = parseSigningKey(pem);
  if ("problem" in key) throw new Error(key.problem);
  return key;
};
function signed(value: Evidence, pem = witness.pem): string {
  const key = keyOf(pem);
  return Buffer.from(
    renderRecord(value, [{ keyid: key.publicKey.fingerprint, sig: key.sign(recordMessage(value)) }]),
  ).toString("latin1");
}
function evidenceOf(text: string): Evidence {
  const record = parseRecord(Buffer.from(text, "latin1"));
  if ("problem" in record) throw new Error(record.problem);
  return record.evidence;
}
const changed = (
  records: Map<string, string>,
  sequence: number,
  change: Partial<Evidence>,
  pem?: string,
): void => {
  const path = recordPath(sequence);
  records.set(path, signed({ ...evidenceOf(records.get(path) ?? ""), ...change }, pem));
};

describe("the records", patience, () => {
  const table: readonly (readonly [string, string, (records: Map<string, string>) => void])[] = [
    ["one is deleted", "record-missing", (records) => records.delete(recordPath(20))],
    [
      "two are swapped",
      "record-reordered",
      (records) => {
        const [a = "", b = ""] = [records.get(recordPath(20)), records.get(recordPath(21))];
        records.set(recordPath(20), b).set(recordPath(21), a);
      },
    ],
    [
      "one is duplicated",
      "record-duplicated",
      (records) => records.set(recordPath(21), records.get(recordPath(20)) ?? ""),
    ],
    ["one more is put beside them", "record-extra", (records) => records.set("log/0/note.txt", "hello")],
    [
      "one is made twice by its own witness",
      "record-forked",
      (records) =>
        changed(records, 20, { recordedAt: evidenceOf(records.get(recordPath(21)) ?? "").recordedAt }),
    ],
    [
      "the last ones are cut off",
      "unsigned-tail",
      (records) => [38, 39, 40].forEach((sequence) => records.delete(recordPath(sequence))),
    ],
    [
      "the first ones are cut off",
      "landing-not-recorded",
      (records) => [2, 3, 4, 5].forEach((sequence) => records.delete(recordPath(sequence))),
    ],
    [
      "one is cut short",
      "record-malformed",
      (records) => records.set(recordPath(20), (records.get(recordPath(20)) ?? "").slice(0, 500)),
    ],
    [
      "a byte of one is another",
      "record-resigned",
      (records) =>
        records.set(
          recordPath(40),
          (records.get(recordPath(40)) ?? "").replace(/"sig":"./, (start) =>
            start.endsWith("A") ? '"sig":"B' : '"sig":"A',
          ),
        ),
    ],
    [
      "one is signed by a stranger",
      "record-resigned",
      (records) => changed(records, 40, {}, scriptedKey("mallory").pem),
    ],
    [
      "one comes from another registry",
      "wrong-registry",
      (records) => changed(records, 40, { registry: "another" }),
    ],
    [
      "one is about another branch",
      "wrong-branch",
      (records) => changed(records, 40, { ref: "refs/heads/next" }),
    ],
    [
      "one is about a landing that is not on the branch",
      "rewritten",
      (records) => changed(records, 40, { landing: "1".repeat(40) }),
    ],
    [
      "one says what the landing does not hold",
      "content-differs",
      (records) => changed(records, 40, { paths: [] }),
    ],
    [
      "one says what the rules do not",
      "decision-differs",
      (records) => changed(records, 40, { approvals: [] }),
    ],
    [
      "one leaves a commit's people out",
      "facts-differ",
      (records) =>
        changed(records, 40, {
          facts: { ...evidenceOf(records.get(recordPath(40)) ?? "").facts, commits: [] },
        }),
    ],
    [
      "the evaluator is downgraded",
      "evaluator-downgraded",
      (records) => changed(records, 40, { evaluator: "0.9.0" }),
    ],
    [
      "the evaluator is one that nobody has",
      "evaluator-unknown",
      (records) => changed(records, 40, { evaluator: "9.0.0" }),
    ],
    [
      "it was decided before what it stands on",
      "record-clock",
      (records) =>
        changed(records, 40, { decidedAt: evidenceOf(records.get(recordPath(5)) ?? "").decidedAt }),
    ],
  ];
  test.each(table)("%s: %s", async (_name, code, edit) => {
    const folder = year.copy();
    edited(folder, edit);
    expect(await codes(folder)).toContain(code);
    // And nothing is appended to what does not verify, except after a tail that is only missing.
    if (!["unsigned-tail"].includes(code))
      await expect(year.record(folder)).rejects.toMatchObject({ code: "audit/broken-evidence" });
  });

  test("a forged approval does not make a violation right", async () => {
    const folder = year.copy();
    const sequence = year.log.find(({ act }) => act.expected === "VIOLATION")?.sequence ?? 0;
    const violation = evidenceOf(recordsOf(folder).get(recordPath(sequence)) ?? "");
    expect(violation.decision).toBe("VIOLATION");
    edited(folder, (records) =>
      changed(records, sequence, { decision: "APPROVED", outcome: "allowed", reasons: [] }),
    );
    expect(await codes(folder)).toContain("decision-differs");
  });

  test("the whole branch is made again by its witness, and forced upon the old one", async () => {
    const folder = year.copy();
    const { anchor } = await year.verify(folder, { afresh: false });
    if (anchor === null) throw new Error("nothing is enforced");
    // Whoever records here refuses to.
    git(folder, "update-ref", "-d", evidence);
    await expect(year.record(folder)).rejects.toMatchObject({ code: "audit/memory-mistrusted" });
    const elsewhere = year.copy();
    git(elsewhere, "update-ref", "-d", evidence);
    await year.record(elsewhere, {
      clock: ({ time }) => new Date(Date.parse(time) + 5000).toISOString().replace(".000Z", "Z") as never,
    });
    git(folder, "fetch", "-q", elsewhere, `+${evidence}:${evidence}`);
    // Who has verified before, or was handed an anchor, sees it.
    expect(await codes(folder, { afresh: false })).toEqual(["memory-differs"]);
    expect(await codes(folder, { anchor })).toContain("anchor-differs");
    // When somebody has explained it, it is verified afresh and remembered.
    expect(await codes(folder)).toEqual([]);
    expect(await codes(folder, { afresh: false })).toEqual([]);
  });

  test("what a clone remembers hides no record of a landing that is cut off, or of none", async () => {
    const folder = year.copy();
    const [whole, records] = [tipOf(folder), tipOf(folder, evidence)];
    for (const ref of [main, evidence]) move(folder, ref, `${ref}~2`);
    expect(await codes(folder, { afresh: false })).toEqual([]);
    move(folder, evidence, records);
    for (const _ of [1, 2]) expect(await codes(folder, { afresh: false })).toEqual(["rewritten"]);
    move(folder, main, whole);
    edited(folder, (all) => all.set(recordPath(900), all.get(recordPath(20)) ?? ""));
    expect(await codes(folder, { afresh: false })).toEqual(["record-extra"]);
  });

  test("a clone is handed over that remembers what never was", async () => {
    const folder = year.copy();
    const env = { PATH: process.env["PATH"] ?? "", XDG_STATE_HOME: join(year.place, "stranger") };
    const asked = [{ folder, afresh: false, version }, joinPorts({ env, seconds: () => 0 })] as const;
    // The stranger runs this very program, and then writes what it noted about another branch.
    expect((await verifyAudit(...asked)).ok).toBe(true);
    const notes = openCloneNotes(folder, env);
    const [records, ...rest] = (notes.read("audit-verified.json") ?? "").split(/(?<=\n)/);
    const state = recallChain(rest.join(""), { anchor: null, ref: main, evaluator: version });
    move(folder, main, commit(folder, { from: tipOf(folder), edits: steal }));
    const tip = { ...state!.tip!, sequence: state!.tip!.sequence + 1, commit: tipOf(folder) };
    const forged = `${records}${rememberChain({ ...state!, tip }, version)}`;
    notes.write("audit-verified.json", forged);
    expect((await verifyAudit(...asked)).ok).toBe(true);
    expect(await codes(folder, { afresh: false })).toEqual(["unsigned-tail"]);
    writeFileSync(join(folder, "assent/audit-verified.json"), forged);
    expect(await codes(folder, { afresh: false })).toEqual(["unsigned-tail"]);
  });

  test("an anchor of another registry, another landing, another witness", async () => {
    const { anchor } = await year.verify(year.folder);
    if (anchor === null) throw new Error("nothing is enforced");
    expect(await codes(year.folder, { anchor })).toEqual([]);
    const stranger = scriptedKey("mallory").publicKey;
    for (const other of [
      { registry: "another" },
      { landing: "2".repeat(40) },
      { sequence: 3 },
      { record: `sha256:${"3".repeat(64)}` as never },
      { witness: [{ sshPublicKey: stranger }] },
    ]) {
      expect(await codes(year.folder, { anchor: { ...anchor, ...other } })).toContain("anchor-differs");
    }
  });
});

describe("keys", patience, () => {
  const land = async (
    folder: string,
    edits: Readonly<Record<string, string>>,
    by: string,
    approvers: Readonly<Record<string, string>>,
  ): Promise<string> => {
    const tip = tipOf(folder);
    const head = commit(folder, {
      from: tip,
      edits,
      author: addressOf(by),
      sign: (payload) => scriptedKey(by).sign("git", payload),
    });
    const repository = await year.ports.openProof(folder);
    const { readChange } = await import("../../src/app/read-change.ts");
    const { change } = await readChange({ base: tip, head, ref: main }, repository);
    repository.close();
    const approvals = "refs/heads/registry-approvals";
    const signatures = Object.entries(approvers).map(
      ([name, key]) =>
        [
          `${change.digest.slice(7)}/${name}.sig`,
          scriptedKey(key).sign("assent-approval@v1", `${change.digest.slice(7)}\n`),
        ] as const,
    );
    move(
      folder,
      approvals,
      commit(folder, { from: tipOf(folder, approvals), edits: Object.fromEntries(signatures) }),
    );
    move(folder, main, head);
    return head;
  };
  const retitled = {
    "registry/usecases/fraud/score.yaml":
      'title: Scores\nowner: role:fraud\npurpose: Decide about score.\nriskTier: high\ngates:\n  - { metric: auc, operator: ">=", threshold: 0.9, environments: [environment:prod] }\n',
  };

  test("an approval by a key in force counts, by one of later or of before does not", async () => {
    for (const [key, decision] of [
      ["alice 2", "APPROVED"],
      ["alice", "VIOLATION"],
      ["alice 3", "VIOLATION"],
    ] as const) {
      const folder = year.copy();
      await land(folder, retitled, "bob", { alice: key });
      expect([key, (await year.record(folder)).recorded.map((each) => each.decision)]).toEqual([
        key,
        [decision],
      ]);
    }
  });

  test("a witness that is named later does not vouch for what was before", async () => {
    const folder = year.copy();
    const late = scriptedKey("a late witness");
    await land(
      folder,
      {
        [at.registry]: registry("enforce").replace(
          "witness:\n",
          `witness:\n  - sshPublicKey: ${late.publicKey}\n`,
        ),
      },
      "frank",
      { heidi: "heidi" },
    );
    await year.record(folder);
    expect(await codes(folder)).toEqual([]);
    edited(folder, (records) => changed(records, 40, {}, late.pem));
    expect(await codes(folder)).toContain("key-not-in-force");
  });

  test("a key that is revoked since before re-flags what it vouched for", async () => {
    const folder = year.copy();
    const since = 35;
    const revoked = identity("carol", "carol 2", [{ key: "carol", since }]);
    await land(folder, { [at.identity("carol")]: revoked }, "frank", { heidi: "heidi" });
    await year.record(folder);
    const { violations } = await year.verify(folder);
    expect(await codes(folder)).toContain("key-revoked");
    const flagged = violations
      .filter(({ code }) => code === "audit/key-revoked")
      .map(({ sequence }) => sequence ?? 0);
    const report = await year.verify(year.folder);
    const approved = report.transitions.filter(
      ({ sequence, approvedBy }) =>
        sequence >= since && approvedBy.some((each) => each.identity === "identity:carol"),
    );
    expect(flagged).toEqual([...new Set(approved.map(({ sequence }) => sequence))]);
    expect(flagged.length).toBeGreaterThan(0);
  });
});

describe("the clone", patience, () => {
  test("objects are replaced", async () => {
    const folder = year.copy();
    git(folder, "replace", year.log[10]?.commit ?? "", year.log[9]?.commit ?? "");
    expect(await codes(folder)).toEqual(["replace-refs"]);
  });

  test("parents are grafted", async () => {
    const folder = year.copy();
    mkdirSync(join(folder, "info"), { recursive: true });
    writeFileSync(join(folder, "info/grafts"), `${tipOf(folder)} ${year.root}\n`);
    expect(await codes(folder)).toEqual(["grafts"]);
  });

  test("history is cut off", async () => {
    const folder = join(year.place, "shallow");
    git(
      year.place,
      "clone",
      "-q",
      "--bare",
      "--depth",
      "3",
      "--no-single-branch",
      `file://${year.folder}`,
      folder,
    );
    expect(await codes(folder)).toEqual(["shallow-clone"]);
    await expect(year.record(folder)).rejects.toMatchObject({ code: "audit/shallow" });
  });

  test("objects are borrowed", async () => {
    const folder = join(year.place, "shared");
    git(year.place, "clone", "-q", "--bare", "--shared", year.folder, folder);
    expect(await codes(folder)).toEqual(["alternates"]);
  });

  test("a loose object is swapped for another", async () => {
    const folder = year.copy();
    git(folder, "repack", "-q", "-a", "-d");
    const pack = execFileSync("sh", ["-c", "cat objects/pack/*.pack"], { cwd: folder, maxBuffer: 1 << 28 });
    rmSync(join(folder, "objects/pack"), { recursive: true });
    runGit(folder, ["unpack-objects", "-q"], pack);
    const file = (oid: string): string => join(folder, "objects", oid.slice(0, 2), oid.slice(2));
    const other = runGit(folder, ["hash-object", "-w", "--stdin"], "id: mine\n").trim();
    const wanted = file(git(folder, "rev-parse", `${main}:registry/registry.yaml`));
    rmSync(wanted, { force: true });
    writeFileSync(wanted, readFileSync(file(other)));
    expect(await codes(folder)).toEqual(["object-swapped"]);
  });
});

describe("a checkpoint that was kept elsewhere", patience, () => {
  let count = 0;
  const checkpointOf = async (folder: string): Promise<string> => {
    const checkpoint = join(year.place, `checkpoint-${count++}.json`);
    await year.record(folder, { checkpoint, clock: ({ time }) => time });
    return checkpoint;
  };
  /** A copy that ends before the year does, with evidence to match. */
  const cutOff = (): string => {
    const folder = year.copy();
    const [landings, records] = [main, evidence].map((ref) =>
      git(folder, "rev-list", "--first-parent", "--reverse", ref).split("\n"),
    );
    move(folder, main, landings?.at(-6) ?? "");
    move(folder, evidence, records?.at(-6) ?? "");
    return folder;
  };

  test("holds what it says of a history that goes on", async () => {
    const checkpoint = await checkpointOf(cutOff());
    expect(await codes(year.copy(), { checkpoint })).toEqual([]);
    const folder = year.copy();
    await year.verify(folder, { afresh: false });
    expect((await year.verify(folder, { afresh: false, checkpoint })).ok).toBe(true);
  });

  test("history and evidence are cut off below it, together", async () => {
    const checkpoint = await checkpointOf(year.copy());
    const folder = cutOff();
    expect(await codes(folder)).toEqual([]);
    expect(await codes(folder, { checkpoint })).toEqual(["checkpoint-differs"]);
    // And go on differently from there.
    const oid = commit(folder, { from: tipOf(folder), edits: { "notes.txt": "Another end.\n" } });
    move(folder, main, oid);
    await year.record(folder, { clock: ({ time }) => time });
    expect(await codes(folder, { checkpoint: await checkpointOf(folder) })).toEqual([]);
    expect(await codes(folder, { checkpoint })).toEqual(["checkpoint-differs"]);
  });

  test("its record is another one, or gone", async () => {
    const checkpoint = await checkpointOf(year.copy());
    const folder = year.copy();
    const past = git(folder, "rev-list", evidence).split("\n");
    move(folder, evidence, past[1] ?? "");
    expect(await codes(folder, { checkpoint })).toEqual(["unsigned-tail", "checkpoint-differs"]);
    // The witness records it once more, later: the chain is whole, and not the one that was vouched for.
    const later = instantOf((year.log.at(-1)?.act.time ?? 0) + 300);
    await year.record(folder, { clock: () => later });
    expect(await codes(folder)).toEqual([]);
    expect(await codes(folder, { checkpoint })).toEqual(["checkpoint-differs"]);
  });

  test("it was made by a stranger, of another registry, or is none", async () => {
    const checkpoint = await checkpointOf(year.copy());
    const read = parseCheckpoint(readFileSync(checkpoint));
    if (!("checkpoint" in read)) throw new Error(read.problem);
    const signedBy = ({ pem }: { readonly pem: string }, more: Partial<Checkpoint>): string => {
      const key = parseSigningKey(pem);
      if (!("sign" in key)) throw new Error(key.problem);
      const payload = checkpointPayload({ ...read.checkpoint, ...more });
      const { payloadType } = read.envelope;
      const signatures = [{ keyid: key.publicKey.fingerprint, sig: key.sign(paeOf(payloadType, payload)) }];
      const file = join(year.place, `checkpoint-${count++}.json`);
      writeFileSync(file, renderEnvelope({ payloadType, payload, signatures }));
      return file;
    };
    const said = (file: string) => codes(year.copy(), { checkpoint: file });
    expect(await said(signedBy(witness, {}))).toEqual([]);
    expect(await said(signedBy(scriptedKey("mallory"), {}))).toEqual(["checkpoint-unproven"]);
    expect(await said(signedBy(witness, { registry: "another" }))).toEqual(["checkpoint-differs"]);
    expect(await said(signedBy(witness, { ref: "refs/heads/other" }))).toEqual(["checkpoint-differs"]);
    const tree = digestOfBytes("another tree");
    expect(await said(signedBy(witness, { tree }))).toEqual(["checkpoint-differs"]);
    const bytes = readFileSync(checkpoint);
    for (const changed of [bytes.subarray(0, -1), Buffer.from("{}"), readFileSync(year.keyFile)]) {
      const file = join(year.place, `checkpoint-${count++}.json`);
      writeFileSync(file, changed);
      expect(await said(file)).toEqual(["checkpoint-unproven"]);
    }
  });

  test("is not made of a history that does not stand", async () => {
    const folder = year.copy();
    move(folder, main, commit(folder, { from: tipOf(folder), edits: steal }));
    await expect(checkpointOf(folder)).rejects.toMatchObject({ code: "audit/no-checkpoint" });
  });
});

test("no code of audit verify is dead", () => {
  const all = allCodes()
    .map(({ code }) => code)
    .filter((code) => code.startsWith("audit/"));
  expect(all.filter((code) => !seen.has(code))).toEqual([]);
});
