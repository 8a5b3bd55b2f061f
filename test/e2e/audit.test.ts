/**
 * Recording, verifying and exporting as they are used: two witnesses at once, one that is killed, a clone that remembers,
 * an archive that standard tools re-verify, a registry that comes back from a mirror.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { events } from "../../src/app/history.ts";
import type { RegistryEvent } from "../../src/core/audit/event.ts";
import { exportAudit, type ExportRequest } from "../../src/app/audit/export.ts";
import { retentionFiles } from "../../src/core/export/retention.ts";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { workflowFaults } from "../../scripts/check/workflows.ts";
import { run } from "../cli.ts";
import { auditedYear, version, type AuditedYear } from "../scenarios/scripted-year/audited.ts";
import { objectMaker, runGit } from "../scenarios/scripted-year/objects.ts";
import { instantOf } from "../scenarios/scripted-year/script.ts";
import { addressOf, witness } from "../scenarios/scripted-year/texts.ts";

const program = resolve(import.meta.dirname, "../../dist/assent.js");
const evidence = "refs/heads/registry-evidence";
let year: AuditedYear;
beforeAll(async () => {
  year = await auditedYear(40);
}, 120_000);
afterAll(() => year.remove());

/** A copy whose evidence ends at a landing. */
function behind(records: number): string {
  const folder = year.copy();
  const commits = runGit(folder, ["rev-list", "--reverse", evidence]).trim().split("\n");
  runGit(folder, ["update-ref", evidence, commits[records - 1] ?? ""]);
  return folder;
}
const recordsIn = (folder: string): number =>
  runGit(folder, ["rev-list", evidence]).trim().split("\n").length;
const quiet = { clock: ({ time }: { readonly time: string }) => time as never };

describe("record", { timeout: 120_000 }, () => {
  test("catches up, and does nothing the second time", async () => {
    const folder = behind(10);
    const first = await year.record(folder, quiet);
    expect(first.recorded.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 29 }, (_, index) => 12 + index),
    );
    const tip = runGit(folder, ["rev-parse", evidence]);
    const second = await year.record(folder, quiet);
    expect([second.recorded, second.records, runGit(folder, ["rev-parse", evidence])]).toEqual([[], 39, tip]);
    expect((await year.verify(folder)).ok).toBe(true);
  });

  test("two at once append every record once", async () => {
    const folder = behind(5);
    const results = await Promise.all([
      year.record(folder, quiet),
      year.record(folder, quiet),
      year.record(folder, quiet),
    ]);
    expect(results.every(({ records }) => records === 39)).toBe(true);
    expect(results.reduce((sum, { recorded }) => sum + recorded.length, 0)).toBe(34);
    expect(recordsIn(folder)).toBe(39);
    expect((await year.verify(folder)).ok).toBe(true);
  });

  test("whoever is killed leaves whole records or none, and the next run goes on", async () => {
    // By the version of the built program, which goes on from there.
    const folder = year.copy();
    runGit(folder, ["update-ref", "-d", evidence]);
    await year.record(folder, { ...quiet, version: "0.1.0" });
    const commits = runGit(folder, ["rev-list", "--reverse", evidence]).trim().split("\n");
    const start = commits[4] ?? "";
    const end = instantOf((year.log.at(-1)?.act.time ?? 0) + 60);
    const people = {
      GIT_AUTHOR_NAME: "w",
      GIT_AUTHOR_EMAIL: "w@e",
      GIT_COMMITTER_NAME: "w",
      GIT_COMMITTER_EMAIL: "w@e",
    };
    const env = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...people };
    const args = [program, "audit", "record", "-C", folder, "--key", year.keyFile, "--as-of", end];
    const back = (): void => {
      runGit(folder, ["update-ref", evidence, start]);
      rmSync(join(folder, "assent"), { recursive: true, force: true });
    };
    back();
    const from = performance.now();
    // Caught up so late, something has run out since, and is a violation; it is recorded all the same.
    expect(spawnSync(process.execPath, args, { env }).status).toBe(1);
    const whole = performance.now() - from;
    expect(recordsIn(folder)).toBe(39);
    let killed = 0;
    for (const part of [0.3, 0.5, 0.7, 0.8, 0.9, 0.95]) {
      back();
      const child = spawn(process.execPath, args, { env, stdio: "ignore" });
      const ended = new Promise((done) => child.on("close", done));
      await new Promise((done) => setTimeout(done, whole * part));
      if (child.kill("SIGKILL")) killed++;
      await ended;
      // Everything or nothing of what it made.
      expect([5, 39]).toContain(recordsIn(folder));
      runGit(folder, ["fsck", "--connectivity-only"]);
    }
    expect(killed).toBeGreaterThan(0);
    back();
    expect(spawnSync(process.execPath, args, { env }).status).toBe(1);
    expect(recordsIn(folder)).toBe(39);
  });

  test("begins in a repository of SHA-256 as well, and proves it", async () => {
    const folder = join(year.place, "sha256");
    runGit(year.place, ["init", "-q", "--object-format=sha256", "-b", "main", folder]);
    const tar = execFileSync("git", ["archive", "main"], { cwd: year.folder, maxBuffer: 1 << 28 });
    execFileSync("tar", ["x"], { cwd: folder, input: tar });
    const by = ["-c", "user.name=w", "-c", "user.email=w@e"];
    runGit(folder, ["add", "-A"]);
    runGit(folder, [...by, "commit", "-q", "-m", "Begin"]);
    runGit(folder, [...by, "commit", "-q", "--allow-empty", "-m", "Nothing"]);
    const { recorded } = await year.record(folder, quiet);
    expect(recorded.map(({ sequence, commit }) => [sequence, commit.length])).toEqual([[2, 64]]);
    expect(runGit(folder, ["for-each-ref", "refs/assent"])).toBe("");
    expect(await year.verify(folder)).toMatchObject({ ok: true, landings: 2, records: 1 });
    expect(await year.verify(folder, { afresh: false })).toMatchObject({ ok: true, remembered: 2 });
  });

  test("needs a key that the registry names, and never shows it", async () => {
    const folder = behind(5);
    const { scriptedKey } = await import("../scenarios/scripted-year/keys.ts");
    const stranger = join(year.place, "stranger.pem");
    const { pem } = scriptedKey("mallory");
    writeFileSync(stranger, pem);
    await expect(year.record(folder, { keyFile: stranger })).rejects.toMatchObject({
      code: "audit/not-a-witness",
    });
    await expect(year.record(folder, { keyFile: undefined })).rejects.toMatchObject({ code: "audit/no-key" });
    writeFileSync(stranger, pem.replace("\n", "\nx"));
    const ran = await run(["audit", "record", "-C", folder, "--key", stranger], { cwd: folder });
    expect([
      ran.code,
      ran.stderr.includes("audit/unusable-key"),
      ran.stderr.includes(pem.split("\n")[1] ?? ""),
    ]).toEqual([2, true, false]);
  });
});

