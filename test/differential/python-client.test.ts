/**
 * The Python client beside the TypeScript one: the same bytes for the golden questions and for random ones, the same
 * canonical JSON, and the same refusals of a release that somebody has tampered with.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { canonicalize } from "@tufjs/canonical-json";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { metadataPath, targetPath } from "../../src/core/model/release.ts";
import type { SliceDocument } from "../../src/core/model/snapshot.ts";
import { createResolver, renderAnswer, type Query } from "../../src/core/resolve/resolve.ts";
import {
  keyJson,
  pkcs8OfSeed,
  renderSigned,
  signerOfPkcs8,
  type TufSigner,
} from "../../src/core/trust/tuf/signer.ts";
import { digestOf, manifest, query, slice } from "../core/resolve-worlds.ts";

const root = join(import.meta.dirname, "../..");
const python = "/usr/bin/python3";
const reason = !existsSync(python)
  ? "Debian's python3 is not here"
  : spawnSync(python, ["-c", "import cryptography"]).status !== 0
    ? "python3-cryptography is not here"
    : "";

const work = mkdtempSync(join(tmpdir(), "assent-python-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

type Told = string | { readonly code: string };

function ask(commands: readonly (readonly unknown[])[], ...flags: string[]): Told[] {
  const { status, stdout, stderr } = spawnSync(
    python,
    ["-B", join(import.meta.dirname, "python-driver.py"), join(root, "src/client/python"), ...flags],
    { input: JSON.stringify(commands), encoding: "utf8", maxBuffer: 1 << 28 },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Told[];
}

const digest = digestOf("ab".repeat(32));
/** What TypeScript answers, as the driver tells it. */
function answerOf(document: SliceDocument, question: Query): Told {
  const answer = createResolver({ digest, manifest }, [structuredClone(document)]).resolve(question);
  return "code" in answer ? { code: answer.code } : renderAnswer(answer);
}

/** Everything that DESIGN 8 tells apart, and specs whose JSON is easy to write otherwise. */
const golden: SliceDocument = {
  format: "assent.slice/v1",
  registry: "r",
  environment: "prod",
  slicing: "environment",
  tenant: null,
  inherit: true,
  compatibility: "fail-closed",
  offer: {
    featureGroups: { core: ["v1"], velocity: ["v1", "v2"] },
    schemas: { event: ["1.4.0"] },
    capabilities: ["primary", "stage2"],
  },
  degradeProfiles: {
    D1: { featureGroups: ["core"], capabilities: [], posture: "STEP_UP_ONLY" },
    D2: { posture: "REVIEW" },
  },
  scopes: [
    { scope: "prod/fraud/score", bundle: "bundle:fraud/score@2.0.0", fallback: "bundle:fraud/score@1.0.0" },
    {
      scope: "prod/fraud/score/acme",
      bundle: "bundle:fraud/score@3.0.0",
      fallback: "bundle:fraud/score@2.0.0",
    },
    { scope: "prod/fraud/score/acme/night", bundle: "none" },
    { scope: "prod/fraud/score/default/night", bundle: "inherit" },
    {
      scope: "prod/fraud/score/gone",
      bundle: "bundle:fraud/score@9.0.0",
      fallback: "bundle:fraud/score@8.0.0",
    },
  ],
  bundles: {
    "bundle:fraud/score@1.0.0": {
      digest: digestOf("1".repeat(64)),
      spec: {
        "10": 1e21,
        "2": 1e-7,
        "02": [0.1, 5e-324, 1.7976931348623157e308, 123456789012345680000, 0.000001, -0.5, 100],
        artifacts: [{ role: "prompt", text: 'tab\t \u0001 \u007f \u2028 é 😀 " \\ \ud800' }],
        "4294967295": true,
        "4294967294": null,
      },
      deprecated: ["model:a/b@1.0.0", "policy:c/d@1.0.0"],
    },
    "bundle:fraud/score@2.0.0": {
      digest: digestOf("2".repeat(64)),
      spec: {
        compatibility: {
          featureGroups: { velocity: "v2", core: "v1" },
          inputContract: { schema: "event", version: "1.4.0" },
          requires: ["stage2", "primary"],
        },
      },
      deprecated: [],
    },
    "bundle:fraud/score@3.0.0": {
      digest: digestOf("3".repeat(64)),
      spec: {
        compatibility: {
          featureGroups: { graph: "v1", core: "v9" },
          schemas: { event: "2.0.0", other: "1.0.0" },
          requires: ["gpu"],
        },
      },
      deprecated: [],
    },
  },
};

