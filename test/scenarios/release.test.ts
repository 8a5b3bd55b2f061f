/** Releases as people and jobs make them: releasing, refreshing, going on after a kill, and everything that is refused. */
import { spawn } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createPrivateKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDirectoryDestination } from "../../src/adapters/directory-release.ts";
import { release as releaseOperation } from "../../src/app/release.ts";
import { LIFETIMES } from "../../src/core/release/lifetimes.ts";
import { readManifest, readNamed } from "../../src/client/read-file.ts";
import { openDirectory } from "../../src/client/source/directory.ts";
import { instantOfSeconds } from "../../src/core/model/instant.ts";
import { run } from "../cli.ts";
import {
  BEGIN,
  consume,
  copyOf,
  DAY,
  filesBelow,
  filesNamed,
  generate,
  json,
  PASSPHRASE,
  refused,
  releaseKeys,
  releaseWorld,
  waivedUntil,
  wire,
  type ReleaseWorld,
  type Wire,
} from "../release-world.ts";
import { git, newFolder, plainEnvironment } from "../repository-on-disk.ts";
import { auditedYear, version, type AuditedYear } from "./scripted-year/audited.ts";

const change = (title: string): Readonly<Record<string, string>> => ({
  "registry/governance/roles/tries.yaml": `title: ${title}\nmembers: []\n`,
});

describe("a release", () => {
  let world: ReleaseWorld;
  beforeAll(async () => {
    world = await releaseWorld(mkdtempSync(join(realpathSync(tmpdir()), "assent-release-")));
    await generate(world);
  });
  afterAll(() => rmSync(dirname(world.folder), { recursive: true, force: true }));

  it("is made, is a no-op, is refreshed, and moves on, and each time a service takes it", async () => {
    const first = await world.release(...json);
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect(wire(first.stdout)).toMatchObject({
      outcome: "released",
      registry: "tried",
      sequence: 1,
      asOf: "2026-07-01T00:00:00Z",
      assurance: "none",
      signed: ["targets", "snapshot", "timestamp"],
      metadata: {
        root: { version: 1, expires: "2027-07-02T00:00:00Z" },
        targets: { version: 1, expires: "2026-09-30T00:00:00Z" },
        snapshot: { version: 1, expires: "2026-09-30T00:00:00Z" },
        timestamp: { version: 1, expires: "2026-07-04T00:00:00Z" },
      },
    });
    const before = filesBelow(world.out);
    const taken = await consume(world);
    const reader = openDirectory("/", world.out);
    const { manifest } = await readManifest(reader, taken);
    for (const { path } of manifest.files) await readNamed(reader, manifest, path);
    expect([...taken.targets.keys()].sort()).toEqual([
      "manifest.json",
      ...manifest.environments.map((name) => `slices/${name}.json`).sort(),
    ]);

    world.now += DAY;
    // Without a key, because a no-op asks for none.
    const again = await world.run("release", "--out", world.out, ...json);
    expect(wire(again.stdout)).toMatchObject({ outcome: "unchanged", signed: [] });
    expect(filesBelow(world.out)).toEqual(before);

    const fresh = wire((await world.release("--refresh", ...json)).stdout);
    expect(fresh).toMatchObject({
      outcome: "refreshed",
      signed: ["timestamp"],
      metadata: { timestamp: { version: 2, expires: "2026-07-05T00:00:00Z" } },
    });
    expect(changed(before, filesBelow(world.out))).toEqual(["metadata/timestamp.json"]);

    const inodes = inodesOf(world.out);
    world.land(change("Tries"));
    const next = wire((await world.release(...json)).stdout);
    expect(next).toMatchObject({ outcome: "released", sequence: 2, metadata: { targets: { version: 2 } } });
    const moved = await consume(world, taken.state);
    expect([moved.release.pair.sequence, moved.isNew]).toEqual([2, true]);
    // What is named by its digest stands as it was.
    const kept = [...inodes].filter(([path]) => path !== "metadata/timestamp.json");
    expect(kept.filter(([path, inode]) => inodesOf(world.out).get(path) !== inode)).toEqual([]);
  });

  it("signs anew whatever is about to expire, where the keys are at hand", async () => {
    await world.release();
    const taken = await consume(world);
    world.now += 70 * DAY;
    await expect(consume(world, taken.state)).rejects.toMatchObject({ code: "release/expired" });
    const answer = wire((await world.release("--refresh", ...json)).stdout);
    expect(answer).toMatchObject({ outcome: "refreshed", signed: ["targets", "snapshot", "timestamp"] });
    expect((await consume(world, taken.state)).isNew).toBe(false);
    const [role, file] = ["timestamp", join(world.keys, "timestamp.pem")];
    world.now += 70 * DAY;
    const only = [
      "release",
      "--out",
      world.out,
      "--refresh",
      "--key",
      `${role}=${file}`,
      "--passphrase-file",
    ];
    const passphrase = join(dirname(world.folder), "passphrase");
    expect(wire((await world.run(...only, passphrase, ...json)).stdout)).toMatchObject({
      signed: ["timestamp"],
    });
    const inspected = await world.run("key", "inspect", "--release", world.out, ...json);
    expect([inspected.code, standings(wire(inspected.stdout))]).toEqual([
      0,
      ["good", "soon", "soon", "good"],
    ]);
    world.now += 70 * DAY;
    expect(await refused(world.run(...only, passphrase, ...json))).toEqual([2, "release/no-key"]);
    const late = await world.run("key", "inspect", "--release", world.out, ...json);
    expect([late.code, standings(wire(late.stdout))]).toEqual([1, ["good", "expired", "expired", "expired"]]);
    expect((await world.run("key", "inspect", "--release", world.out)).stdout).toMatch(
      /targets .* expired\n/,
    );
  });

  it("goes on from leftovers of a run that was killed, without touching them", async () => {
    await world.release();
    const { version } = (
      wire((await world.release("--refresh", ...json)).stdout) as {
        metadata: { snapshot: { version: number } };
      }
    ).metadata.snapshot;
    cpSync(
      join(world.out, `metadata/${version}.snapshot.json`),
      join(world.out, `metadata/${version + 1}.snapshot.json`),
    );
    const before = await consume(world);
    world.land(change("Tries again"));
    expect(wire((await world.release(...json)).stdout)).toMatchObject({
      metadata: { snapshot: { version: version + 2 } },
    });
    const { sequence } = before.release.pair;
    expect((await consume(world, before.state)).release.pair.sequence).toBe(sequence + 1);
  });
});