describe("verify", { timeout: 120_000 }, () => {
  test("remembers what it has verified, and says so", async () => {
    const folder = year.copy();
    const first = await year.verify(folder, { afresh: false });
    const second = await year.verify(folder, { afresh: false });
    expect([first.ok, first.remembered, second.ok, second.remembered]).toEqual([true, null, true, 40]);
    // A record of before that is gone is missed all the same.
    const tip = runGit(folder, ["rev-parse", evidence]).trim();
    runGit(folder, ["read-tree", evidence]);
    runGit(folder, ["rm", "-q", "--cached", "log/0/20.dsse.json"]);
    const tree = runGit(folder, ["write-tree"]).trim();
    const without = runGit(folder, [
      "-c",
      "user.name=x",
      "-c",
      "user.email=x@y",
      "commit-tree",
      tree,
      "-p",
      tip,
      "-m",
      "gone",
    ]).trim();
    runGit(folder, ["update-ref", evidence, without]);
    expect((await year.verify(folder, { afresh: false })).violations.map(({ code }) => code)).toContain(
      "audit/record-missing",
    );
    runGit(folder, ["update-ref", evidence, tip]);
    // Another version may judge otherwise, and believes nothing that this one remembers.
    expect((await year.verify(folder, { afresh: false, version: "1.0.1" })).remembered).toBeNull();
    mkdirSync(join(folder, "assent"), { recursive: true });
    const note = join(folder, "assent/audit-verified.json");
    writeFileSync(note, readFileSync(note, "utf8").replace('"sequence":40', '"sequence":41'));
    expect(await year.verify(folder, { afresh: false })).toMatchObject({ ok: true, remembered: null });
  });

  test("on the command line: text, JSON, exit codes", async () => {
    const folder = year.copy();
    const text = await run(["audit", "verify", "-C", folder], { cwd: folder });
    // The test's program is older than the one that recorded.
    expect([text.code, text.stdout.includes("audit/evaluator-unknown")]).toEqual([1, true]);
    const json = await run(["audit", "verify", "-C", folder, "--format", "json"], { cwd: folder });
    expect(JSON.parse(json.stdout)).toMatchObject({
      format: "assent.audit/v1",
      ok: false,
      trust: "first-use",
    });
  });
});

