/**
 * Attacks on consumers of releases, beyond the cases of TUF's own workflow (test/tuf-cases.ts): other registries, two
 * contents of one release, clocks, and refreshes that somebody breaks off on purpose.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "../../src/core/model/failure.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { readTarget } from "../../src/client/read-file.ts";
import { refreshRelease } from "../../src/client/refresh.ts";
import type { ReleaseReader } from "../../src/client/source/reader.ts";
import { keptRelease, openTrusted, parseTrusted, renderTrusted } from "../../src/core/trust/tuf/state.ts";
import { newRoles, NOW } from "../tuf-cases.ts";
import { ourClient, type Verdict } from "../tuf-host.ts";
import {
  manifestBytes,
  metaJson,
  metaOf,
  one,
  publish,
  publishRoot,
  rootJson,
  sha256,
  signed,
  targetsJson,
  tufKey,
  type Content,
  type Files,
  type Roles,
} from "../tuf-repository.ts";

interface World {
  readonly files: Files;
  readonly roles: Roles;
  readonly root: Uint8Array;
  readonly asked: string[];
  readonly reader: ReleaseReader;
}

/** A host in memory that counts what it is asked for; its tag of the timestamp is its digest. */
function world(roles: Roles = newRoles()): World {
  const files: Files = new Map();
  const asked: string[] = [];
  const root = publishRoot(files, roles);
  publish(files, { roles });
  const reader: ReleaseReader = {
    address: "memory:",
    read: (path, { tag }) => {
      asked.push(path);
      const bytes = files.get(path);
      if (bytes === undefined) return Promise.resolve(undefined);
      const now = sha256(bytes);
      return Promise.resolve(now === tag ? "unchanged" : { bytes, tag: now });
    },
  };
  return { files, roles, root, asked, reader };
}

const at = (instant: string): Instant => instant as Instant;
const sequenceOf = (verdict: Verdict): unknown =>
  "manifest" in verdict ? (JSON.parse(verdict.manifest) as { sequence: unknown }).sequence : verdict.refused;

const content = (more: Partial<Content> = {}): Content => ({
  sequence: 2,
  registry: "acme",
  asOf: "2026-01-01T00:00:00Z",
  salt: "",
  ...more,
});