describe("time", () => {
  it("compiles the same landing as of the instant at which something expired, and not before", async () => {
    const world = await releaseWorld();
    await generate(world);
    world.land(waivedUntil("2026-08-01T12:00:00Z"));
    const first = wire((await world.release(...json)).stdout);
    expect(first).toMatchObject({ sequence: 2, asOf: "2026-07-01T00:01:00Z" });
    const taken = await consume(world);
    world.now = BEGIN + 31 * DAY;
    expect(wire((await world.release("--refresh", ...json)).stdout)).toMatchObject({
      outcome: "refreshed",
      digest: first["digest"],
    });
    world.now = BEGIN + 31 * DAY + DAY / 2;
    // Something else has landed, which nobody asked to be released.
    world.land(change("Not yet"));
    const lapsed = wire((await world.release("--refresh", ...json)).stdout);
    expect(lapsed).toMatchObject({
      outcome: "released",
      sequence: 2,
      commit: first["commit"],
      asOf: "2026-08-01T12:00:00Z",
    });
    expect(lapsed["digest"]).not.toBe(first["digest"]);
    expect((await consume(world, taken.state)).release.pair).toEqual({
      sequence: 2,
      asOf: "2026-08-01T12:00:00Z",
    });
    // Whoever releases it later, from nothing, makes the same.
    git(world.folder, ["reset", "-q", "--hard", "HEAD~1"]);
    git(world.folder, ["update-ref", "refs/heads/main", "HEAD"]);
    world.now += 5 * DAY;
    const other = { ...world, out: `${world.out}-other` };
    const again = await world.run(
      "release",
      `--out=${other.out}`,
      `--passphrase-file=${join(dirname(world.folder), "passphrase")}`,
      ...releaseKeys(world.keys),
      ...json,
    );
    expect(wire(again.stdout)).toMatchObject({ digest: lapsed["digest"], asOf: lapsed["asOf"] });
  });
});

