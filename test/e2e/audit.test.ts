/**
 * Recording, verifying and exporting as they are used: two witnesses at once, one that is killed, a clone that remembers,
 * an archive that standard tools re-verify, a registry that comes back from a mirror.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportAudit, type ExportRequest } from "../../src/app/audit/export.ts";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { run } from "../cli.ts";
import { auditedYear, version, type AuditedYear } from "../scenarios/scripted-year/audited.ts";
import { runGit } from "../scenarios/scripted-year/objects.ts";
import { instantOf } from "../scenarios/scripted-year/script.ts";
import { witness } from "../scenarios/scripted-year/texts.ts";

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
const recordsIn = (folder: string): number => runGit(folder, ["rev-list", evidence]).trim().split("\n").length;
const quiet = { clock: ({ time }: { readonly time: string }) => time as never };

describe("record", { timeout: 120_000 }, () => {
  test("catches up, and does nothing the second time", async () => {
    const folder = behind(10);
    const first = await year.record(folder, quiet);
    expect(first.recorded.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 29 }, (_, index) => 12 + index));
    const tip = runGit(folder, ["rev-parse", evidence]);
    const second = await year.record(folder, quiet);
    expect([second.recorded, second.records, runGit(folder, ["rev-parse", evidence])]).toEqual([[], 39, tip]);
    expect((await year.verify(folder)).ok).toBe(true);
  });

  test("two at once append every record once", async () => {
    const folder = behind(5);
    const results = await Promise.all([year.record(folder, quiet), year.record(folder, quiet), year.record(folder, quiet)]);
    expect(results.every(({ records }) => records === 39)).toBe(true);
    expect(results.reduce((sum, { recorded }) => sum + recorded.length, 0)).toBe(34);
    expect(recordsIn(folder)).toBe(39);
    expect((await year.verify(folder)).ok).toBe(true);
  });

  test("whoever is killed leaves whole records or none, and the next run goes on", async () => {
    const folder = behind(5);
    const [before, start, end] = [recordsIn(folder), runGit(folder, ["rev-parse", evidence]).trim(), instantOf((year.log.at(-1)?.act.time ?? 0) + 60)];
    let killed = 0;
    for (const wait of [200, 300, 400, 500, 600]) {
      const people = { GIT_AUTHOR_NAME: "w", GIT_AUTHOR_EMAIL: "w@e", GIT_COMMITTER_NAME: "w", GIT_COMMITTER_EMAIL: "w@e" };
      const child = spawn(process.execPath, [program, "audit", "record", "-C", folder, "--key", year.keyFile, "--as-of", end], { env: { ...process.env, HOME: "/nonexistent", ...people }, stdio: "ignore" });
      const ended = new Promise((done) => child.on("close", done));
      await new Promise((done) => setTimeout(done, wait));
      if (child.kill("SIGKILL")) killed++;
      await ended;
      // Everything or nothing of what it made.
      expect([before, 39]).toContain(recordsIn(folder));
      runGit(folder, ["fsck", "--connectivity-only"]);
    }
    expect(killed).toBeGreaterThan(0);
    runGit(folder, ["update-ref", evidence, start]);
    await year.record(folder, quiet);
    expect(recordsIn(folder)).toBe(39);
  });

  test("needs a key that the registry names, and never shows it", async () => {
    const folder = behind(5);
    const { scriptedKey } = await import("../scenarios/scripted-year/keys.ts");
    const stranger = join(year.place, "stranger.pem");
    const { pem } = scriptedKey("mallory");
    writeFileSync(stranger, pem);
    await expect(year.record(folder, { keyFile: stranger })).rejects.toMatchObject({ code: "audit/not-a-witness" });
    await expect(year.record(folder, { keyFile: undefined })).rejects.toMatchObject({ code: "audit/no-key" });
    writeFileSync(stranger, pem.replace("\n", "\nx"));
    const ran = await run(["audit", "record", "-C", folder, "--key", stranger], { cwd: folder });
    expect([ran.code, ran.stderr.includes("audit/unusable-key"), ran.stderr.includes(pem.split("\n")[1] ?? "")]).toEqual([2, true, false]);
  });
});

describe("verify", { timeout: 120_000 }, () => {
  test("remembers what it has verified, and says so", async () => {
    const folder = year.copy();
    const first = await year.verify(folder, { afresh: false });
    const second = await year.verify(folder, { afresh: false });
    expect([first.ok, first.remembered, second.ok, second.remembered]).toEqual([true, null, true, 40]);
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
    expect(JSON.parse(json.stdout)).toMatchObject({ format: "assent.audit/v1", ok: false, trust: "first-use" });
  });
});

describe("export", { timeout: 120_000 }, () => {
  const request = (out: string, more: Partial<ExportRequest> = {}): ExportRequest => ({ folder: year.folder, out, from: undefined, to: undefined, sample: undefined, seed: "7", action: undefined, trust: undefined, version, ...more });
  const unpack = (name: string): string => {
    const folder = join(year.place, `${name}-unpacked`);
    mkdirSync(folder);
    execFileSync("tar", ["-xf", join(year.place, name), "-C", folder]);
    return folder;
  };
  const verified = (folder: string, ...args: readonly string[]) => spawnSync("python3", ["verify.py", ...args], { cwd: folder, encoding: "utf8" });

  test("the same history gives the same bytes, which tar and the script accept", async () => {
    const [a, b] = [await exportAudit(request(join(year.place, "a.tar")), year.ports), await exportAudit(request(join(year.place, "b.tar")), year.ports)];
    expect([a.ok, a.digest]).toEqual([true, b.digest]);
    const folder = unpack("a.tar");
    expect(spawnSync("sha256sum", ["-c", "--quiet", "SHA256SUMS"], { cwd: folder }).status).toBe(0);
    const ran = verified(folder);
    expect([ran.status, ran.stdout]).toEqual([0, expect.stringContaining("39 records (")]);
    writeFileSync(join(folder, "../pinned.txt"), `${witness.publicKey}\n`);
    expect(verified(folder, "--witness", "../pinned.txt").status).toBe(0);
  });

  test("the script finds what somebody touched", async () => {
    await exportAudit(request(join(year.place, "c.tar")), year.ports);
    const folder = unpack("c.tar");
    const at = (path: string): string => join(folder, path);
    const signBy = (path: string): void => writeFileSync(at("SHA256SUMS"), readFileSync(at("SHA256SUMS"), "utf8").replace(new RegExp(`^.*  ${path}$`, "m"), `${sha256Hex(readFileSync(at(path)))}  ${path}`));
    const commit = readFileSync(at("landings/20.commit"));
    writeFileSync(at("landings/20.commit"), `${commit.toString()}more`);
    expect(verified(folder).stdout).toContain("landings/20.commit is not the file that SHA256SUMS lists");
    signBy("landings/20.commit");
    expect(verified(folder).stdout).toContain("evidence/20.dsse.json: the landing's commit is another one");
    writeFileSync(at("landings/20.commit"), commit);
    const record = JSON.parse(readFileSync(at("evidence/20.dsse.json"), "utf8")) as { payload: string };
    const payload = Buffer.from(record.payload, "base64").toString().replace('"decision":"', '"decision":"X');
    writeFileSync(at("evidence/20.dsse.json"), JSON.stringify({ ...record, payload: Buffer.from(payload).toString("base64") }));
    signBy("landings/20.commit");
    signBy("evidence/20.dsse.json");
    const ran = verified(folder);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain("evidence/20.dsse.json: no witness's signature verifies");
    expect(ran.stdout).toContain("evidence/21.dsse.json: the record before is another one");
  });

  test("a sample is the same for the same seed, and another for another", async () => {
    const drawn = async (seed: string): Promise<readonly unknown[]> => {
      await exportAudit(request(join(year.place, `s${seed}.tar`), { sample: 5, seed, action: "promote" }), year.ports);
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
    const duties = JSON.parse(execFileSync("tar", ["-xOf", join(year.place, "d.tar"), "duties.json"]).toString()) as { identity: string; made: number; approved: number; both: number[] }[];
    expect(duties.length).toBeGreaterThan(5);
    expect(duties.flatMap(({ both }) => both)).toEqual([]);
    const alice = duties.find(({ identity }) => identity === "identity:alice");
    expect(alice?.made).toBe(year.log.filter(({ act }) => act.author === "alice").length);
  });
});