describe("export", { timeout: 120_000 }, () => {
  const request = (out: string, more: Partial<ExportRequest> = {}): ExportRequest => ({
    folder: year.folder,
    out,
    from: undefined,
    to: undefined,
    sample: undefined,
    seed: "7",
    action: undefined,
    trust: undefined,
    version,
    ...more,
  });
  const unpack = (name: string): string => {
    const folder = join(year.place, `${name}-unpacked`);
    mkdirSync(folder);
    execFileSync("tar", ["-xf", join(year.place, name), "-C", folder]);
    return folder;
  };
  const verified = (folder: string, ...args: readonly string[]) =>
    spawnSync("python3", ["verify.py", ...args], { cwd: folder, encoding: "utf8" });

  test("the same history gives the same bytes, which tar and the script accept", async () => {
    const [a, b] = [
      await exportAudit(request(join(year.place, "a.tar")), year.ports),
      await exportAudit(request(join(year.place, "b.tar")), year.ports),
    ];
    expect([a.ok, a.digest]).toEqual([true, b.digest]);
    const folder = unpack("a.tar");
    expect(spawnSync("sha256sum", ["-c", "--quiet", "SHA256SUMS"], { cwd: folder }).status).toBe(0);
    const ran = verified(folder);
    expect([ran.status, ran.stdout]).toEqual([0, expect.stringContaining("39 records (")]);
    writeFileSync(join(folder, "../pinned.txt"), `${witness.publicKey}\n`);
    expect(verified(folder, "--witness", "../pinned.txt").status).toBe(0);
  });

  test("its events are those that assent events tells, what evidence tells included", async () => {
    await exportAudit(request(join(year.place, "events.tar")), year.ports);
    const lines = readFileSync(join(unpack("events.tar"), "events.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    const told: RegistryEvent[] = [];
    const ports = {
      findRoot: () => year.folder,
      openRepository: () => year.ports.openProof(year.folder),
      sandbox: year.ports.sandbox,
    };
    for await (const batch of events({ folder: year.folder }, ports)) told.push(...batch);
    expect(told.filter(({ type }) => type === "violation_recorded")).toHaveLength(1);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      told.map((event) => ({ format: "assent.event/v1", ...event })),
    );
  });

  test("with the witness's key a checkpoint stands in it, and must be about what stands beside it", async () => {
    await exportAudit(request(join(year.place, "kept.tar"), { keyFile: year.keyFile }), year.ports);
    const folder = unpack("kept.tar");
    expect(verified(folder).status).toBe(0);
    const checkpoint = join(folder, "checkpoint.dsse.json");
    const report = await year.verify(year.folder, { checkpoint });
    expect([report.ok, report.violations]).toEqual([true, []]);
    const text = readFileSync(checkpoint, "utf8");
    writeFileSync(checkpoint, text.replace(/"sig":"../, '"sig":"AA'));
    expect(verified(folder).stdout).toContain("checkpoint.dsse.json: no witness's signature verifies");
  });

  test("the script finds what somebody touched", async () => {
    await exportAudit(request(join(year.place, "c.tar")), year.ports);
    const folder = unpack("c.tar");
    const at = (path: string): string => join(folder, path);
    const signBy = (path: string): void =>
      writeFileSync(
        at("SHA256SUMS"),
        readFileSync(at("SHA256SUMS"), "utf8").replace(
          new RegExp(`^.*  ${path}$`, "m"),
          `${sha256Hex(readFileSync(at(path)))}  ${path}`,
        ),
      );
    const commit = readFileSync(at("landings/20.commit"));
    writeFileSync(at("landings/20.commit"), `${commit.toString()}more`);
    expect(verified(folder).stdout).toContain("landings/20.commit is not the file that SHA256SUMS lists");
    signBy("landings/20.commit");
    expect(verified(folder).stdout).toContain("evidence/20.dsse.json: the landing's commit is another one");
    writeFileSync(at("landings/20.commit"), commit);
    const record = JSON.parse(readFileSync(at("evidence/20.dsse.json"), "utf8")) as { payload: string };
    const payload = Buffer.from(record.payload, "base64").toString().replace('"decision":"', '"decision":"X');
    writeFileSync(
      at("evidence/20.dsse.json"),
      JSON.stringify({ ...record, payload: Buffer.from(payload).toString("base64") }),
    );
    signBy("landings/20.commit");
    signBy("evidence/20.dsse.json");
    const ran = verified(folder);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain("evidence/20.dsse.json: no witness's signature verifies");
    expect(ran.stdout).toContain("evidence/21.dsse.json: the record before is another one");
  });

  test("a sample is the same for the same seed, and another for another", async () => {
    const drawn = async (seed: string): Promise<readonly unknown[]> => {
      await exportAudit(
        request(join(year.place, `s${seed}.tar`), { sample: 5, seed, action: "promote" }),
        year.ports,
      );
      const text = execFileSync("tar", ["-xOf", join(year.place, `s${seed}.tar`), "sample.json"]).toString();
      return (JSON.parse(text) as { readonly drawn: readonly { readonly action: string }[] }).drawn;
    };
    const seven = await drawn("7");
    expect(seven.length).toBe(5);
    expect(await drawn("7")).toEqual(seven);
    expect(await drawn("8")).not.toEqual(seven);
  });

  test("nobody did both", async () => {
    await exportAudit(request(join(year.place, "d.tar")), year.ports);
    const duties = JSON.parse(
      execFileSync("tar", ["-xOf", join(year.place, "d.tar"), "duties.json"]).toString(),
    ) as { identity: string; made: number; approved: number; both: number[] }[];
    expect(duties.length).toBeGreaterThan(5);
    expect(duties.flatMap(({ both }) => both)).toEqual([]);
    const alice = duties.find(({ identity }) => identity === "identity:alice");
    expect(alice?.made).toBe(year.log.filter(({ act }) => act.author === "alice").length);
  });
});

describe("reviews on a forge", { timeout: 60_000 }, () => {
  const main = "refs/heads/main";
  const edit =
    'title: Scores\nowner: role:fraud\npurpose: Decide about score.\nriskTier: high\ngates:\n  - { metric: auc, operator: ">=", threshold: 0.9, environments: [environment:prod] }\n';

  /** A landing of bob's change that alice has reviewed, merged or squashed, and what the forge says about it. */
  function reviewed(folder: string, how: "merge" | "squash"): string {
    const objects = objectMaker();
    const tip = runGit(folder, ["rev-parse", main]).trim();
    const files = new Map(
      runGit(folder, ["ls-tree", "-r", tip])
        .trim()
        .split("\n")
        .map((line) => line.split("\t"))
        .map(([head = "", path = ""]) => [path, head.split(" ")[2] ?? ""]),
    );
    files.set("registry/usecases/fraud/score.yaml", objects.blob(edit));
    const time = (year.log.at(-1)?.act.time ?? 0) + 60;
    const about = { files, author: addressOf("bob"), time, message: "Retitle" };
    const head = objects.commit({ ...about, parents: [tip] });
    const landing = objects.commit({
      ...about,
      parents: how === "merge" ? [tip, head] : [tip],
      message: "Retitle (#7)",
    });
    objects.write(folder, { [main]: landing });
    const file = join(year.place, `reviews-${how}.json`);
    const bob = { id: 1002, login: "bob" };
    writeFileSync(
      file,
      JSON.stringify({
        number: 7,
        author: bob,
        base: { ref: main },
        head: { sha: head },
        mergedAt: instantOf(time),
        reviews: [
          {
            id: 1,
            user: { id: 1001, login: "alice", type: "User" },
            state: "APPROVED",
            commit_id: head,
            submitted_at: instantOf(time - 5),
          },
        ],
        commits: [{ sha: head, author: bob, committer: bob }],
      }),
    );
    return file;
  }

  test.each(["merge", "squash"] as const)("a %s that was approved there", async (how) => {
    const folder = year.copy();
    const file = reviewed(folder, how);
    const { recorded } = await year.record(folder, { reviews: [file] });
    expect(recorded).toMatchObject([{ decision: "APPROVED", reasons: [] }]);
    const report = await year.verify(folder);
    expect([report.ok, report.assurance]).toEqual([true, "mixed"]);
    expect(report.transitions.at(-1)).toMatchObject({
      approvedBy: [{ identity: "identity:alice" }],
      level: "forge",
    });
  });

  test("without what the forge says it is a violation", async () => {
    const folder = year.copy();
    reviewed(folder, "merge");
    expect((await year.record(folder)).recorded).toMatchObject([{ decision: "VIOLATION" }]);
  });
});

describe("retention", { timeout: 120_000 }, () => {
  const drill = retentionFiles[0]?.text ?? "";
  const restore = (
    clone: string,
    source: string,
    anchor = "",
    checkpoint = "",
  ): { readonly status: number | null; readonly said: string } => {
    writeFileSync(join(clone, "../drill.sh"), drill);
    const assent = join(clone, "../assent");
    writeFileSync(assent, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 });
    const ran = spawnSync("sh", ["../drill.sh", source, anchor], {
      cwd: clone,
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: "/nonexistent",
        ASSENT: assent,
        TMPDIR: year.place,
        CHECKPOINT: checkpoint,
      },
    });
    return { status: ran.status, said: `${ran.stdout}${ran.stderr}` };
  };

  test("the drill restores from a mirror and from a bundle file, and fails when anything differs", async () => {
    // Recorded by a version that is not newer than the program that the drill runs.
    const folder = year.copy();
    runGit(folder, ["update-ref", "-d", evidence]);
    const checkpoint = join(year.place, "checkpoint.json");
    await year.record(folder, { ...quiet, version: "0.1.0", checkpoint });
    const clone = join(year.place, "live");
    runGit(year.place, ["clone", "-q", folder, clone]);
    const mirror = join(year.place, "mirror.git");
    runGit(year.place, ["clone", "-q", "--mirror", folder, mirror]);
    const good = restore(clone, mirror);
    expect([good.status, good.said]).toEqual([
      0,
      expect.stringMatching(
        /^restored, verified and compiled in \d+ seconds: [0-9a-f]{40} sha256:[0-9a-f]{64}\n$/,
      ),
    ]);
    const bundle = join(year.place, "registry.bundle");
    runGit(clone, ["bundle", "create", "-q", bundle, "--remotes=origin"]);
    expect(restore(clone, bundle).status).toBe(0);
    expect(restore(clone, bundle, "", checkpoint).status).toBe(0);
    expect(restore(clone, bundle, "", year.keyFile)).toMatchObject({
      status: 1,
      said: expect.stringContaining("audit/checkpoint-unproven"),
    });
    runGit(mirror, ["update-ref", "refs/heads/registry-approvals", year.root]);
    expect(restore(clone, mirror)).toMatchObject({
      status: 1,
      said: expect.stringContaining("FAILED: registry-approvals is at"),
    });
    runGit(mirror, ["update-ref", "-d", "refs/heads/registry-approvals"]);
    expect(restore(clone, mirror).status).toBe(1);
    runGit(clone, ["fetch", "-q", "origin"]);
    expect(restore(clone, join(year.place, "nowhere")).status).not.toBe(0);
  });

  test("what init writes for it, and for a witness, are safe workflows", async () => {
    const folder = join(year.place, "witness");
    const ran = await run(["init", folder, "--witness"], { cwd: year.place });
    expect(ran.code).toBe(0);
    const registry = join(year.place, "fresh");
    expect((await run(["init", registry], { cwd: year.place })).code).toBe(0);
    expect(readFileSync(join(registry, ".github/assent/restore-drill.sh"), "utf8")).toBe(drill);
    for (const path of [
      join(folder, ".github/workflows/assent-witness.yml"),
      join(registry, ".github/workflows/assent-restore-drill.yml"),
    ]) {
      expect(workflowFaults(readFileSync(path, "utf8"))).toEqual([]);
    }
    expect((await run(["init", registry, "--witness"], { cwd: year.place })).stderr).toContain("init/exists");
  });
});

test("answers fit their published schemas", async () => {
  const folder = join(import.meta.dirname, "../../schemas/wire");
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false });
  for (const file of readdirSync(folder))
    ajv.addSchema(JSON.parse(readFileSync(join(folder, file), "utf8")) as object);
  const fits = (name: string, text: string): void => {
    const validate = ajv.getSchema(`https://assent.dev/schemas/wire/v1/${name}.schema.json`);
    validate?.(JSON.parse(text));
    expect([name, validate?.errors ?? []]).toEqual([name, []]);
  };
  const copy = year.copy();
  runGit(copy, ["update-ref", "-d", evidence]);
  const end = instantOf((year.log.at(-1)?.act.time ?? 0) + 60);
  const json = async (...args: readonly string[]): Promise<string> =>
    (await run([...args, "-C", copy, "--format", "json"], { cwd: year.place })).stdout;
  // The test's own program has no committer; the port's environment names one.
  runGit(copy, ["config", "user.name", "w"]);
  runGit(copy, ["config", "user.email", "w@example.com"]);
  fits("audit-record", await json("audit", "record", "--key", year.keyFile, "--as-of", end));
  fits("audit", await json("audit", "verify"));
  fits("audit-export", await json("audit", "export", "--out", join(year.place, "wire.tar")));
});