describe("a folder that somebody has written to", () => {
  it("has nothing signed because it lies there", async () => {
    const world = await releaseWorld();
    await generate(world);
    await world.release();
    const first = await consume(world);
    const targets = join(world.out, "metadata/1.targets.json");
    const text = readFileSync(targets, "utf8");
    const digestOf = (name: string): string => first.targets.get(name)?.sha256 ?? "";
    // Production gets what development has; and another time a manifest of the attacker's.
    const swapped = text.replace(digestOf("slices/prod.json"), digestOf("slices/dev.json"));
    for (const [forged, expected] of [
      [swapped, undefined],
      [text.replaceAll(digestOf("manifest.json"), "0".repeat(64)), "release/other-content"],
    ] as const) {
      expect(forged).not.toBe(text);
      writeFileSync(targets, forged);
      for (const more of [["--refresh"], []]) {
        const copy = copyOf(world);
        const ran = await copy.release(...more, ...json);
        if (expected === undefined) {
          expect(wire(ran.stdout)).toMatchObject({
            outcome: "refreshed",
            signed: ["targets", "snapshot", "timestamp"],
          });
          expect([...(await consume(copy, first.state)).targets]).toEqual([...first.targets]);
        } else expect([ran.code, (JSON.parse(ran.stdout) as Wire)["code"]]).toEqual([2, expected]);
      }
    }
  });
});

