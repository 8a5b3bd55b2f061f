/** Keys of releases as people make and exchange them: the ceremony, at one desk or at several, and rotations. */
import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  consume,
  DAY,
  filesBelow,
  filesNamed,
  generate,
  json,
  PASSPHRASE,
  refused,
  releaseWorld,
  wire,
  type Wire,
} from "../release-world.ts";

describe("the ceremony", () => {
  it("makes keys that only a passphrase opens, and a root that names them", async () => {
    const world = await releaseWorld();
    const { code, stdout } = await generate(world, "--root-keys", "2", "--root-threshold", "2", ...json);
    const answer = wire(stdout) as { keys: { role: string; file: string; keyid: string }[]; root: Wire };
    expect([code, answer.keys.map(({ role }) => role)]).toEqual([
      0,
      ["root", "root", "targets", "snapshot", "timestamp"],
    ]);
    expect(answer.root).toMatchObject({ registry: "tried", expires: "2027-07-02T00:00:00Z" });
    for (const { file } of answer.keys.slice(1, 3)) {
      const pem = readFileSync(file, "utf8");
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(() => createPrivateKey({ key: pem, passphrase: "wrong" })).toThrow(/decrypt|asn1|digital/i);
      const secret = createPrivateKey({ key: pem, passphrase: PASSPHRASE }).export({ format: "jwk" }).d ?? "";
      const everything = [
        stdout,
        ...filesBelow(world.folder).values(),
        ...filesBelow(world.keys).values(),
      ].join("\n");
      expect(secret.length).toBe(43);
      expect(
        everything.includes(secret) || everything.includes(Buffer.from(secret, "base64url").toString("hex")),
      ).toBe(false);
      expect(everything.includes(PASSPHRASE)).toBe(false);
      // Any OpenSSL reads it: nobody needs this program to get at the keys.
      const text = execFileSync("openssl", [
        "pkey",
        "-in",
        file,
        "-passin",
        `pass:${PASSPHRASE}`,
        "-noout",
        "-text",
      ]);
      expect(text.toString()).toContain("ED25519 Private-Key");
    }
    expect(await refused(generate(world, ...json))).toEqual([2, "keys/root-exists"]);
    rmSync(join(world.folder, "trust"), { recursive: true });
    expect(await refused(generate(world, ...json))).toEqual([2, "keys/not-written"]);
    expect(wire((await generate(world, "--role", "root", ...json)).stdout)).toMatchObject({ root: null });
  });

  it("refuses folders of the repository, passphrases that are guessed, and thresholds that nobody meets", async () => {
    const world = await releaseWorld();
    const inside = world.run("key", "generate", "--out", "keys", ...json);
    expect(await refused(inside)).toEqual([2, "keys/in-repository"]);
    const none = world.run("key", "generate", "--out", world.keys, ...json);
    expect(await refused(none)).toEqual([2, "keys/passphrase"]);
    const short = join(dirname(world.folder), "short");
    writeFileSync(short, "hunter2\n");
    const guessed = world.run("key", "generate", "--out", world.keys, "--passphrase-file", short, ...json);
    expect(await refused(guessed)).toEqual([2, "keys/passphrase"]);
    expect(await refused(generate(world, "--root-threshold", "2", ...json))).toEqual([2, "keys/threshold"]);
    expect(await refused(generate(world, "--role", "boss", ...json))).toEqual([2, "usage/role"]);
  });
});

describe("a workflow's secrets", () => {
  it("are keys and passphrases as well, and only there a key may stand unguarded", async () => {
    const world = await releaseWorld();
    await generate(world);
    const pem = (role: string): string => readFileSync(join(world.keys, `${role}.pem`), "utf8");
    const plain = createPrivateKey({ key: pem("timestamp"), passphrase: PASSPHRASE });
    const release = ["release", "--out", world.out, ...json] as const;
    expect(await refused(world.run(...release))).toEqual([2, "release/no-key"]);
    Object.assign(world.env, {
      ASSENT_TARGETS_KEY: pem("targets"),
      ASSENT_SNAPSHOT_KEY: pem("snapshot"),
      ASSENT_TIMESTAMP_KEY: String(plain.export({ format: "pem", type: "pkcs8" })),
    });
    expect(await refused(world.run(...release))).toEqual([2, "keys/encrypted"]);
    world.env["ASSENT_KEY_PASSPHRASE"] = "the passphrase of something else";
    world.env["ASSENT_TARGETS_PASSPHRASE"] = PASSPHRASE;
    expect(await refused(world.run(...release))).toEqual([2, "keys/wrong-passphrase"]);
    world.env["ASSENT_KEY_PASSPHRASE"] = PASSPHRASE;
    const { stdout, stderr } = await world.run(...release);
    expect(wire(stdout)).toMatchObject({ outcome: "released" });
    expect([stdout, stderr].some((text) => text.includes(PASSPHRASE) || text.includes("PRIVATE"))).toBe(
      false,
    );
    expect((await consume(world)).release.pair.sequence).toBe(1);
  });
});

