/**
 * Attacks on governance without a forge: each is built as an attacker would build it, in a real repository with real
 * keys, and pushed past the hook's operation. What the attacker has: the right to push, a key of their own, every byte
 * of every object, all names and dates.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { sign } from "../../src/app/sign.ts";
import { merge } from "../../src/app/merge.ts";
import { parseUpdates, verifyPush, type RefUpdate } from "../../src/app/verify-push.ts";
import { transitionDigest } from "../../src/core/model/transition.ts";
import { Failure } from "../../src/core/model/failure.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { joinPorts } from "../../src/join.ts";
import { paths, registryYaml } from "../govern-world.ts";
import { git, newFolder, plainEnvironment } from "../repository-on-disk.ts";
import { sshSign } from "../ssh.ts";
import { landHere, now, startLand, type Land } from "../no-forge-land.ts";

const at = { timeout: 120_000 };
const liveDev = paths.live("dev/fraud/score");
const dev = (version: string, reason: string) => ({ [liveDev]: `bundle: "${version}"\nreason: ${reason}\n` });

/** What the hook says to moving main to a commit: the outcome and what it found, of the last landing it looked at. */
async function pushed(land: Land, to: string, asOf = now): Promise<string> {
  return verdictOf(land, [{ ref: "refs/heads/main", from: land.main(), to }], asOf);
}

async function verdictOf(land: Land, updates: readonly RefUpdate[], asOf = now): Promise<string> {
  const verdict = await verifyPush(updates, { folder: land.folder, asOf: asOf as Instant }, land.ports);
  const last = verdict.landings.at(-1);
  const codes = (last?.diagnostics ?? [])
    .map(({ code }) => code)
    .filter((code) => code.startsWith("govern/"));
  return [verdict.outcome, ...new Set([...codes, ...verdict.refusals.map(({ because }) => because)])].join(
    " ",
  );
}

/** Why each signature did not count at a landing of this commit. */
async function reasons(land: Land, to: string): Promise<readonly string[]> {
  const verdict = await verifyPush(
    [{ ref: "refs/heads/main", from: land.main(), to }],
    { folder: land.folder, asOf: now as Instant },
    land.ports,
  );
  return (verdict.landings.at(-1)?.decision.reviews ?? []).map(
    ({ id, counted, reason }) => `${id.replace("signature:identity:", "")}: ${counted ? "counts" : reason}`,
  );
}