describe("what is not released", () => {
  let world: ReleaseWorld;
  beforeAll(async () => {
    world = await releaseWorld(mkdtempSync(join(realpathSync(tmpdir()), "assent-release-")));
    await generate(world);
    world.land(change("Tries"));
    await world.release();
  });
  afterAll(() => rmSync(dirname(world.folder), { recursive: true, force: true }));

  const role = "registry/governance/roles/tries.yaml";
  const cases: readonly (readonly [
    name: string,
    code: string,
    prepare: (world: ReleaseWorld) => readonly string[] | void,
  ])[] = [
    [
      "a work tree with changes",
      "release/dirty-tree",
      ({ folder }) => writeFileSync(join(folder, role), "title: X\n"),
    ],
    [
      "a work tree with a file that nobody committed",
      "release/dirty-tree",
      ({ folder }) =>
        writeFileSync(join(folder, "registry/governance/roles/new.yaml"), "title: X\nmembers: []\n"),
    ],
    [
      "a commit of another branch",
      "release/not-landed",
      ({ folder }) => {
        git(folder, ["checkout", "-q", "-b", "other"]);
        git(folder, ["commit", "-q", "--allow-empty", "-m", "Mine"]);
      },
    ],
    [
      "a clone in which the branch is named otherwise",
      "release/no-branch",
      ({ folder }) => void git(folder, ["branch", "-m", "main", "master"]),
    ],
    ["an older landing", "release/behind", () => ["--at", "HEAD~1"]],
    ["the same landing as of earlier", "release/behind", () => ["--as-of", "2026-06-30T00:00:00Z"]],
    ["a landing as of tomorrow", "release/as-of", () => ["--as-of", "2026-07-03T00:00:00Z"]],
    [
      "anew, as of another instant",
      "usage/refresh-what-is-there",
      () => ["--refresh", "--as-of", "2026-07-01T12:00:00Z"],
    ],
    ["anew, at a commit", "usage/refresh-what-is-there", () => ["--refresh", "--at", "HEAD"]],
    ["a landing as of half a second", "release/as-of", () => ["--as-of", "2026-07-01T12:00:00.5Z"]],
    [
      "another registry under the same root",
      "release/other-root",
      ({ folder }) => {
        const path = join(folder, "registry/registry.yaml");
        writeFileSync(path, readFileSync(path, "utf8").replace("id: tried", "id: evil"));
        git(folder, ["commit", "-q", "-am", "Mine"]);
        return ["--out", `${world.out}-none`];
      },
    ],
    ["without a root", "keys/no-root", () => ["--roots", "/nonexistent"]],
    [
      "under a root of which a byte changed",
      "keys/no-root",
      ({ folder }) => {
        const path = join(folder, "trust/1.root.json");
        writeFileSync(path, readFileSync(path, "utf8").replace(`"registry":"tried"`, `"registry":"tries"`));
      },
    ],
    [
      "with the key of another role",
      "release/no-key",
      ({ keys, out }) => ["--out", `${out}-none`, "--key", `targets=${join(keys, "snapshot.pem")}`],
    ],
    [
      "with a wrong passphrase",
      "keys/wrong-passphrase",
      ({ folder, out }) => {
        writeFileSync(join(dirname(folder), "passphrase"), "another long passphrase\n");
        return ["--out", `${out}-none`];
      },
    ],
    [
      "with a key on disk that nothing guards",
      "keys/not-encrypted",
      ({ keys, out }) => {
        const file = join(keys, "targets.pem");
        const plain = createPrivateKey({ key: readFileSync(file, "utf8"), passphrase: PASSPHRASE });
        writeFileSync(file, plain.export({ format: "pem", type: "pkcs8" }));
        return ["--out", `${out}-none`];
      },
    ],
    [
      "into a folder that holds something else",
      "release/unreadable-folder",
      ({ out }) => writeFileSync(join(out, "metadata/timestamp.json"), "{}"),
    ],
    [
      "on top of a manifest that was changed",
      "release/unreadable-folder",
      ({ out }) => {
        const path = filesNamed(join(out, "targets"), /manifest\.json$/, 1);
        writeFileSync(path, readFileSync(path, "utf8").replace(`"sequence":2`, `"sequence":3`));
        return ["--refresh"];
      },
    ],
    [
      "a refresh of nothing",
      "release/nothing-to-refresh",
      ({ out }) => ["--out", `${out}-none`, "--refresh"],
    ],
  ];

  it.each(cases)("%s", async (_name, code, prepare) => {
    const copy = copyOf(world);
    const words = prepare(copy) ?? [];
    expect(await refused(copy.release(...words, ...json))).toEqual([2, code]);
    // The folder holds what it held, unless the case is about that.
    if (!words.includes("--refresh") && code !== "release/unreadable-folder")
      expect(filesBelow(copy.out)).toEqual(filesBelow(world.out));
  });

  it("data with errors: all of them are told, and exit code 1", async () => {
    const copy = copyOf(world);
    writeFileSync(join(copy.folder, role), "title: X\nnonsense: 1\nmembers: []\nrubbish: 2\n");
    git(copy.folder, ["commit", "-q", "-am", "Broken"]);
    const { code, stdout, stderr } = await copy.release(...json);
    expect([code, stderr]).toEqual([1, "Nothing was released: mend the errors first.\n"]);
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
    expect(diagnostics.map((each) => each.code)).toEqual(["schema/unknown-key", "schema/unknown-key"]);
    expect(filesBelow(copy.out)).toEqual(filesBelow(world.out));
  });

  it("a shallow clone, which does not know the number of its landing", async () => {
    const copy = copyOf(world);
    const shallow = join(dirname(copy.folder), "shallow");
    git(dirname(copy.folder), ["clone", "-q", "--depth", "1", `file://${copy.folder}`, shallow]);
    cpSync(join(copy.folder, "trust"), join(shallow, "trust"), { recursive: true });
    expect(await refused(copy.release("-C", shallow, "--roots", join(shallow, "trust"), ...json))).toEqual([
      2,
      "git/shallow",
    ]);
  });

  it("another content of what is released already, as another version of this program might make it", async () => {
    const copy = copyOf(world);
    const manifest = filesNamed(join(copy.out, "targets"), /manifest\.json$/, 1);
    // What the folder holds is another content of the same pair, properly signed: only its digest tells.
    const other = join(dirname(copy.folder), "other");
    cpSync(copy.folder, other, { recursive: true });
    git(other, [
      "commit",
      "-q",
      "--amend",
      "--allow-empty",
      "-m",
      "Rewritten",
      "--date",
      "2026-07-01T00:01:00Z",
    ]);
    expect(readFileSync(manifest, "utf8")).toContain('"sequence":2');
    const words = ["-C", other, "--roots", join(copy.folder, "trust"), "--as-of", "2026-07-01T00:01:00Z"];
    expect(await refused(copy.release(...words, ...json))).toEqual([2, "release/other-content"]);
  });
});