describe("what TUF alone would let through", () => {
  const cases: readonly (readonly [name: string, refused: string, change: (world: World) => void])[] = [
    [
      "a new release of an older landing, properly signed",
      "release/older-pair",
      ({ files, roles }) => publish(files, { roles, versions: [3, 3, 3], content: { sequence: 1 } }),
    ],
    [
      "a new release as of an earlier instant, properly signed",
      "release/older-pair",
      ({ files, roles }) =>
        publish(files, {
          roles,
          versions: [3, 3, 3],
          content: { sequence: 2, asOf: "2025-12-31T23:59:59Z" },
        }),
    ],
    [
      "two contents of one release (equivocation)",
      "release/equivocation",
      ({ files, roles }) =>
        publish(files, { roles, versions: [3, 3, 3], content: { sequence: 2, salt: "other" } }),
    ],
    [
      "a release of another registry under the same keys",
      "release/wrong-registry",
      ({ files, roles }) => publish(files, { roles, versions: [3, 3, 3], content: { registry: "evil" } }),
    ],
    [
      "a manifest of another landing than its targets say",
      "release/mix-and-match",
      ({ files, roles }) => {
        const manifest = manifestBytes(content({ sequence: 4 }));
        const value = targetsJson({ version: 3 }, content({ sequence: 3 })) as {
          targets: Record<string, { length: number; hashes: { sha256: string } }>;
        };
        const target = value.targets["manifest.json"];
        if (target !== undefined)
          Object.assign(target, { length: manifest.length, hashes: { sha256: sha256(manifest) } });
        files.set(`targets/${sha256(manifest)}.manifest.json`, manifest);
        chain(files, roles, 3, signed(value, roles.targets.keys));
      },
    ],
    ...(["no JSON", "null", '{"format":"assent.manifest/v1"}'] as const).map(
      (text) =>
        [
          `a manifest that is ${text}`,
          "release/not-a-release",
          ({ files, roles }: World) => {
            const manifest = Buffer.from(text);
            const value = targetsJson({ version: 3 }, content({ sequence: 3 })) as {
              targets: Record<string, object>;
            };
            const target = value.targets["manifest.json"] ?? {};
            Object.assign(target, { length: manifest.length, hashes: { sha256: sha256(manifest) } });
            files.set(`targets/${sha256(manifest)}.manifest.json`, manifest);
            chain(files, roles, 3, signed(value, roles.targets.keys));
          },
        ] as const,
    ),
    [
      "signed targets that are no release",
      "release/not-a-release",
      ({ files, roles }) =>
        chain(
          files,
          roles,
          3,
          signed({ ...targetsJson({ version: 3 }, content()), targets: {} }, roles.targets.keys),
        ),
    ],
    [
      "a target without a sha256",
      "release/malformed",
      ({ files, roles }) => {
        const targets = { "manifest.json": { length: 1, hashes: { md5: "00" } } };
        const value = { ...targetsJson({ version: 3 }, content()), targets };
        chain(files, roles, 3, signed(value, roles.targets.keys));
      },
    ],
    [
      "a root of another registry, signed by the same keys",
      "release/wrong-registry",
      ({ files, roles }) => void publishRoot(files, roles, { version: 2 }, { registry: "evil" }),
    ],
    [
      "a root that gives one key two names, to meet a threshold of two alone",
      "release/malformed",
      ({ files, roles }) => {
        const [key] = roles.root.keys;
        if (key === undefined) throw new Error("no key");
        const twin = { ...key, id: sha256("another name") };
        const next = { ...roles, root: { keys: [key, twin], threshold: 2 } };
        publishRoot(files, next, { version: 2 });
      },
    ],
    [
      "an expiry whose meaning depends on the time zone of the reader",
      "release/malformed",
      ({ files, roles }) =>
        publish(files, { roles, versions: [3, 2, 2], expires: { timestamp: "2027-01-01T00:00:00" } }),
    ],
    [
      "a version below the first",
      "release/malformed",
      ({ files, roles }) => publish(files, { roles, versions: [0, 2, 2] }),
    ],
    [
      "a version beyond what numbers hold exactly",
      "release/malformed",
      ({ files, roles }) => publish(files, { roles, versions: [2 ** 53, 2, 2] }),
    ],
    [
      "a snapshot that vouches for its targets by a digest that nobody computes",
      "release/wrong-hash",
      ({ files, roles }) => {
        const targets = signed(targetsJson({ version: 3 }, content({ sequence: 3 })), roles.targets.keys);
        chain(files, roles, 3, targets, { version: 3, length: targets.length, hashes: { sha3: "00" } });
      },
    ],
  ];

  it.each(cases)("%s", async (_name, refused, change) => {
    const scene = world();
    publish(scene.files, { roles: scene.roles, versions: [2, 2, 2] });
    const client = ourClient(scene.reader, scene.root);
    expect(sequenceOf(await client.refresh(NOW))).toBe(2);
    change(scene);
    expect(await client.refresh(NOW)).toEqual({ refused });
    // What was verified stays known, and is what the next good release is measured by.
    publish(scene.files, { roles: scene.roles, versions: [9, 9, 9] });
    scene.files.delete("metadata/2.root.json");
    expect(sequenceOf(await client.refresh(NOW))).toBe(9);
  });

  it("takes a release of a landing once more as of later, and the same release signed anew", async () => {
    const { files, roles, root, reader } = world();
    const client = ourClient(reader, root);
    await client.refresh(NOW);
    publish(files, { roles, versions: [2, 2, 2], content: { sequence: 1, asOf: "2026-02-01T00:00:00Z" } });
    expect(await client.refresh(NOW)).toHaveProperty("manifest");
    expect(client.last()).toMatchObject({ isNew: true, release: { pair: { asOf: "2026-02-01T00:00:00Z" } } });
    publish(files, { roles, versions: [3, 3, 3], content: { sequence: 1, asOf: "2026-02-01T00:00:00Z" } });
    expect(await client.refresh(NOW)).toHaveProperty("manifest");
    expect(client.last()).toMatchObject({ isNew: false });
  });

  it("never lets a key of another algorithm, or another spelling of a key, into a role", async () => {
    const { files, roles, root, reader } = world();
    const json = rootJson(roles, { version: 2 }) as { keys: Record<string, { keytype: string }> };
    const upper = tufKey();
    const spelled = { ...upper.json, keyval: { public: upper.json.keyval.public.toUpperCase() } };
    for (const keys of [{ keytype: "ecdsa", scheme: "ecdsa-sha2-nistp256" }, spelled]) {
      const value = structuredClone(json);
      const [id = ""] = Object.keys(value.keys);
      Object.assign(value.keys[id] ?? {}, keys);
      files.set("metadata/2.root.json", signed(value, roles.root.keys));
      expect(await ourClient(reader, root).refresh(NOW)).toEqual({ refused: "release/malformed" });
    }
  });
});