describe("a rotation", () => {
  it("takes as many people as the roots ask for, and then every client follows", async () => {
    const world = await releaseWorld();
    await generate(world, "--root-keys", "2", "--root-threshold", "2");
    const passphrase = ["--passphrase-file", join(dirname(world.folder), "passphrase")];
    await world.release();
    const taken = await consume(world);
    await generate(world, "--role", "timestamp");
    const fresh = filesNamed(world.keys, /^timestamp-[0-9a-f]{8}\.pub\.json$/);
    const old = (
      JSON.parse(readFileSync(join(world.keys, "timestamp.pub.json"), "utf8")) as { keyid: string }
    ).keyid;
    const rotate = ["key", "rotate", ...passphrase] as const;
    const key = (name: string): string[] => ["--key", join(world.keys, `${name}.pem`)];
    const begun = await world.run(
      ...rotate,
      `--remove=timestamp=${old.slice(0, 8)}`,
      `--add=timestamp=${fresh}`,
      ...key("root-1"),
      ...json,
    );
    expect(begun.code).toBe(4);
    expect(wire(begun.stdout)).toMatchObject({
      version: 2,
      complete: false,
      sides: [
        { whose: "old", threshold: 2, signed: [expect.any(String)], missing: [expect.any(String)] },
        { whose: "new", threshold: 2, signed: [expect.any(String)], missing: [expect.any(String)] },
      ],
    });
    // It waits: nothing that is released knows of it, and nobody begins another one.
    expect(wire((await world.release("--refresh", ...json)).stdout)).toMatchObject({
      waiting: 2,
      metadata: { root: { version: 1 } },
    });
    expect(await refused(world.run(...rotate, ...key("root-2"), ...json))).toEqual([2, "keys/root-waits"]);
    expect(await refused(world.run(...rotate, "--sign", ...key("targets"), ...json))).toEqual([
      2,
      "keys/not-a-root-key",
    ]);
    expect((await world.run("key", "inspect")).stdout).toContain("root 2 waits for signatures");
    const ended = await world.run(...rotate, "--sign", ...key("root-2"), ...json);
    expect([ended.code, wire(ended.stdout)]).toMatchObject([0, { complete: true }]);
    expect(await refused(world.run(...rotate, "--sign", ...key("root-2"), ...json))).toEqual([
      2,
      "keys/nothing-waits",
    ]);

    // The old timestamp key signs nothing any more.
    expect(await refused(world.release(...json))).toEqual([2, "release/no-key"]);
    const next = ["--key", `timestamp=${fresh.replace(".pub.json", ".pem")}`];
    expect(wire((await world.release(...next, ...json)).stdout)).toMatchObject({
      outcome: "refreshed",
      signed: ["timestamp"],
      metadata: { root: { version: 2 } },
    });
    const followed = await consume(world, taken.state);
    expect(followed.isNew).toBe(false);
    expect(JSON.parse(new TextDecoder().decode(followed.state.root))).toMatchObject({
      signed: { version: 2 },
    });
    // A client that knows the first root only finds its way as well.
    expect((await consume(world)).release).toEqual(followed.release);
  });

  it("finds the keys in the folder of the ceremony; what was named for a role counts more", async () => {
    const world = await releaseWorld();
    await generate(world);
    const passphrase = ["--passphrase-file", join(dirname(world.folder), "passphrase")];
    const release = (...words: readonly string[]) =>
      world.run("release", "--out", world.out, "--keys", world.keys, ...passphrase, ...words, ...json);
    expect(wire((await release()).stdout)).toMatchObject({ signed: ["targets", "snapshot", "timestamp"] });
    const named = ["--refresh", "--key", `timestamp=${join(world.keys, "targets.pem")}`];
    expect(await refused(release(...named))).toEqual([2, "release/no-key"]);
    rmSync(join(world.keys, "timestamp.pem"));
    expect(await refused(release("--refresh"))).toEqual([2, "release/no-key"]);
  });

  it("doctor says when the root expires soon, and that broken roots are none", async () => {
    const world = await releaseWorld();
    await generate(world);
    const said = async (): Promise<unknown> => {
      const { diagnostics } = wire((await world.run("doctor", ...json)).stdout);
      const all = diagnostics as readonly { readonly code: string; readonly severity: string }[];
      return all.filter(({ code }) => code.includes("root")).map(({ code, severity }) => [code, severity]);
    };
    expect(await said()).toEqual([]);
    world.now += 340 * DAY;
    expect(await said()).toEqual([["doctor/root-expires", "warning"]]);
    writeFileSync(join(world.folder, "trust/1.root.json"), "{}");
    expect(await said()).toEqual([["doctor/root-unusable", "error"]]);
  });

  it("publishes a root that only lives longer, though nothing else has to be signed", async () => {
    const world = await releaseWorld();
    await generate(world);
    await world.release();
    const passphrase = ["--passphrase-file", join(dirname(world.folder), "passphrase")];
    world.now += 300 * DAY;
    const renewed = await world.run("key", "rotate", "--key", join(world.keys, "root.pem"), ...passphrase);
    expect(renewed.code).toBe(0);
    expect(wire((await world.release(...json)).stdout)).toMatchObject({ metadata: { root: { version: 2 } } });
    world.now += 200 * DAY;
    await world.release("--refresh");
    expect((await consume(world)).expires).toMatch(/^2027-/);
    world.now += 400 * DAY;
    expect(await refused(world.release("--refresh", ...json))).toEqual([2, "release/root-expired"]);
  });

  it("begins a registry without a desk that everybody sits at", async () => {
    const world = await releaseWorld();
    const passphrase = ["--passphrase-file", join(dirname(world.folder), "passphrase")];
    const publics: Record<string, string> = {};
    for (const [name, role] of Object.entries({
      ada: "root",
      bela: "root",
      t: "targets",
      s: "snapshot",
      c: "timestamp",
    })) {
      const out = join(world.keys, name);
      await world.run("key", "generate", "--role", role, "--out", out, ...passphrase);
      publics[name] = filesNamed(out, /\.pub\.json$/);
    }
    const pem = (name: string): string => (publics[name] ?? "").replace(".pub.json", ".pem");
    const add = (role: string, name: string): string[] => ["--add", `${role}=${publics[name] ?? ""}`];
    const all = [
      ...add("root", "ada"),
      ...add("root", "bela"),
      ...add("targets", "t"),
      ...add("snapshot", "s"),
    ];
    const missing = world.run("key", "rotate", ...all, "--threshold", "root=2", ...json);
    expect(await refused(missing)).toEqual([2, "keys/threshold"]);
    const begun = ["key", "rotate", ...all, ...add("timestamp", "c"), "--threshold", "root=2"] as const;
    expect((await world.run(...begun, "--key", pem("ada"), ...passphrase)).code).toBe(4);
    expect(await refused(world.release(...json))).toEqual([2, "keys/no-root"]);
    const signed = await world.run("key", "rotate", "--sign", "--key", pem("bela"), ...passphrase, ...json);
    expect([signed.code, wire(signed.stdout)]).toMatchObject([
      0,
      { version: 1, registry: "tried", complete: true },
    ]);
    const keys = Object.entries({ targets: "t", snapshot: "s", timestamp: "c" });
    const named = keys.flatMap(([role, name]) => ["--key", `${role}=${pem(name)}`]);
    const released = await world.run("release", "--out", world.out, ...named, ...passphrase, ...json);
    expect(wire(released.stdout)).toMatchObject({ outcome: "released" });
    expect((await consume(world)).release.registry).toBe("tried");
  });
});