describe("where a witness is named", () => {
  let year: AuditedYear;
  beforeAll(async () => {
    year = await auditedYear(12);
  }, 60_000);
  afterAll(() => year.remove());

  it("releases what the audit proves, says how well, and nothing else", async () => {
    const place = join(year.place, "release");
    writeFileSync(join(year.place, "passphrase"), PASSPHRASE);
    const folder = year.copy();
    const roots = join(year.place, "trust");
    const keys = join(year.place, "keys");
    const passphraseFile = join(year.place, "passphrase");
    const host = { now: Date.parse(year.ports.now()) / 1000, git: {} };
    const made = await run(
      ["key", "generate", "--out", keys, "--roots", roots, "--passphrase-file", passphraseFile],
      { cwd: folder, host },
    );
    expect([made.code, made.stderr]).toEqual([0, ""]);
    // The records name the version of the program that made them, which is not the one that tests run as.
    const release = (from: string, out: string, now = host.now) =>
      releaseOperation(
        {
          folder: from,
          out,
          roots,
          keys: releaseKeys(keys).map((flag) => flag.slice("--key=".length)),
          passphraseFile,
          refresh: false,
          provenance: false,
          lifetimes: LIFETIMES,
          trust: undefined,
          version,
        },
        { ...year.ports, now: () => instantOfSeconds(now) },
      );
    const { assurance } = await year.verify(folder);
    expect(await release(folder, place)).toMatchObject({
      outcome: "released",
      release: { pair: { sequence: 12 }, assurance },
    });
    const bare = year.copy();
    git(bare, ["update-ref", "-d", "refs/heads/registry-evidence"]);
    await expect(release(bare, `${place}-none`)).rejects.toMatchObject({
      code: "release/not-recorded",
      category: "unavailable",
    });
    // A record that is missing between others is no witness that is late.
    const cut = year.copy();
    const work = newFolder();
    git(work, ["clone", "-q", "-b", "registry-evidence", cut, "."]);
    git(work, ["rm", "-q", "log/0/5.dsse.json"]);
    git(work, ["commit", "-q", "-m", "Without one"]);
    git(work, ["push", "-q", "origin", "HEAD:registry-evidence"]);
    await expect(release(cut, `${place}-cut`)).rejects.toMatchObject({
      code: "release/not-proven",
      category: "gate",
    });
    // An emergency that has outlived its policy stops releases, and says where it stands.
    expect(await release(folder, place, host.now + 10 * DAY)).toMatchObject({
      diagnostics: [{ code: "override/expired", subject: "scope:prod/fraud/alerts" }],
    });
    // Lint says so by the clock that it is given, and of a change only where it touches that scope.
    const tree = newFolder();
    git(tree, ["clone", "-q", folder, "."]);
    const lint = async (now: number, ...words: readonly string[]): Promise<unknown> => {
      const asOf = ["--as-of", instantOfSeconds(now)];
      const { stdout } = await run(["lint", ...asOf, ...words, "--format", "json"], { cwd: tree, host });
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Record<string, unknown>[] };
      return diagnostics
        .filter(({ code }) => code === "override/expired")
        .map(({ severity, file, line, subject }) => ({ severity, file, line, subject }));
    };
    const file = "registry/live/prod/fraud/alerts.yaml";
    const line = readFileSync(join(tree, file), "utf8").split("\n").indexOf("emergency: true") + 1;
    const expired = [{ severity: "error", file, line, subject: "scope:prod/fraud/alerts" }];
    expect(await lint(host.now)).toEqual([]);
    expect(await lint(host.now + 10 * DAY)).toEqual(expired);
    expect(await lint(host.now + 10 * DAY, "--base", "HEAD")).toEqual([]);
    writeFileSync(join(tree, file), `${readFileSync(join(tree, file), "utf8")}# Still needed.\n`);
    expect(await lint(host.now + 10 * DAY, "--base", "HEAD")).toEqual(expired);
    // An emergency that has not landed has only just begun.
    const fresh = readFileSync(join(tree, file), "utf8");
    writeFileSync(join(tree, file.replace("/prod/", "/stage/")), fresh);
    expect(await lint(host.now + 10 * DAY)).toEqual(expired);
  });
});