/** Puts a timestamp and a snapshot over targets. */
function chain(
  files: Files,
  roles: Roles,
  version: number,
  targets: Uint8Array,
  meta = metaOf(version, targets),
): void {
  const snapshot = signed(metaJson("snapshot", { version }, { "targets.json": meta }), roles.snapshot.keys);
  const timestamp = metaJson("timestamp", { version }, { "snapshot.json": metaOf(version, snapshot) });
  files.set(`metadata/${version}.targets.json`, targets);
  files.set(`metadata/${version}.snapshot.json`, snapshot);
  files.set("metadata/timestamp.json", signed(timestamp, roles.timestamp.keys));
}

describe("time", () => {
  it("does not let a clock that is set back undo an expiry", async () => {
    const { files, roles, root, reader } = world();
    const client = ourClient(reader, root);
    publish(files, { roles, versions: [2, 2, 2], expires: { timestamp: "2026-06-10T00:00:00Z" } });
    expect(sequenceOf(await client.refresh(at("2026-06-09T00:00:00Z")))).toBe(2);
    // Replayed to a client whose clock was set back: a timestamp that had expired when a later one was verified.
    publish(files, { roles, versions: [3, 2, 2], expires: { timestamp: "2026-06-08T00:00:00Z" } });
    expect(await client.refresh(at("2026-06-01T00:00:00Z"))).toEqual({ refused: "release/expired" });
    expect(await client.refresh(at("2026-06-11T00:00:00Z"))).toEqual({ refused: "release/expired" });
  });

  it("recovers by itself where a clock had run ahead", async () => {
    const { files, roles, root, reader } = world();
    const client = ourClient(reader, root);
    publish(files, { roles, versions: [2, 2, 2], expires: { timestamp: "2026-06-10T00:00:00Z" } });
    await client.refresh(at("2026-06-09T00:00:00Z"));
    publish(files, { roles, versions: [3, 3, 3], expires: { timestamp: "2026-06-10T00:00:00Z" } });
    expect(sequenceOf(await client.refresh(at("2026-06-01T00:00:00Z")))).toBe(3);
  });

  it("asks for nothing else where the host says that nothing changed, and refuses that once it has expired", async () => {
    const { files, roles, root, reader, asked } = world();
    publish(files, { roles, versions: [2, 2, 2], expires: { timestamp: "2026-06-10T00:00:00Z" } });
    const first = await refreshRelease(reader, { root }, { now: NOW });
    asked.length = 0;
    const again = await refreshRelease(reader, first.state, { now: NOW, tag: first.tag });
    expect(asked).toEqual(["metadata/timestamp.json"]);
    expect(again).toMatchObject({
      isNew: false,
      release: first.release,
      tag: first.tag,
      expires: first.expires,
    });
    const late = refreshRelease(reader, first.state, { now: at("2026-06-10T00:00:00Z"), tag: first.tag });
    await expect(late).rejects.toMatchObject({ code: "release/expired", category: "unavailable" });
  });

  it("asks for everything again where what the tag stands for was lost", async () => {
    const { root, reader } = world();
    const first = await refreshRelease(reader, { root }, { now: NOW });
    const again = await refreshRelease(reader, { root }, { now: NOW, tag: first.tag });
    expect(again).toMatchObject({ isNew: true, release: first.release });
  });

  it("asks for the timestamp only once where it did change", async () => {
    const { files, roles, root, reader, asked } = world();
    const first = await refreshRelease(reader, { root }, { now: NOW });
    publish(files, { roles, versions: [2, 2, 2] });
    asked.length = 0;
    const next = await refreshRelease(reader, first.state, { now: NOW, tag: first.tag });
    expect(next.release.pair.sequence).toBe(2);
    expect(asked).toEqual([
      "metadata/timestamp.json",
      "metadata/2.root.json",
      "metadata/2.snapshot.json",
      "metadata/2.targets.json",
    ]);
  });
});