const questions: readonly Omit<Query, "environment" | "usecase">[] = [
  {},
  { degradeMode: "D1" },
  { degradeMode: "D2" },
  { degradeMode: "D3" },
  { tenant: "acme" },
  { tenant: "acme", degradeMode: "D1" },
  { tenant: "acme", scenario: "night" },
  { tenant: "acme", scenario: "day" },
  { tenant: "zeta", scenario: "night" },
  { tenant: "default", scenario: "night" },
  { tenant: "gone" },
  { tenant: "é/../x" },
  { featureGroups: { core: "v1" } },
  { featureGroups: { core: ["v1"], velocity: ["v1"] }, capabilities: ["primary"] },
  { capabilities: [] },
];

const cases = [
  ...questions.map((more) => ({ environment: "prod", usecase: "fraud/score", ...more })),
  { environment: "prod", usecase: "fraud/other" },
  { environment: "prod", usecase: "fraud" },
  { environment: "qa", usecase: "fraud/score" },
].flatMap((each) =>
  (["fail-closed", "warn"] as const).flatMap((compatibility) =>
    [true, false].map((inherit) => ({ slice: { inherit, compatibility }, query: each as Query })),
  ),
);

describe("golden questions", () => {
  const expected = cases.map((each) => ({
    ...each,
    expected: answerOf({ ...golden, ...each.slice }, each.query),
  }));

  it("are answered as they were", async () => {
    const text = `${JSON.stringify({ manifest, digest, slice: golden, cases: expected }, null, 1)}\n`;
    await expect(text).toMatchFileSnapshot("../data/resolve-queries.json");
  });

  it.skipIf(reason !== "")(`are answered alike by the Python client ${reason}`, () => {
    const kept = JSON.parse(readFileSync(join(root, "test/data/resolve-queries.json"), "utf8")) as {
      readonly slice: SliceDocument;
      readonly cases: typeof expected;
    };
    const told = ask(
      kept.cases.map((each) => ["resolve", manifest, digest, { ...kept.slice, ...each.slice }, each.query]),
    );
    expect(told).toEqual(kept.cases.map((each) => each.expected));
    expect(told).toHaveLength(72);
  });
});