describe("pruning", () => {
  /** Everything in a folder, written so many seconds ago. */
  const age = (folder: string, seconds: number): void => {
    for (const path of filesBelow(folder).keys())
      utimesSync(join(folder, path), Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);
  };
  const turn = (n: number): Record<string, string> => ({
    "registry/governance/roles/tries.yaml": `title: Turn ${n}\nmembers: []\n`,
  });

  it("keeps what the newest releases reach, and nothing else; services in the middle notice nothing", async () => {
    const world = await releaseWorld();
    await generate(world);
    const pairs: Map<string, string>[] = [];
    for (let n = 1; n <= 4; n++) {
      world.land(turn(n));
      await world.release();
      pairs.push(new Map(filesBelow(world.out)));
    }
    await world.release("--refresh");
    const before = filesBelow(world.out);
    const taken = await consume(world);

    // Nothing that was written within the hour goes: it may be a push that has not switched yet.
    const young = wire((await world.release("--keep", "2", ...json)).stdout);
    expect(young["removed"]).toEqual({ files: 0, bytes: 0 });
    age(world.out, 7_200);
    const removed = wire((await world.release("--keep", "2", ...json)).stdout)["removed"];
    const after = filesBelow(world.out);
    const gone = [...before.keys()].filter((path) => !after.has(path));
    expect(removed).toEqual({
      files: gone.length,
      bytes: gone.reduce((sum, path) => sum + (before.get(path)?.length ?? 0), 0),
    });
    // The two newest are whole, for whoever has read the timestamp before; the two oldest are no more.
    const whole = (n: number): boolean => {
      const targets = [...(pairs[n]?.keys() ?? [])].filter((path) => !(pairs[n - 1]?.has(path) ?? false));
      return targets.every((path) => after.has(path));
    };
    expect([whole(3), whole(2), whole(1)]).toEqual([true, true, false]);
    expect([...after.keys()].filter((path) => path.startsWith("metadata/"))).toEqual(
      ["1.root", "3.snapshot", "3.targets", "4.snapshot", "4.targets", "timestamp"].map(
        (name) => `metadata/${name}.json`,
      ),
    );
    expect((await world.run("verify", world.out, "--trust", "trust/1.root.json")).code).toBe(0);
    // The clock that expiries are judged by is the one that was given, and not passed over.
    const later = ["verify", world.out, "--trust", "trust/1.root.json", "--as-of", "2035-01-01T00:00:00Z"];
    expect((await world.run(...later)).stderr).toContain("release/expired");
    expect((await consume(world, taken.state)).isNew).toBe(false);
    expect((await world.release("--keep", "2")).stdout).toContain("nothing old to take away");

    // What a run that died has left above what is in force is somebody's, who may be about to publish it.
    cpSync(join(world.out, "metadata/4.targets.json"), join(world.out, "metadata/5.targets.json"));
    age(world.out, 7_200);
    await world.release("--keep", "2");
    expect(filesBelow(world.out).has("metadata/5.targets.json")).toBe(true);
    // An old content that comes back is written again.
    world.land(turn(1));
    expect((await world.release("--keep", "2")).code).toBe(0);
    expect((await world.run("verify", world.out, "--trust", "trust/1.root.json")).code).toBe(0);
  });

  it("removes nothing where it cannot see what is needed, and never fewer than two", async () => {
    const world = await releaseWorld();
    await generate(world);
    for (let n = 1; n <= 3; n++) {
      world.land(turn(n));
      await world.release();
    }
    expect(await refused(world.release("--keep", "1", ...json))).toEqual([2, "usage/keep"]);
    const oci = world.run("push", "oci://127.0.0.1:9/x", "--release", world.out, "--keep", "2", ...json);
    expect(((await refused(oci)) as readonly unknown[])[0]).toBe(2);
    rmSync(join(world.out, "metadata/2.targets.json"));
    age(world.out, 7_200);
    const before = filesBelow(world.out);
    expect(await refused(world.release("--keep", "2", ...json))).toEqual([2, "release/unreadable-folder"]);
    expect(filesBelow(world.out)).toEqual(before);
  });

  it("of a folder that a push goes to as well; a file that went meanwhile is no release", async () => {
    const world = await releaseWorld();
    await generate(world);
    const to = join(dirname(world.out), "public");
    const push = async (...words: readonly string[]): Promise<Wire> =>
      JSON.parse(
        (await world.run("push", `dir:${to}`, "--release", world.out, ...words, ...json)).stdout,
      ) as Wire;
    for (let n = 1; n <= 3; n++) {
      world.land(turn(n));
      await world.release();
      await push();
    }
    age(to, 7_200);
    const { destinations } = await push("--keep", "2");
    expect(destinations).toMatchObject([{ moved: false, removed: { files: expect.any(Number) } }]);
    expect((destinations as readonly { removed: { files: number } }[])[0]?.removed.files).toBeGreaterThan(2);
    expect((await world.run("verify", to, "--trust", "trust/1.root.json")).code).toBe(0);

    // Somebody prunes between looking and switching: the push does not make current what is not whole.
    const destination = openDirectoryDestination("/", to, "dir:public");
    const held = { path: `catalogue/${"a".repeat(64)}.jsonl`, sha256: "a".repeat(64), length: 3 };
    const release = {
      sequence: 9,
      asOf: instantOfSeconds(world.now),
      timestamp: new Uint8Array(1),
      version: 9,
      files: [{ ...held, read: () => new Uint8Array(3) }],
    };
    const { tag } = (await openDirectory("/", to).read("metadata/timestamp.json", {
      maxLength: 1e6,
    })) as { tag: string };
    await expect(destination.makeCurrent(release, tag)).rejects.toMatchObject({
      code: "push/overtaken",
      category: "conflict",
    });
    // And nobody prunes by what was current before.
    await expect(destination.remove?.(() => true, "another")).rejects.toMatchObject({
      code: "push/overtaken",
    });
  });
});