describe("a refresh that somebody breaks off", () => {
  it("keeps a root that it has seen, so that a key that was taken out never counts again", async () => {
    const { files, roles, root, reader } = world();
    const client = ourClient(reader, root);
    await client.refresh(NOW);
    publishRoot(files, { ...roles, timestamp: one() }, { version: 2 }, { by: roles.root.keys });
    const timestamp = files.get("metadata/timestamp.json");
    files.delete("metadata/timestamp.json");
    expect(await client.refresh(NOW)).toEqual({ refused: "release/missing" });
    // The thief of the old key hides the new root again.
    files.delete("metadata/2.root.json");
    if (timestamp !== undefined) files.set("metadata/timestamp.json", timestamp);
    expect(await client.refresh(NOW)).toEqual({ refused: "release/threshold" });
  });

  it("keeps a timestamp that it has seen, though its snapshot never came", async () => {
    const { files, roles, root, reader } = world();
    const client = ourClient(reader, root);
    await client.refresh(NOW);
    publish(files, { roles, versions: [5, 5, 5] });
    files.delete("metadata/5.snapshot.json");
    expect(await client.refresh(NOW)).toEqual({ refused: "release/missing" });
    publish(files, { roles, versions: [4, 4, 4] });
    expect(await client.refresh(NOW)).toEqual({ refused: "release/rollback" });
    // What was verified whole is still at hand.
    const state = parseTrusted(client.kept() ?? new Uint8Array());
    expect(state && keptRelease(state)?.release.pair.sequence).toBe(1);
  });

  it("follows a long chain of roots in several refreshes, and takes nothing in between under an expired one", async () => {
    const { files, roles, root, reader } = world();
    for (let version = 2; version <= 5; version++) publishRoot(files, roles, { version });
    const client = ourClient(reader, root, { rotations: 2 });
    await client.refresh(NOW);
    const versions: unknown[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const { root: kept } = parseTrusted(client.kept() ?? new Uint8Array()) ?? { root };
      versions.push(
        (JSON.parse(new TextDecoder().decode(kept)) as { signed: { version: number } }).signed.version,
      );
      await client.refresh(NOW);
    }
    expect(versions).toEqual([3, 5, 5]);
  });
});