describe.skipIf(reason !== "")(`beside TypeScript ${reason}`, () => {
  it("answers random questions to random slices with the same bytes", () => {
    const legal = /^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9_-])?$/;
    const samples = fc.sample(fc.tuple(slice, fc.array(query, { minLength: 5, maxLength: 10 })), {
      numRuns: 150,
      seed: 7,
    });
    const asked = samples.flatMap(([document, list]) => {
      const scopes = document.scopes.filter(({ scope }) =>
        scope.split("/").every((part) => legal.test(part)),
      );
      const kept = { ...document, scopes } as SliceDocument;
      const own = scopes.flatMap(({ scope }): Query[] => {
        const [, ns, use, tenant, scenario] = scope.split("/");
        return use === undefined ? [] : [{ environment: "prod", usecase: `${ns}/${use}`, tenant, scenario }];
      });
      return [...list, ...own].map((each) => ({ document: kept, each }));
    });
    const told = ask(asked.map(({ document, each }) => ["resolve", manifest, digest, document, each]));
    expect(asked.length).toBeGreaterThan(1000);
    expect(told).toEqual(asked.map(({ document, each }) => answerOf(document, each)));
  });

  it("writes JSON and canonical JSON with the same bytes", () => {
    const number = fc.oneof(
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: 1e15, max: 1e23 }),
      fc.double({ min: 1e-9, max: 1e-3 }),
      fc.constantFrom(-0, 1e21, 1e20, 123456789012345680000, 2 ** 53, 2 ** 64, 1e-6, 1e-7, 5e-324),
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.constantFrom("\ud800", "\udfff\ud83d", "10", "2", "4294967295"),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        number,
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(text, tie("value"), { maxKeys: 5 }),
      ),
    }));
    const texts = fc.sample(value, { numRuns: 2000, seed: 3 }).map((each) => JSON.stringify(each));
    const canonicalOf = (each: string): Told => {
      try {
        return Buffer.from(canonicalize(JSON.parse(each))).toString("hex");
      } catch {
        return { code: "release/malformed" };
      }
    };
    const told = ask(
      texts.flatMap((each) => [
        ["write", each],
        ["canonical", each],
      ]),
    );
    expect(told).toEqual(texts.flatMap((each) => [JSON.stringify(JSON.parse(each)), canonicalOf(each)]));
    expect(told.filter((each) => typeof each === "object").length).toBeGreaterThan(50);
  });
});

/** Keys by their names: the same ones in every run. */
const key = (name: string): TufSigner =>
  signerOfPkcs8(pkcs8OfSeed(Buffer.from(sha256Hex(Buffer.from(name)), "hex")));

interface Making {
  readonly version?: number;
  readonly sequence?: number;
  readonly expires?: string;
  readonly registry?: string;
  /** What is signed with another key than the root names, or changed after it was signed. */
  readonly by?: Readonly<Record<string, readonly TufSigner[]>>;
  readonly targetsVersion?: number;
  readonly slice?: SliceDocument;
}

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const file = (bytes: Uint8Array) => ({ length: bytes.length, hashes: { sha256: sha256Hex(bytes) } });

function put(folder: string, path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}

function rootOf(
  version: number,
  names: Readonly<Record<string, readonly string[]>>,
  registry = "r",
  threshold = 1,
) {
  const roles = {
    root: ["root"],
    targets: ["targets"],
    snapshot: ["online"],
    timestamp: ["online"],
    ...names,
  };
  const used = [...new Set(Object.values(roles).flat())].map(key);
  return {
    _type: "root",
    spec_version: "1.0.31",
    version,
    expires: "2030-01-01T00:00:00Z",
    consistent_snapshot: true,
    "x-assent": { registry },
    keys: Object.fromEntries(used.map(({ keyid, point }) => [keyid, keyJson(point)])),
    roles: Object.fromEntries(
      Object.entries(roles).map(([role, list]) => [
        role,
        { keyids: list.map((each) => key(each).keyid), threshold },
      ]),
    ),
  };
}

/** Writes a release as `assent release` lays it out (core/model/release.ts). */
function release(folder: string, making: Making = {}): void {
  const { version = 1, sequence = 7, expires = "2026-02-01T00:00:00Z", registry = "r", by = {} } = making;
  const sliceBytes = bytesOf(making.slice ?? golden);
  const slicePath = `slices/${sha256Hex(sliceBytes)}.json`;
  const manifestBytes = bytesOf({
    ...manifest,
    registry,
    commit: "c".repeat(40),
    sequence,
    slices: [{ environment: "prod", tenant: null, path: slicePath }],
    files: [{ path: slicePath, sha256: sha256Hex(sliceBytes), length: sliceBytes.length }],
  });
  const asOf = manifest.asOf;
  const custom = { sequence, asOf, commit: "c".repeat(40), registry, assurance: "none" };
  const common = { spec_version: "1.0.31", expires };
  const targetsVersion = making.targetsVersion ?? version;
  const targets = renderSigned(
    {
      ...common,
      _type: "targets",
      version: targetsVersion,
      targets: { "manifest.json": { ...file(manifestBytes), custom }, "slices/prod.json": file(sliceBytes) },
    },
    by["targets"] ?? [key("targets")],
  );
  const snapshot = renderSigned(
    {
      ...common,
      _type: "snapshot",
      version,
      meta: { "targets.json": { version: targetsVersion, ...file(targets) } },
    },
    by["snapshot"] ?? [key("online")],
  );
  const timestamp = renderSigned(
    { ...common, _type: "timestamp", version, meta: { "snapshot.json": { version, ...file(snapshot) } } },
    by["timestamp"] ?? [key("online")],
  );
  put(folder, targetPath("manifest.json", sha256Hex(manifestBytes)), manifestBytes);
  put(folder, targetPath("slices/prod.json", sha256Hex(sliceBytes)), sliceBytes);
  put(folder, metadataPath("targets", targetsVersion), targets);
  put(folder, metadataPath("snapshot", version), snapshot);
  put(folder, "metadata/timestamp.json", timestamp);
}