describe("signatures", at, () => {
  let land: Land;
  beforeAll(() => {
    land = startLand();
    return () => land.remove();
  });

  test("an honest change lands, so that what follows is refused for its own reason", async () => {
    const head = land.commit("alice", dev("1.0.0", "Honest."));
    expect(await pushed(land, head)).toBe("pending");
    await land.approve("bob", head);
    expect(await pushed(land, head)).toBe("allowed");
  });

  test("a signature counts for no other registry, branch, digest or purpose", async () => {
    const head = land.commit("alice", dev("1.0.0", "Elsewhere."));
    const { digest, changes } = await land.read(head);
    const others = [
      transitionDigest({ registryId: "another", ref: "refs/heads/main" }, changes),
      transitionDigest({ registryId: "example", ref: "refs/heads/other" }, changes),
      transitionDigest({ registryId: "example", ref: "main" }, changes),
      transitionDigest({ registryId: "example", ref: "refs/heads/main" }, []),
    ];
    for (const other of others) {
      expect(other).not.toBe(digest);
      await land.put(digest, "bob", sshSign(land.keys.bob, "assent-approval@v1", `${other.slice(7)}\n`));
      expect(await reasons(land, head)).toEqual(["bob: the signature does not verify"]);
    }
    for (const [namespace, message] of [
      ["git", `${digest.slice(7)}\n`],
      ["file", `${digest.slice(7)}\n`],
      ["assent-approval@v1", digest.slice(7)],
      ["assent-approval@v1", `${digest}\n`],
    ] as const) {
      await land.put(digest, "bob", sshSign(land.keys.bob, namespace, message));
      expect(await reasons(land, head)).toEqual(["bob: the signature does not verify"]);
    }
    expect(await pushed(land, head)).toBe("pending");
  });

  test("a signature counts for whose key it is, under no other name", async () => {
    const head = land.commit("alice", dev("1.0.0", "Borrowed."));
    const { digest } = await land.read(head);
    const message = `${digest.slice(7)}\n`;
    await land.put(digest, "bob", sshSign(land.keys.carol, "assent-approval@v1", message));
    expect(await reasons(land, head)).toEqual([
      "bob: the key is not one of the Identity's in force at the base",
    ]);
    await land.put(digest, "nobody", sshSign(land.keys.bob, "assent-approval@v1", message));
    expect(await reasons(land, head)).toEqual([
      "bob: the key is not one of the Identity's in force at the base",
      "nobody: there is no such Identity at the base",
    ]);
  });

  test("a key that only the change itself brings is not in force", async () => {
    const identity = land
      .text(paths.identity("bob"))
      .replace(land.keys.bob.publicKey, land.keys.mallory.publicKey);
    const head = land.commit("alice", { [paths.identity("bob")]: identity });
    const { digest } = await land.read(head);
    await land.put(digest, "bob", sshSign(land.keys.mallory, "assent-approval@v1", `${digest.slice(7)}\n`));
    expect(await reasons(land, head)).toEqual([
      "bob: the key is not one of the Identity's in force at the base",
    ]);
  });

  test("what stands in place of a signature file is nobody's signature", async () => {
    const head = land.commit("alice", dev("1.0.0", "Odd files."));
    const { digest } = await land.read(head);
    const good = sshSign(land.keys.bob, "assent-approval@v1", `${digest.slice(7)}\n`);
    for (const mode of ["100755", "120000"] as const) {
      await land.put(digest, "bob", good, mode);
      expect(await reasons(land, head)).toEqual([]);
    }
    await land.put(digest, "bob", `${"x".repeat(20_000)}${good}`);
    expect(await reasons(land, head)).toEqual(["bob: the signature does not verify"]);
    await land.put(digest, "bob/../carol", good).catch(() => undefined);
    expect(await pushed(land, head)).toBe("pending");
  });

  test("promote, roll back, promote again: the first signature is spent", async () => {
    const first = land.commit("alice", dev("1.0.0", "Forth."));
    await land.approve("bob", first);
    expect(await pushed(land, first)).toBe("allowed");
    const back = land.commit("alice", dev("1.1.0", "Try it."), { from: first });
    await land.approve("bob", back, first);
    const again = land.commit("alice", dev("1.0.0", "Forth."), { from: back });
    expect(await pushed(land, again)).toBe("denied govern/spent");
    // Nor hidden below another file's change in the same landing, which is another D.
    const mixed = land.commit(
      "alice",
      { ...dev("1.0.0", "Forth."), [paths.live("stage/fraud/score")]: 'bundle: "1.0.0"\nreason: Too.\n' },
      { from: back },
    );
    expect(await pushed(land, mixed)).toBe("pending");
  });
});

describe("a key that was revoked", at, () => {
  test("signs nothing that comes after", async () => {
    const land = landHere({
      [paths.identity("bob")]: (text) =>
        text.replace(/(sshPublicKey: .*)/, '$1\n    revoked: { reason: "Lost.", since: 1 }'),
    });
    const head = land.commit("alice", dev("1.0.0", "Revoked."));
    await land.approve("bob", head);
    expect(await reasons(land, head)).toEqual([
      "bob: the key is not one of the Identity's in force at the base",
    ]);
    expect(await pushed(land, land.commit("bob", dev("1.0.0", "Revoked."), {}))).toMatch(
      /^denied govern\/author-unknown/,
    );
  });
});