describe("keys that were stolen, and taken out", () => {
  it("forgets a pair that a thief of the targets key made up, once that key is taken out", async () => {
    const { files, roles, root, reader } = world();
    const client = ourClient(reader, root);
    publish(files, { roles, versions: [2, 2, 2], content: { sequence: 999_999 } });
    expect(sequenceOf(await client.refresh(NOW))).toBe(999_999);
    publish(files, { roles, versions: [3, 3, 3] });
    expect(await client.refresh(NOW)).toEqual({ refused: "release/older-pair" });
    const next = { ...roles, targets: one() };
    publishRoot(files, next, { version: 2 }, { by: roles.root.keys });
    publish(files, { roles: next, versions: [4, 4, 4] });
    expect(sequenceOf(await client.refresh(NOW))).toBe(4);
  });

  it("forgets it also where a key that stays had signed it as well, and says since which root", async () => {
    // The thief had both; the owners only know of one.
    const [lost, stays] = [one(), one()];
    const roles = { ...newRoles(), targets: { keys: [...lost.keys, ...stays.keys], threshold: 1 } };
    const { files, root, reader } = world(roles);
    const client = ourClient(reader, root);
    const since = (): unknown => parseTrusted(client.kept() ?? new Uint8Array())?.targetsSince;
    publish(files, { roles, versions: [2, 2, 2], content: { sequence: 999_999 } });
    await client.refresh(NOW);
    expect(since()).toBeUndefined();
    const next = { ...roles, targets: stays };
    publishRoot(files, next, { version: 2 }, { by: roles.root.keys });
    // A root that takes nothing away, and one that takes away what is not of the targets: neither counts.
    publishRoot(files, next, { version: 3 }, { by: roles.root.keys });
    const last = { ...next, timestamp: one() };
    publishRoot(files, last, { version: 4 }, { by: roles.root.keys });
    publish(files, { roles: last, versions: [4, 4, 4] });
    expect([sequenceOf(await client.refresh(NOW)), since()]).toEqual([4, 2]);
    publish(files, { roles: last, versions: [5, 5, 5] });
    expect([sequenceOf(await client.refresh(NOW)), since()]).toEqual([5, 2]);
  });

  it("keeps the pair where only online keys were taken out: their thief replays no older release", async () => {
    const { files, roles, root, reader } = world();
    const client = ourClient(reader, root);
    publish(files, { roles, versions: [5, 5, 5] });
    await client.refresh(NOW);
    const next = { ...roles, timestamp: one(), snapshot: one() };
    publishRoot(files, next, { version: 2 }, { by: roles.root.keys });
    publish(files, { roles: next, versions: [1, 1, 1], content: { sequence: 1 } });
    expect(await client.refresh(NOW)).toEqual({ refused: "release/older-pair" });
  });

  it("recovers from a fast-forward of the snapshot where only its key was taken out, as 5.3.11 says", async () => {
    // The reference client asks for a new timestamp key as well.
    const { files, roles, root, reader } = world();
    const client = ourClient(reader, root);
    publish(files, { roles, versions: [2, 1000, 1] });
    await client.refresh(NOW);
    const next = { ...roles, snapshot: one() };
    publishRoot(files, next, { version: 2 }, { by: roles.root.keys });
    publish(files, { roles: next, versions: [3, 2, 2] });
    expect(sequenceOf(await client.refresh(NOW))).toBe(2);
  });
});

describe("what is kept on disk", () => {
  it("begins with the pinned root where the file is gone or damaged, and never without one", async () => {
    const { root, reader } = world();
    const { state } = await refreshRelease(reader, { root }, { now: NOW });
    const kept = renderTrusted(state);
    expect(parseTrusted(kept)).toEqual(state);
    for (const damaged of [
      undefined,
      new Uint8Array(),
      kept.subarray(0, 500),
      Buffer.from("{}"),
      Buffer.from("[]"),
    ])
      expect(openTrusted(root, damaged)).toEqual({ root });
    expect(openTrusted(root, kept)).toEqual(state);
  });

  it("refuses what was kept of another registry, and prefers a pinned root that is newer", () => {
    const { files, roles, root } = world();
    const other = publishRoot(new Map(), roles, {}, { registry: "evil" });
    const newer = publishRoot(files, roles, { version: 7 });
    expect(() => openTrusted(root, renderTrusted({ root: other }))).toThrow(
      expect.objectContaining({ code: "release/wrong-registry", category: "auth" }),
    );
    expect(openTrusted(newer, renderTrusted({ root }))).toEqual({ root: newer });
    expect(openTrusted(root, renderTrusted({ root: newer })).root).toEqual(newer);
  });

  it("forgets metadata that was changed on disk, and verifies anew", async () => {
    const { root, reader } = world();
    const { state } = await refreshRelease(reader, { root }, { now: NOW });
    for (const part of ["timestamp", "snapshot", "targets"] as const) {
      const text = new TextDecoder().decode(state[part]);
      const changed = { ...state, [part]: Buffer.from(text.replace(`"version":1`, `"version":9`)) };
      expect((await refreshRelease(reader, changed, { now: NOW })).release.pair.sequence).toBe(1);
    }
    const forged = new TextDecoder().decode(root).replace(`"acme"`, `"evil"`);
    const refused = refreshRelease(reader, { ...state, root: Buffer.from(forged) }, { now: NOW });
    await expect(refused).rejects.toMatchObject({ code: "release/threshold" });
  });
});