describe("two at once", () => {
  it("one makes the release; the other made the same, or is told to look again", async () => {
    const world = await releaseWorld();
    await generate(world);
    await world.release();
    for (let turn = 0; turn < 3; turn++) {
      world.land({ "registry/governance/roles/tries.yaml": `title: Turn ${turn}\nmembers: []\n` });
      const both = await Promise.all([world.release(...json), world.release(...json)]);
      const told = both.map(({ code, stdout }) =>
        code === 0 ? "made" : (JSON.parse(stdout) as Wire)["category"],
      );
      expect(told.filter((each) => each !== "made" && each !== "conflict")).toEqual([]);
      expect(told).toContain("made");
      expect((await consume(world)).release.pair.sequence).toBe(turn + 2);
      expect(wire((await world.release(...json)).stdout)).toMatchObject({ outcome: "unchanged" });
    }
  });
});

describe("killed", () => {
  it("leaves the old release or the new one, whole, and the next run goes on", async () => {
    const world = await releaseWorld();
    await generate(world);
    await world.release();
    let { state, release } = await consume(world);
    const program = resolve(import.meta.dirname, "../../src/main.ts");
    const words = releaseKeys(world.keys);
    for (let turn = 0; turn < 4; turn++) {
      world.land({ "registry/governance/roles/tries.yaml": `title: Turn ${turn}\nmembers: []\n` });
      const child = spawn(process.execPath, [program, "release", "--out", world.out, ...words], {
        cwd: world.folder,
        env: { ...plainEnvironment, ASSENT_KEY_PASSPHRASE: PASSPHRASE },
      });
      const ended = new Promise((done) => child.once("exit", done));
      // Each turn is cut off at another file that appears.
      await appeared(world.out, filesBelow(world.out).size + turn * 3, ended);
      child.kill("SIGKILL");
      await ended;
      world.now = Math.floor(Date.now() / 1000);
      // The machine's clock is the child's: what the world released at its own may have expired by then.
      const ran = await world.release(...json);
      expect([ran.code, ran.stderr]).toEqual([0, ""]);
      const next = await consume(world, state);
      expect(next.release.pair.sequence).toBeGreaterThan(release.pair.sequence);
      ({ state, release } = next);
    }
  });
});

/** Waits until a folder has more than this many files, or a process has ended. */
async function appeared(folder: string, count: number, ended: Promise<unknown>): Promise<void> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver && readdirSync(folder, { recursive: true }).length <= count)
    await new Promise((done) => setImmediate(done));
}

const standings = (answer: Wire): unknown =>
  (answer["roles"] as { standing: string }[]).map(({ standing }) => standing);

function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...after].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);
}

function inodesOf(folder: string): ReadonlyMap<string, number> {
  return new Map([...filesBelow(folder).keys()].map((path) => [path, statSync(join(folder, path)).ino]));
}