describe("who made it", at, () => {
  let land: Land;
  beforeAll(() => {
    land = startLand();
    return () => land.remove();
  });
  const cannot = "alice: the person had a part in the change";

  test("an unsigned head denies, and so does one signed by a stranger", async () => {
    const unsigned = land.commit(null, dev("1.0.0", "Unsigned."));
    await land.approve("bob", unsigned);
    expect(await pushed(land, unsigned)).toBe("denied govern/author-unknown");
    const strange = land.commit("mallory", dev("1.0.0", "Strange."));
    await land.approve("bob", strange);
    expect(await pushed(land, strange)).toBe("denied govern/author-unknown");
  });

  test("whoever signed the head cannot approve it, whatever its author line says", async () => {
    const head = land.commit("alice", dev("1.0.0", "Own."), {
      author: "Somebody <somebody@example.com>",
      committer: "Somebody <somebody@example.com>",
    });
    await land.approve("alice", head);
    expect(await reasons(land, head)).toEqual([cannot]);
  });

  test.each([
    ["author", { author: "A <alice@example.com>" }],
    ["committer", { committer: "A <ALICE@example.com>" }],
    ["co-author", { message: "x\n\nCo-authored-by: A <alice@example.com>" }],
    ["co-author, spelled oddly", { message: "x\n\n  CO-AUTHORED-BY :  A <alice@example.com>\n\nmore" }],
    ["author by the forge's address", { author: "A <101+alice@users.noreply.github.com>" }],
  ] as const)("a named %s cannot approve", async (_name, more) => {
    const head = land.commit("bob", dev("1.0.0", `Named ${_name}.`), more);
    await land.approve("alice", head);
    expect(await reasons(land, head)).toEqual([cannot]);
  });

  test("the author of an earlier or a side commit cannot approve, also when a colleague signs the head", async () => {
    const early = land.commit("alice", dev("1.0.0", "Early."), { author: "A <alice@example.com>" });
    const late = land.commit("bob", dev("1.0.0", "Late."), { from: early });
    await land.approve("alice", late);
    expect(await reasons(land, land.merge("carol", land.main(), late, null))).toEqual([cannot]);
    const side = land.commit(
      "alice",
      { "registry/README.md": "Side.\n" },
      { author: "A <alice@example.com>" },
    );
    const joined = land.merge("bob", land.commit("bob", dev("1.0.0", "Joined.")), side);
    await land.approve("alice", joined);
    expect(await reasons(land, land.merge("carol", land.main(), joined, null))).toEqual([cannot]);
  });

  test("one signature under two names is one person", async () => {
    const prod = { [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: Both roles.\n' };
    const head = land.commit("alice", prod);
    await land.approve("erin", head);
    expect(await pushed(land, head)).toMatch(/^pending/);
  });
});

describe("history", at, () => {
  let land: Land;
  beforeAll(() => {
    land = startLand();
    return () => land.remove();
  });

  test("branches that count are neither deleted nor rewritten, and objects not replaced", async () => {
    const main = land.main();
    const other = land.commit("alice", dev("1.0.0", "Other."));
    await land.approve("bob", other);
    const approvals = land.ref("refs/heads/registry-approvals");
    const root = git(land.folder, ["rev-list", "--max-parents=0", main]).trim();
    const rewritten = git(land.folder, ["commit-tree", `${root}^{tree}`, "-m", "again"]).trim();
    expect(await verdictOf(land, [{ ref: "refs/heads/main", from: main, to: null }])).toBe(
      "denied the protected branch may not be deleted",
    );
    expect(await verdictOf(land, [{ ref: "refs/heads/main", from: main, to: rewritten }])).toMatch(
      /^denied the protected branch may not be rewritten/,
    );
    expect(await verdictOf(land, [{ ref: "refs/heads/registry-approvals", from: approvals, to: null }])).toBe(
      "denied the branch of signatures may not be deleted",
    );
    expect(
      await verdictOf(land, [{ ref: "refs/heads/registry-approvals", from: approvals, to: rewritten }]),
    ).toMatch(/^denied the branch of signatures may not be rewritten/);
    expect(await verdictOf(land, [{ ref: `refs/replace/${main}`, from: null, to: other }])).toMatch(
      /^denied objects may not be replaced/,
    );
    expect(await verdictOf(land, [{ ref: "refs/heads/feature", from: main, to: rewritten }])).toBe("allowed");
  });

  test("a foxtrot merge, with the tip as second parent, is a rewriting", async () => {
    const head = land.commit("alice", dev("1.0.0", "Foxtrot."));
    await land.approve("bob", head);
    const landed = land.commit("alice", { "registry/README.md": "Landed.\n" });
    const foxtrot = land.merge("alice", head, landed);
    expect(await verdictOf(land, [{ ref: "refs/heads/main", from: landed, to: foxtrot }])).toMatch(
      /^denied the protected branch may not be rewritten/,
    );
  });

  test("a merge commit lands with the branch's signatures; with one byte more it is another change", async () => {
    const head = land.commit("alice", dev("1.0.0", "Evil."));
    await land.approve("bob", head);
    expect(await pushed(land, land.merge("carol", land.main(), head, null))).toBe("allowed");
    const evil = land.merge("carol", land.main(), head, { [liveDev]: 'bundle: "1.0.0"\nreason: Evil!\n' });
    expect(await pushed(land, evil)).toMatch(/^(?:pending|denied)/);
    const more = land.merge("carol", land.main(), head, {
      [paths.live("stage/fraud/score")]: 'bundle: "1.0.0"\nreason: Too.\n',
    });
    expect(await pushed(land, more)).toMatch(/^(?:pending|denied)/);
  });

  test("several commits pushed in a row are several landings, and the signature is for none of them", async () => {
    const one = land.commit("alice", dev("1.0.0", "One."));
    const two = land.commit(
      "alice",
      { [paths.live("stage/fraud/score")]: 'bundle: "1.0.0"\nreason: Two.\n' },
      { from: one },
    );
    await land.approve("bob", two);
    expect(await pushed(land, two)).toBe("pending");
    expect(await pushed(land, land.merge("alice", land.main(), two, null))).toBe("allowed");
  });

  test("a criss-cross history is denied", async () => {
    // Main takes the branch in while the branch takes main in: then there are two merge bases.
    const a = land.commit("alice", { "registry/README.md": "A.\n" });
    const b = land.commit("alice", { "registry/live/README.md": "B.\n" });
    const ab = land.merge("alice", a, b);
    const ba = land.merge("alice", b, a);
    const head = land.commit("alice", dev("1.0.0", "Crossed."), { from: ba });
    const crossed = land.merge("alice", ab, head, null);
    const verdict = await verdictOf(land, [{ ref: "refs/heads/main", from: ab, to: crossed }]);
    expect(verdict).toMatch(/^denied .*govern\/criss-cross/);
  });

  test("a replaced object, a graft or an alternate in the server's repository changes no verdict", async () => {
    const head = land.commit("alice", dev("1.0.0", "Replaced."));
    const harmless = land.commit("alice", { "README.md": "Nothing governed.\n" });
    git(land.folder, ["replace", "-f", head, harmless]);
    expect(await pushed(land, head)).toBe("pending");
    git(land.folder, ["replace", "-d", head]);
    mkdirSync(join(land.folder, "info"), { recursive: true });
    writeFileSync(join(land.folder, "info/grafts"), `${head}\n`);
    expect(await pushed(land, head)).toBe("pending");
    writeFileSync(join(land.folder, "info/grafts"), "");
  });
});

describe("dates", at, () => {
  test("a landing dated ahead is refused, and one dated back where something goes live", async () => {
    const land = landHere();
    const edits = { [paths.live("stage/fraud/score")]: 'bundle: "1.0.0"\nreason: Soak from yesterday.\n' };
    const back = land.commit("alice", edits, { date: "2026-07-01T00:00:00Z" });
    await land.approve("bob", back);
    expect(await pushed(land, back)).toBe("denied govern/clock");
    const ahead = land.commit("alice", edits, { date: "2026-07-10T00:20:00Z" });
    expect(await pushed(land, ahead)).toBe("denied govern/clock");
    const right = land.commit("alice", edits);
    expect(await pushed(land, right)).toBe("allowed");
    // What moves no scope soaks nothing, so an old commit may land.
    const old = land.commit(
      "dave",
      { [paths.role("fraud")]: land.text(paths.role("fraud")).replace("A role", "The role") },
      { date: "2026-07-01T00:00:00Z" },
    );
    await land.approve("frank", old);
    expect(await pushed(land, old)).toBe("allowed");
  });
});

describe("names and settings", at, () => {
  const ports = joinPorts({ env: plainEnvironment, seconds: () => Date.parse(now) / 1000 });
  let shared: Land;
  beforeAll(() => {
    shared = startLand();
    return () => shared.remove();
  });
  const codeOf = async (run: () => Promise<unknown>): Promise<string> => {
    try {
      await run();
    } catch (error) {
      if (error instanceof Failure) return error.code;
      throw error;
    }
    return "nothing failed";
  };

  test.each([
    "--upload-pack=touch ran",
    "-x",
    "--output=ran",
    "HEAD\nmain",
    "",
    "^main",
    ":(glob)**",
    "main..other",
    "@{-1}",
    "refs/heads/main\0x",
  ])("a revision %j is a revision or nothing", async (revision) => {
    const folder = shared.clone();
    const show = (): Promise<void> => Promise.resolve();
    expect(await codeOf(() => merge({ folder, revision, squash: false }, ports))).toBe(
      "git/unknown-revision",
    );
    expect(
      await codeOf(() => sign({ folder, revision, identity: "bob", withdraw: false, show }, ports)),
    ).toBe("git/unknown-revision");
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });

  test("an identity that is a path or an option is refused before anything is read", async () => {
    const folder = shared.clone();
    for (const identity of ["../../x", "bob/..", "-bob", "bob.sig/x", "BOB", ""]) {
      expect(
        await codeOf(() =>
          sign({ folder, revision: "HEAD", identity, withdraw: false, show: () => Promise.resolve() }, ports),
        ),
      ).toBe("usage/identity");
    }
  });

  test("lines that no hook gets are refused", () => {
    const oid = "1".repeat(40);
    for (const line of [
      `${oid} ${oid} main`,
      `${oid} ${oid}`,
      `${oid} --all refs/heads/main`,
      `HEAD ${oid} refs/heads/main`,
      `${oid} ${oid} refs/heads/a refs/heads/b`,
    ]) {
      expect(() => parseUpdates(`${line}\n`)).toThrow(Failure);
    }
    expect(parseUpdates(`${"0".repeat(40)} ${oid} refs/heads/main\n`)).toEqual([
      { ref: "refs/heads/main", from: null, to: oid },
    ]);
  });

  test("files with names of pathspecs and options are judged under their own names", async () => {
    const land = shared;
    const odd = {
      "registry/:(glob)**": "x\n",
      "registry/-rf": "x\n",
      'registry/"quoted"\n': "x\n",
      ".github/*": "x\n",
    };
    const head = land.commit("alice", odd);
    const { changes } = await land.read(head);
    expect(changes.map(({ path }) => path)).toEqual([
      ".github/*",
      'registry/"quoted"\n',
      "registry/-rf",
      "registry/:(glob)**",
    ]);
    expect(await pushed(land, head)).toMatch(/^denied/);
  });

  test.each([
    ["core.sshCommand"],
    ["core.gitProxy"],
    ["core.askPass"],
    ["credential.helper"],
    ["remote.origin.uploadpack"],
    ["remote.origin.receivepack"],
    ["remote.origin.vcs"],
    ["url.ext::evil.insteadOf"],
    ["gpg.ssh.program"],
    ["protocol.ext.allow"],
  ])("a clone whose own settings name a program for %s is not spoken through", async (key) => {
    const folder = shared.clone();
    git(folder, ["config", key, "touch ran"]);
    expect(await codeOf(() => merge({ folder, revision: "HEAD", squash: false }, ports))).toBe(
      "git/setting-starts-program",
    );
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });

  test("no hook, filter or monitor of a clone runs while it signs and merges", async () => {
    const land = landHere();
    const folder = land.clone();
    const mark = join(newFolder(), "ran");
    const evil = join(newFolder(), "evil");
    writeFileSync(evil, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    const hooks = join(folder, ".git/hooks");
    mkdirSync(hooks, { recursive: true });
    for (const name of [
      "pre-push",
      "reference-transaction",
      "post-commit",
      "post-merge",
      "pre-commit",
      "commit-msg",
      "update",
      "post-checkout",
    ]) {
      writeFileSync(join(hooks, name), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    }
    for (const [key, value] of Object.entries({
      "core.fsmonitor": evil,
      "core.hooksPath": hooks,
      "push.gpgSign": "true",
      "gpg.format": "ssh",
      "filter.evil.clean": evil,
      "core.alternateRefsCommand": evil,
      "push.followTags": "true",
      "remote.origin.mirror": "false",
    })) {
      git(folder, ["config", key, value]);
    }
    const head = land.commit("alice", dev("1.0.0", "Quiet."));
    git(land.folder, ["update-ref", "refs/heads/quiet", head]);
    git(folder, [
      "-c",
      "core.hooksPath=/dev/null",
      "-c",
      "core.fsmonitor=false",
      "fetch",
      "-q",
      "origin",
      "quiet:refs/heads/quiet",
    ]);
    const signed = await sign(
      {
        folder,
        revision: "quiet",
        identity: "bob",
        keyFile: land.keys.bob.file,
        withdraw: false,
        show: () => Promise.resolve(),
      },
      land.ports,
    );
    expect(signed.status).toBe("SIGNED");
    const merged = await merge({ folder, revision: "quiet", squash: false }, land.ports);
    expect([merged.status, land.main()]).toEqual(["LANDED", merged.commit]);
    expect(existsSync(mark)).toBe(false);
  });

  test("a quarantine elsewhere is not looked into", async () => {
    const land = shared;
    const other = newFolder();
    for (const named of [
      other,
      "/",
      join(land.folder, "objects"),
      join(land.folder, "objects/pack/.."),
      "/nonexistent",
    ]) {
      const hostile = joinPorts({
        env: { ...plainEnvironment, GIT_QUARANTINE_PATH: named, GIT_OBJECT_DIRECTORY: named },
        seconds: () => 0,
      });
      expect(await codeOf(() => hostile.openReceiving(land.folder))).toBe("git/quarantine");
    }
  });

  test("what a branch says about the registry itself is not followed before it landed", async () => {
    const land = shared;
    const free = land.commit("alice", { [paths.registry]: registryYaml({ mode: "observe" }) });
    expect(await pushed(land, free)).toBe("pending");
    const elsewhere = land.commit("alice", {
      [paths.registry]: registryYaml({ extra: "protectedBranch: other\n" }),
    });
    expect(await pushed(land, elsewhere)).toBe("pending");
    // Whoever reads the protected branch's name out of a branch that anybody may push to would follow it.
    const folder = land.clone();
    git(land.folder, ["update-ref", "refs/heads/other", elsewhere]);
    const head = land.commit("alice", dev("1.0.0", "Elsewhere."), { from: elsewhere });
    git(land.folder, ["update-ref", "refs/heads/lure", head]);
    git(folder, ["fetch", "-q", "origin", "lure:lure"]);
    expect((await merge({ folder, revision: "lure", squash: false }, land.ports)).branch).toBe("main");
  });

  test("a server whose HEAD is not its protected branch judges nothing, and takes nothing", async () => {
    const lost = landHere();
    git(lost.folder, ["symbolic-ref", "HEAD", "refs/heads/elsewhere"]);
    const head = lost.commit("alice", dev("1.0.0", "Lost."));
    expect(await codeOf(() => pushed(lost, head))).toBe("verify-push/head");
    git(lost.folder, ["update-ref", "refs/heads/elsewhere", lost.main()]);
    expect(await codeOf(() => pushed(lost, head))).toBe("verify-push/head");
  });
});