describe.skipIf(reason !== "")(`releases ${reason}`, () => {
  const trust = join(work, "root.json");
  writeFileSync(trust, renderSigned(rootOf(1, {}), [key("root")]));
  const question = ["ask", "fraud/score", { tenant: "zeta" }] as const;
  let count = 0;
  const fresh = () => ({ source: join(work, `release-${++count}`), cache: join(work, `cache-${count}`) });
  type Place = ReturnType<typeof fresh>;
  const january = Date.parse("2026-01-10T00:00:00Z") / 1000;
  const open = ({ source, cache }: Place, more: object = {}) =>
    ["open", { source, trust, environment: "prod", cache_dir: cache, now: january, ...more }] as const;
  const refresh = (place: Place, more: object = {}): Told | undefined =>
    ask([open(place, more), ["refresh"]])[1];
  const inUse = (place: Place, more: object = {}): Told | undefined => ask([open(place, more), question])[1];
  const sequenceIn = (told: Told | undefined): unknown =>
    typeof told === "string"
      ? (JSON.parse(told) as { snapshot: { sequence: number } }).snapshot.sequence
      : told;

  it("answers from a verified release, after a restart without its source as well", () => {
    const place = fresh();
    release(place.source);
    const [, refreshed, told] = ask([open(place), ["refresh"], question]);
    expect(refreshed).toBe("refreshed");
    rmSync(place.source, { recursive: true });
    expect(inUse(place)).toBe(told);
    expect(refresh(place)).toEqual({ code: "release/missing" });
    expect(sequenceIn(told)).toBe(7);
    // Past the signed expiry nothing is answered, whatever the clock says afterwards.
    expect(inUse(place, { now: Date.parse("2026-02-01T00:00:00Z") / 1000 })).toEqual({
      code: "client/expired",
    });
    expect(inUse(fresh())).toEqual({ code: "client/no-release" });
  });

  it("says what is missing where signatures cannot be checked", () => {
    const place = fresh();
    release(place.source);
    expect(ask([open(place), ["refresh"]], "--without-cryptography")[1]).toEqual({
      code: "client/no-cryptography",
    });
  });

  const changed = (path: string, change: (text: string) => string) => (place: Place) => {
    const full = join(place.source, path);
    writeFileSync(full, change(readFileSync(full, "utf8")));
  };
  const attacks: readonly [string, (place: Place) => void, string][] = [
    [
      "a signature stripped",
      changed("metadata/timestamp.json", (text) =>
        text.replace(/"signatures":\[[^\]]*\]/, '"signatures":[]'),
      ),
      "threshold",
    ],
    [
      "a byte of what was signed",
      changed("metadata/timestamp.json", (text) => text.replace("2026-02", "2027-02")),
      "threshold",
    ],
    [
      "a stranger's key",
      (place) => release(place.source, { version: 2, by: { timestamp: [key("mallory")] } }),
      "threshold",
    ],
    [
      "online keys signing targets",
      (place) => release(place.source, { version: 2, by: { targets: [key("online")] } }),
      "threshold",
    ],
    [
      "a slice with a byte changed",
      (place) => {
        release(place.source, { version: 2, sequence: 8, slice: { ...golden, inherit: false } });
        changed(`targets/slices/${sha256Hex(bytesOf({ ...golden, inherit: false }))}.prod.json`, (text) =>
          text.replace("none", "nope"),
        )(place);
      },
      "wrong-hash",
    ],
    [
      "another snapshot under its name",
      (place) => {
        release(place.source, { version: 2 });
        changed("metadata/2.snapshot.json", (text) => text.replace("1.0.31", "1.0.30"))(place);
      },
      "wrong-hash",
    ],
    [
      "endless timestamp",
      changed("metadata/timestamp.json", (text) => text + " ".repeat(20_000)),
      "too-long",
    ],
    ["no JSON", changed("metadata/timestamp.json", () => "{"), "malformed"],
    [
      "expired (freeze)",
      (place) => release(place.source, { version: 2, expires: "2026-01-10T00:00:00Z" }),
      "expired",
    ],
    [
      "another registry by the same keys",
      (place) => release(place.source, { version: 2, sequence: 8, registry: "other" }),
      "wrong-registry",
    ],
    [
      "an older pair under newer versions",
      (place) => release(place.source, { version: 2, sequence: 6 }),
      "older-pair",
    ],
    [
      "the same pair with other content",
      (place) => release(place.source, { version: 2, slice: { ...golden, inherit: false } }),
      "equivocation",
    ],
    [
      "a gap in the roots",
      (place) => put(place.source, "metadata/2.root.json", renderSigned(rootOf(3, {}), [key("root")])),
      "rollback",
    ],
    [
      "a root that the old one did not sign",
      (place) =>
        put(
          place.source,
          "metadata/2.root.json",
          renderSigned(rootOf(2, { root: ["mallory"] }), [key("mallory")]),
        ),
      "threshold",
    ],
    [
      "a root that does not sign itself",
      (place) =>
        put(place.source, "metadata/2.root.json", renderSigned(rootOf(2, { root: ["next"] }), [key("root")])),
      "threshold",
    ],
    [
      "a root of another registry",
      (place) =>
        put(place.source, "metadata/2.root.json", renderSigned(rootOf(2, {}, "other"), [key("root")])),
      "wrong-registry",
    ],
  ];
  it.each(attacks)("refuses %s, and goes on answering from what it has", (_, attack, code) => {
    const place = fresh();
    release(place.source);
    const [, refreshed, before] = ask([open(place), ["refresh"], question]);
    expect(refreshed).toBe("refreshed");
    attack(place);
    expect(ask([open(place), ["refresh"], question]).slice(1)).toEqual([{ code: `release/${code}` }, before]);
  });

  it("never goes back, and takes what follows", () => {
    const place = fresh();
    release(place.source, { version: 3, sequence: 9 });
    expect(refresh(place)).toBe("refreshed");
    release(place.source, { version: 2, sequence: 10 });
    expect(refresh(place)).toEqual({ code: "release/rollback" });
    release(place.source, { version: 4, sequence: 10, targetsVersion: 2 });
    expect(refresh(place)).toEqual({ code: "release/rollback" });
    release(place.source, { version: 5, sequence: 11 });
    expect(refresh(place)).toBe("refreshed");
    expect(sequenceIn(inUse(place))).toBe(11);
  });

  it("follows rotations: lost online keys lose their versions, new thresholds hold", () => {
    const place = fresh();
    release(place.source, { version: 900 });
    expect(refresh(place)).toBe("refreshed");
    put(
      place.source,
      "metadata/2.root.json",
      renderSigned(rootOf(2, { timestamp: ["late"], snapshot: ["late"] }), [key("root")]),
    );
    release(place.source, {
      version: 2,
      sequence: 8,
      targetsVersion: 901,
      by: { timestamp: [key("late")], snapshot: [key("late")] },
    });
    expect(refresh(place)).toBe("refreshed");
    expect(sequenceIn(inUse(place))).toBe(8);
    const both = {
      root: ["root", "second"],
      targets: ["targets", "second"],
      snapshot: ["late", "second"],
      timestamp: ["late", "second"],
    };
    put(
      place.source,
      "metadata/3.root.json",
      renderSigned(rootOf(3, both, "r", 2), [key("root"), key("second")]),
    );
    expect(refresh(place)).toEqual({ code: "release/threshold" });
  });

  it.each([
    ["another one signs from now on", ["targets"], ["anew"]],
    ["one that had signed as well stays", ["targets", "anew"], ["anew"]],
  ])("recovers where stolen keys signed far ahead and a root took them away: %s", (_, before, after) => {
    const place = fresh();
    const pinned = join(work, `ahead-${before.length}.json`);
    writeFileSync(pinned, renderSigned(rootOf(1, { targets: before }), [key("root")]));
    const trusting = { trust: pinned };
    release(place.source, { version: 90, sequence: 900, by: { targets: before.map((each) => key(each)) } });
    expect(refresh(place, trusting)).toBe("refreshed");
    expect(sequenceIn(inUse(place, trusting))).toBe(900);
    const late = [key("late")];
    const names = { targets: after, snapshot: ["late"], timestamp: ["late"] };
    put(place.source, "metadata/2.root.json", renderSigned(rootOf(2, names), [key("root")]));
    const by = { targets: after.map((each) => key(each)), snapshot: late, timestamp: late };
    // It stops between the root and the release once, and starts again.
    rmSync(join(place.source, "metadata/timestamp.json"));
    expect(refresh(place, trusting)).toEqual({ code: "release/missing" });
    release(place.source, { version: 1, sequence: 8, by });
    expect(refresh(place, trusting)).toBe("refreshed");
    expect(sequenceIn(inUse(place, trusting))).toBe(8);
    // What the owners sign bars what is older, as ever.
    release(place.source, { version: 2, sequence: 7, by });
    expect(refresh(place, trusting)).toEqual({ code: "release/older-pair" });
  });

  it("starts over under another pinned root, and never with a damaged cache", () => {
    const place = fresh();
    release(place.source);
    expect(refresh(place)).toBe("refreshed");
    const other = join(work, "other-root.json");
    writeFileSync(other, renderSigned(rootOf(1, { targets: ["elsewhere"] }), [key("root")]));
    expect(inUse(place, { trust: other })).toEqual({ code: "client/no-release" });
    const folder = join(place.cache, spawnSync("ls", [place.cache], { encoding: "utf8" }).stdout.trim());
    writeFileSync(join(folder, "state.json"), readFileSync(join(folder, "state.json")).subarray(0, 2000));
    expect(inUse(place)).toEqual({ code: "client/no-release" });
    expect(refresh(place)).toBe("refreshed");
    expect(refresh(place, { environment: "qa" })).toEqual({ code: "client/wrong-environment" });
  });

  it("begins with the root that it was given, and not with the chain of the one before it", () => {
    const place = fresh();
    release(place.source);
    put(place.source, "metadata/2.root.json", renderSigned(rootOf(2, {}), [key("root")]));
    expect(refresh(place)).toBe("refreshed");
    // The keys were stolen, and go on signing; the owners made new ones, and handed their root over.
    const names = { root: ["anew"], targets: ["anew"], snapshot: ["anew"], timestamp: ["anew"] };
    const anew = join(work, "anew.json");
    writeFileSync(anew, renderSigned(rootOf(1, names), [key("anew")]));
    release(place.source, { version: 90, sequence: 900 });
    expect(refresh(place)).toBe("refreshed");
    expect(refresh(place, { trust: anew })).toEqual({ code: "release/threshold" });
    rmSync(place.source, { recursive: true });
    const by = [key("anew")];
    release(place.source, { sequence: 8, by: { targets: by, snapshot: by, timestamp: by } });
    expect(refresh(place, { trust: anew })).toBe("refreshed");
    expect(sequenceIn(inUse(place, { trust: anew }))).toBe(8);
  });

  it("answers as the TypeScript client does: for its own tenant, and never what was misspelt", () => {
    const place = fresh();
    release(place.source);
    const scopeIn = (told: Told): unknown => {
      if (typeof told !== "string") return told;
      const { outcome, bundle } = JSON.parse(told) as { outcome: string; bundle: { ref: string } | null };
      return bundle?.ref ?? outcome;
    };
    const asked = (more: object, ...questions: readonly (readonly [string, object])[]): unknown[] =>
      ask([open(place, more), ["refresh"], ...questions.map((each) => ["ask", ...each])])
        .slice(2)
        .map(scopeIn);
    const wrong = { code: "client/malformed-query" };
    expect(
      asked(
        {},
        ["fraud/score", { tenant: "zeta", degradeMode: "NORMAL", featureGroups: null }],
        ["fraud/score", { tenant: "Zeta" }],
        ["fraud/score", { tenant: "" }],
        ["fraud/score", { scenario: "night/x" }],
        ["fraud/score", { tenant: 5 }],
        ["Fraud/Score", {}],
        ["fraud", {}],
        ["fraud/score", { capabilities: "stage2 primary" }],
        ["fraud/score", { degrade_mode: "D1" }],
        ["fraud/score", { environment: "dev" }],
      ),
    ).toEqual([
      "bundle:fraud/score@2.0.0",
      ...Array.from({ length: 7 }, () => wrong),
      { code: "TypeError" },
      { code: "TypeError" },
    ]);
    const own = asked({ tenant: "gone" }, ["fraud/score", {}], ["fraud/score", { tenant: "default" }]);
    expect(own).toEqual(asked({}, ["fraud/score", { tenant: "gone" }], ["fraud/score", { tenant: "gone" }]));
    expect(asked({ tenant: "acme" }, ["fraud/score", { tenant: "zeta" }])).toEqual([
      { code: "client/other-tenant" },
    ]);
  });

  it("reads from an address, and follows nobody elsewhere", async () => {
    const place = fresh();
    release(place.source);
    const server = createServer((request, response) => {
      const path = join(place.source, new URL(request.url ?? "/", "http://x").pathname);
      if (request.url?.startsWith("/away/"))
        response.writeHead(302, { location: "http://127.0.0.1:9/" }).end();
      else if (request.url?.startsWith("/no-http/")) request.socket.end("what is this\r\n");
      else if (existsSync(path)) response.end(readFileSync(path));
      else response.writeHead(404).end();
    });
    const port = await new Promise<number>((told) =>
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        told(typeof address === "object" && address !== null ? address.port : 0);
      }),
    );
    const { spawn } = await import("node:child_process");
    const askLater = (commands: readonly unknown[]) =>
      new Promise<Told[]>((told, failed) => {
        const child = spawn(python, [
          "-B",
          join(import.meta.dirname, "python-driver.py"),
          join(root, "src/client/python"),
        ]);
        let text = "";
        child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
        child.on("error", failed);
        child.on("close", () => told(JSON.parse(text) as Told[]));
        child.stdin.end(JSON.stringify(commands));
      });
    try {
      const at = (path: string) => open({ ...place, source: `http://127.0.0.1:${port}${path}` });
      const [, refreshed, told] = await askLater([at("/"), ["refresh"], question]);
      expect(refreshed).toBe("refreshed");
      expect(sequenceIn(told)).toBe(7);
      const unavailable = ["open", { code: "source/unavailable" }];
      expect(await askLater([at("/away/"), ["refresh"]])).toEqual(unavailable);
      expect(await askLater([at("/no-http/"), ["refresh"]])).toEqual(unavailable);
    } finally {
      server.close();
    }
  });
});
