/** The snapshot: what is in it, that it is a function of its arguments, and that lint and compile mean the same references. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyRevisionOf } from "../../src/core/compile/policy-revision.ts";
import { reachOf } from "../../src/core/compile/reach.ts";
import {
  needsOf,
  referenceFields,
  referencesOf,
  resolvedDependencies,
} from "../../src/core/compile/references.ts";
import { compileSnapshot, dependentsLines } from "../../src/core/compile/snapshot.ts";
import { digestOf } from "../../src/core/model/digest.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { isSnapshotPath, MANIFEST_PATH } from "../../src/core/model/snapshot.ts";
import { treeOf, treeOfTexts } from "../../src/core/model/tree.ts";
import { asOf, at, base, compiled, filesOf, live, type Values } from "../compiled.ts";
import { registryOfValues } from "../registry-of-values.ts";

const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const version = (state: string, spec: object = {}): object => ({ state, spec });

const world: Values = {
  ...base,
  [at("")]: live("2.0.0", "1.0.0"),
  [at("/acme")]: live("1.0.0"),
  "registry/models/x/a/1.0.0.yaml": version("production"),
  "registry/models/x/a/1.10.0.yaml": version("production"),
  "registry/models/x/a/1.9.0.yaml": version("deprecated"),
  "registry/models/x/a/1.11.0.yaml": version("retired"),
  "registry/models/x/a/2.0.0-rc.1.yaml": version("beta"),
  "registry/models/x/b/1.0.0.yaml": version("production", {
    provider: "provider:x",
    dependencies: [
      { ref: "model:x/a", version: ">=1.0.0 <2.0.0" },
      { ref: "model:x/a", version: ">=2.0.0-rc.0" },
      { ref: "model:x/none", version: "*" },
    ],
  }),
  "registry/models/x/b/aliases.yaml": { aliases: { stable: "1.0.0" } },
  "registry/providers/x.yaml": { title: "X" },
};

describe("the manifest", () => {
  const snapshot = compiled(world);
  const { manifest } = snapshot;
  const files = filesOf(snapshot);

  it("names everything, in a fixed order, and its sha256 is the snapshot's digest", () => {
    expect(Object.keys(manifest)).toEqual([
      "format",
      "registry",
      "commit",
      "sequence",
      "asOf",
      "nextChange",
      "policyRevision",
      "environments",
      "slicing",
      "slices",
      "catalogue",
      "dependents",
      "compliance",
      "files",
    ]);
    expect(manifest).toMatchObject({
      format: "assent.manifest/v1",
      registry: "test",
      commit: null,
      sequence: null,
      asOf,
      nextChange: null,
    });
    expect(manifest.environments).toEqual(["dev", "prod"]);
    expect(snapshot.digest).toBe(`sha256:${sha256(files(MANIFEST_PATH))}`);
    expect(text(files(MANIFEST_PATH))).toBe(`${JSON.stringify(manifest)}\n`);
    for (const { path, sha256: digest, length } of manifest.files) {
      expect(sha256(files(path))).toBe(digest);
      expect(files(path).length).toBe(length);
    }
  });

  it("vouches for every file, directly or through the roots, and every file is named by its sha256", () => {
    const reached = new Set<string>(manifest.files.map(({ path }) => path));
    for (const [folder, root] of [
      ["catalogue", manifest.catalogue],
      ["dependents", manifest.dependents],
      ["compliance", manifest.compliance],
    ] as const) {
      for (const list of (JSON.parse(text(files(root))) as { lists: { digest: string }[] }).lists) {
        const path = `${folder}/${list.digest.slice(7)}.jsonl`;
        reached.add(path);
        for (const row of text(files(path)).trimEnd().split("\n"))
          reached.add(`${folder}/${(JSON.parse(row) as { digest: string }).digest.slice(7)}.jsonl`);
      }
    }
    expect([...reached].sort()).toEqual(
      snapshot.files
        .map(({ path }) => path)
        .filter((path) => path !== MANIFEST_PATH)
        .sort(),
    );
    for (const { path, bytes } of snapshot.files) {
      expect(isSnapshotPath(path)).toBe(true);
      if (path !== MANIFEST_PATH) expect(path).toContain(sha256(bytes));
    }
    expect(snapshot.files.at(-1)?.path).toBe(MANIFEST_PATH);
  });

  it("carries commit, sequence and what policies say", () => {
    const nextChange = "2027-01-01T00:00:00Z" as Instant;
    const registry = registryOfValues(world);
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const other = compileSnapshot(
      registry,
      { commit, sequence: 7, asOf },
      { lines: [{ ref: "model:x/a@1.0.0", line: '{"ref":"model:x/a@1.0.0"}' }], nextChange },
    );
    expect(other.manifest).toMatchObject({ commit, sequence: 7, nextChange });
    expect(other.manifest.compliance).not.toBe(manifest.compliance);
    expect(other.manifest.catalogue).toBe(manifest.catalogue);
  });
});

describe("the catalogue", () => {
  const registry = registryOfValues(world);
  const snapshot = compiled(world);
  const lines = snapshot.files
    .filter(({ path }) => path.startsWith("catalogue/") && path.endsWith(".jsonl"))
    .flatMap(({ bytes }) => text(bytes).trimEnd().split("\n"))
    .map((line) => JSON.parse(line) as { ref?: string; value: { spec?: object }; resolved?: string[] })
    .filter((line) => line.ref !== undefined);

  it("holds every entry once, and digests follow from the line", () => {
    expect(lines.map(({ ref }) => ref).sort()).toEqual(registry.entries.map(({ ref }) => ref).sort());
    for (const entry of registry.ofKind("Bundle")) {
      const line = lines.find(({ ref }) => ref === entry.ref);
      expect(digestOf({ kind: "Bundle", id: entry.id, value: line?.value ?? {} })).toBe(digestOf(entry));
    }
  });

  it("records the exact version of each dependency: the highest that is not retired, no pre-release unless named", () => {
    expect(lines.find(({ ref }) => ref === "model:x/b@1.0.0")?.resolved).toEqual([
      "model:x/a@1.10.0",
      "model:x/a@2.0.0-rc.1",
    ]);
    expect(lines.find(({ ref }) => ref === "model:x/a@1.0.0")).not.toHaveProperty("resolved");
    const entry = registry.get("model:x/b@1.0.0");
    expect(entry && resolvedDependencies(entry, registry)).toEqual([
      "model:x/a@1.10.0",
      "model:x/a@2.0.0-rc.1",
    ]);
  });
});

describe("reverse dependencies", () => {
  it("list who refers to what, aliases and activations among them", () => {
    const lines = Object.fromEntries(
      dependentsLines(registryOfValues(world)).map(({ line }) => {
        const { ref, usedBy } = JSON.parse(text(line as Uint8Array)) as { ref: string; usedBy: string[] };
        return [ref, usedBy];
      }),
    );
    expect(lines).toEqual({
      "bundle:fraud/score@1.0.0": ["scope:prod/fraud/score", "scope:prod/fraud/score/acme"],
      "bundle:fraud/score@2.0.0": ["scope:prod/fraud/score"],
      "model:x/a@1.10.0": ["model:x/b@1.0.0"],
      "model:x/a@2.0.0-rc.1": ["model:x/b@1.0.0"],
      "model:x/b@1.0.0": ["aliases:model/x/b"],
      "provider:x": ["model:x/b@1.0.0"],
    });
  });

  it("tell what an entry needs from what it only names", () => {
    const registry = registryOfValues({
      ...world,
      "registry/models/x/c/1.0.0.yaml": {
        state: "deprecated",
        replacedBy: "model:x/b@1.0.0",
        spec: { derivedFrom: ["model:x/a@1.0.0"] },
      },
    });
    const entry = registry.get("model:x/c@1.0.0");
    if (entry === undefined) throw new Error("no entry");
    expect(needsOf(entry, registry)).toEqual(["model:x/a@1.0.0"]);
    expect(referencesOf(entry, registry)).toEqual(["model:x/a@1.0.0", "model:x/b@1.0.0"]);
    expect(reachOf(entry, registry).map(({ ref }) => ref)).toEqual(["model:x/a@1.0.0"]);
  });

  it("end at cycles", () => {
    const registry = registryOfValues({
      "registry/models/x/a/1.0.0.yaml": version("production", { derivedFrom: ["model:x/b@1.0.0"] }),
      "registry/models/x/b/1.0.0.yaml": version("production", { derivedFrom: ["model:x/a@1.0.0"] }),
    });
    expect(registry.entries.map((entry) => reachOf(entry, registry).map(({ ref }) => ref))).toEqual([
      ["model:x/b@1.0.0"],
      ["model:x/a@1.0.0"],
    ]);
  });

  it("know every field that the schemas call a reference, but owners and contacts", () => {
    const folder = new URL("../../schemas/", import.meta.url);
    const read = (file: string): Schema => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Schema;
    const common = read("common.schema.json");
    for (const file of readdirSync(folder).filter(
      (name) => name.endsWith(".schema.json") && name !== "common.schema.json",
    )) {
      const schema = read(file);
      const found = referencesIn(schema, schema, common).filter(
        (path) => path !== "owner" && path !== "contacts[]",
      );
      expect([file, [...new Set(found)].sort()]).toEqual([file, [...referenceFields(file)].sort()]);
    }
  });
});

describe("policyRevision", () => {
  it("is sha256 over `sha256(content) SP path NUL` of governance files and policies in byte order", () => {
    const texts = {
      ".github/workflows/ci.yml": "w",
      CODEOWNERS: "c",
      "registry/governance/roles/a.yaml": "r",
      "registry/policies/a/b/1.0.0.yaml": "p",
      "registry/registry.yaml": "y",
      "registry/usecases/a/b.yaml": "u",
    };
    const expected = sha256(
      Object.entries(texts)
        .map(([path, content]) => `${sha256(content)} ${path}\0`)
        .join(""),
    );
    expect(policyRevisionOf(treeOfTexts(texts))).toBe(`sha256:${expected}`);
    expect(
      policyRevisionOf(
        treeOfTexts({ ...texts, "registry/models/a/b/1.0.0.yaml": "m", "registry/live/prod/a/b.yaml": "l" }),
      ),
    ).toBe(`sha256:${expected}`);
  });

  it("hashes a path that is no UTF-8 by its bytes", () => {
    const bytes = Buffer.concat([Buffer.from(`${sha256("x")} .github/`), Buffer.of(0xff, 0)]);
    const tree = treeOf([
      { path: ".github/\udcff", mode: "100644", read: () => new TextEncoder().encode("x") },
    ]);
    expect(policyRevisionOf(tree)).toBe(`sha256:${sha256(bytes)}`);
  });
});

describe("determinism", () => {
  it("order, time zone, locale and day leave no byte behind, ten times", () => {
    const expected = fingerprint(world);
    const entries = Object.entries(world);
    const { TZ, LANG } = process.env;
    try {
      fc.assert(
        fc.property(
          fc.shuffledSubarray(entries, { minLength: entries.length }),
          fc.constantFrom("UTC", "Asia/Tokyo", "America/St_Johns"),
          fc.constantFrom("C", "tr_TR.UTF-8"),
          (shuffled, zone, locale) => {
            process.env["TZ"] = zone;
            process.env["LANG"] = locale;
            expect(fingerprint(Object.fromEntries(shuffled))).toBe(expected);
          },
        ),
        { numRuns: 10 },
      );
    } finally {
      for (const [name, value] of Object.entries({ TZ, LANG })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it("the order of keys in a file does not show, except in the tree's own bytes", () => {
    const turned = {
      ...world,
      "registry/bundles/fraud/score/2.0.0.yaml": reversed(
        world["registry/bundles/fraud/score/2.0.0.yaml"] ?? {},
      ),
    };
    expect(compiled(turned).digest).toBe(compiled(world).digest);
  });

  it("a change of one entry moves one shard, its list, the root and the manifest", () => {
    const many: Values = { ...world };
    for (let i = 0; i < 1000; i++)
      many[`registry/models/many/m${i}/1.0.0.yaml`] = version("production", { upstreamId: `m${i}` });
    const before = new Set(compiled(many).files.map(({ path }) => path));
    const after = compiled({
      ...many,
      "registry/models/many/m500/1.0.0.yaml": version("beta", { upstreamId: "m500" }),
    });
    const moved = after.files.map(({ path }) => path).filter((path) => !before.has(path));
    expect(moved.map((path) => path.slice(0, path.indexOf("/"))).sort()).toEqual([
      "catalogue",
      "catalogue",
      "catalogue",
    ]);
  });
});

function fingerprint(values: Values): string {
  const snapshot = compileSnapshot(registryOfValues(values), { commit: null, sequence: null, asOf });
  return snapshot.files.map(({ path, bytes }) => `${path} ${sha256(bytes)}`).join("\n");
}

function reversed(value: unknown): object {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value as object;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

interface Schema {
  readonly [key: string]: unknown;
}

/** Every path of a schema that is marked `x-ref`, in the spelling of `referenceFields`. */
function referencesIn(schema: Schema, root: Schema, common: Schema, path = "", depth = 0): string[] {
  if (depth > 14) return [];
  const found: string[] = [];
  const go = (next: unknown, place: string): void => {
    if (typeof next === "object" && next !== null)
      found.push(...referencesIn(next as Schema, root, common, place, depth + 1));
  };
  if (schema["x-ref"] !== undefined) found.push(path);
  const ref = schema["$ref"];
  if (typeof ref === "string") {
    const definitions = (ref.startsWith("#") ? root : common)["$defs"] as Record<string, Schema>;
    const name = ref.slice(ref.lastIndexOf("/") + 1);
    found.push(
      ...referencesIn(definitions[name] ?? {}, ref.startsWith("#") ? root : common, common, path, depth + 1),
    );
  }
  for (const [key, inner] of Object.entries((schema["properties"] ?? {}) as Schema))
    go(inner, path === "" ? key : `${path}.${key}`);
  for (const inner of Object.values((schema["patternProperties"] ?? {}) as Schema)) go(inner, `${path}{}`);
  if (schema["items"] !== undefined) go(schema["items"], `${path}[]`);
  for (const word of ["oneOf", "anyOf", "allOf"])
    for (const inner of (schema[word] ?? []) as unknown[]) go(inner, path);
  for (const word of ["then", "else"]) go(schema[word], path);
  return found;
}