describe("whatever a host answers", () => {
  const paths = [
    "metadata/2.root.json",
    "metadata/timestamp.json",
    "metadata/2.snapshot.json",
    "metadata/2.targets.json",
  ];

  /** Replaces one value somewhere in a document. */
  function replaced(value: unknown, path: readonly number[], by: unknown): unknown {
    const [step, ...rest] = path;
    if (step === undefined || typeof value !== "object" || value === null) return by;
    const keys = Object.keys(value);
    const key = keys[step % Math.max(1, keys.length)];
    if (key === undefined) return by;
    const next = replaced((value as Record<string, unknown>)[key], rest, by);
    return Array.isArray(value)
      ? value.map((each, at) => (String(at) === key ? next : each))
      : { ...value, [key]: next };
  }

  it("is the release that was signed, or refused by a code: any value of any document changed", async () => {
    const { files, roles, root, reader } = world();
    const { state } = await refreshRelease(reader, { root }, { now: NOW });
    publishRoot(files, roles, { version: 2 });
    publish(files, { roles, versions: [2, 2, 2] });
    const good = new Map(files);
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom("__proto__", -1, 1e300, {}, [], null, "", "2999-01-01T00:00:00Z"),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.array(fc.nat(20), { maxLength: 6 }),
        odd,
        fc.boolean(),
        async (path, place, by, isSigned) => {
          for (const [each, bytes] of good) files.set(each, bytes);
          const document = JSON.parse(new TextDecoder().decode(good.get(path))) as { signed: object };
          const role = path.replace(/^.*?(\w+)\.json$/, "$1") as keyof Roles;
          // Now a stranger's change, now a signer's own: what is signed may be just as odd.
          const resign = (value: unknown): Uint8Array | undefined => {
            try {
              return signed(value as object, roles[role].keys);
            } catch {
              return undefined;
            }
          };
          const changed = isSigned
            ? resign(replaced(document.signed, place, by))
            : Buffer.from(JSON.stringify(replaced(document, place, by)));
          if (changed === undefined) return;
          files.set(path, changed);
          const told = await refreshRelease(reader, state, { now: NOW }).then(
            ({ release }) => release.registry,
            (error: unknown) => (error instanceof Failure ? error.code : error),
          );
          expect(told).toMatch(/^(?:acme|release\/[a-z-]+)$/);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("is refused where it is no text, or nested deeper than anybody nests", async () => {
    const { files, root, reader } = world();
    const deep = `{"signed":{"_type":"timestamp","version":1,"expires":"2999-01-01T00:00:00Z","x":${"[".repeat(7_000)}${"]".repeat(7_000)}},"signatures":[]}`;
    for (const bytes of [
      new Uint8Array(100),
      Uint8Array.of(0xff, 0xfe),
      Buffer.from(deep),
      Buffer.from("null"),
    ]) {
      files.set("metadata/timestamp.json", bytes);
      const refused = refreshRelease(reader, { root }, { now: NOW });
      await expect(refused).rejects.toMatchObject({
        code: expect.stringMatching(/^release\/(?:malformed|threshold)$/) as string,
      });
    }
  });
});

describe("targets by name", () => {
  it("reads no target that was not signed", async () => {
    const { root, reader } = world();
    const { targets } = await refreshRelease(reader, { root }, { now: NOW });
    for (const name of ["slices/prod.json", "../../etc/passwd", "__proto__", "constructor", ""])
      await expect(readTarget(reader, targets, name)).rejects.toMatchObject({ code: "release/missing" });
  });

  it("reads ten thousand targets at the cost of each", async () => {
    const { files, roles, root, reader } = world();
    const value = targetsJson({ version: 2 }, content()) as { targets: Record<string, object> };
    for (let at = 0; at < 10_000; at++)
      value.targets[`slices/prod@t${at}.json`] = { length: at, hashes: { sha256: sha256(String(at)) } };
    chain(files, roles, 2, signed(value, roles.targets.keys));
    // With the container of the models this takes half a minute.
    const { targets } = await refreshRelease(reader, { root }, { now: NOW });
    expect(targets.size).toBe(10_001);
    expect(targets.get("slices/prod@t7.json")).toEqual({ length: 7, sha256: sha256("7") });
  });
});
