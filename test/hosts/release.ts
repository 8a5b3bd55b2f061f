/** Whole releases in folders, signed by hand (test/tuf-repository.ts) around snapshots that were really compiled. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { compileSnapshot, type CompiledSnapshot } from "../../src/core/compile/snapshot.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { MANIFEST_TARGET, releasePaths, sliceTarget, targetPath } from "../../src/core/model/release.ts";
import { base, live, type Values } from "../compiled.ts";
import { registryOfValues } from "../registry-of-values.ts";
import {
  COMMIT,
  LATER,
  metaJson,
  metaOf,
  one,
  rootJson,
  sha256,
  signed,
  type Files,
  type Roles,
} from "../tuf-repository.ts";

/** A folder that goes away with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "assent-release-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export const newRoles = (): Roles => ({ root: one(), targets: one(), snapshot: one(), timestamp: one() });

export interface ReleaseOf {
  readonly roles: Roles;
  /** Of timestamp, snapshot and targets, unless said one by one. */
  readonly version: number;
  readonly timestamp?: number;
  readonly sequence?: number;
  readonly asOf?: string;
  readonly values?: Values;
  readonly expires?: string;
  /** Further targets, under any name. */
  readonly also?: Readonly<Record<string, Uint8Array>>;
  /** Older roots, the newest last; `roles` is of the root after them. */
  readonly before?: readonly Roles[];
}

/** A registry with a bundle live in production, and `more` bundles beside it so that there are several shards. */
export function valuesWith(more: number, version = "1.0.0"): Values {
  const values: Values = { "registry/live/prod/fraud/score.yaml": live(version) };
  for (let index = 0; index < more; index++) {
    const spec = { provider: "provider:acme", upstreamId: `m${index}`, type: "completion" };
    values[`registry/models/acme/m${index}/1.0.0.yaml`] = { title: `Model ${index}`, state: "draft", spec };
  }
  return values;
}

/** The files of a release by their paths. */
export function releaseFiles(of: ReleaseOf): Files {
  const { sequence = of.version, asOf = "2026-07-01T00:00:00Z", values = valuesWith(200) } = of;
  const origin = { commit: COMMIT, sequence, asOf: asOf as Instant };
  return releaseOfSnapshot(compileSnapshot(registryOfValues({ ...base, ...values }), origin), of);
}

/** Puts signatures around a compiled snapshot. */
export function releaseOfSnapshot(snapshot: CompiledSnapshot, of: ReleaseOf): Files {
  const { roles, version, timestamp = version, expires = LATER, before = [] } = of;
  const files: Files = new Map();
  const { manifest } = snapshot;
  const places = releasePaths(manifest);
  const targets: Record<string, object> = {};
  const target = (name: string, bytes: Uint8Array, more: object = {}): void => {
    targets[name] = { length: bytes.length, hashes: { sha256: sha256(bytes) }, ...more };
    files.set(targetPath(name, sha256(bytes)), bytes);
  };
  for (const { path, bytes } of snapshot.files) {
    const slice = manifest.slices.find((each) => each.path === path);
    if (slice !== undefined) target(sliceTarget(slice), bytes);
    else if (path !== "manifest.json") files.set(places.get(path) ?? path, bytes);
    else {
      const { registry, sequence, asOf, commit } = manifest;
      target(MANIFEST_TARGET, bytes, { custom: { registry, sequence, asOf, commit, assurance: "none" } });
    }
  }
  for (const [name, bytes] of Object.entries(of.also ?? {})) target(name, bytes);
  const put = (path: string, value: object, role: "targets" | "snapshot" | "timestamp"): Uint8Array => {
    const bytes = signed(value, roles[role].keys);
    files.set(`metadata/${path}`, bytes);
    return bytes;
  };
  const common = { _type: "targets", spec_version: "1.0.31", version, expires };
  const inTargets = put(`${version}.targets.json`, { ...common, targets }, "targets");
  const inSnapshot = put(
    `${version}.snapshot.json`,
    metaJson("snapshot", { version, expires }, { "targets.json": metaOf(version, inTargets) }),
    "snapshot",
  );
  put(
    "timestamp.json",
    metaJson("timestamp", { version: timestamp, expires }, { "snapshot.json": metaOf(version, inSnapshot) }),
    "timestamp",
  );
  const chain = [...before, roles];
  for (const [index, each] of chain.entries()) {
    const by = [...each.root.keys, ...(chain[index - 1]?.root.keys ?? [])];
    const root = rootJson(each, { version: index + 1, expires: LATER }, manifest.registry);
    files.set(`metadata/${index + 1}.root.json`, signed(root, [...new Set(by)]));
  }
  return files;
}

/** Writes files into a folder. */
export function writeFiles(folder: string, files: Files): void {
  for (const [path, bytes] of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** A release in a folder of its own: the folder, and its root beside it. */
export function newRelease(of: ReleaseOf): {
  readonly folder: string;
  readonly root: string;
  readonly files: Files;
} {
  const folder = newFolder();
  const files = releaseFiles(of);
  writeFiles(join(folder, "release"), files);
  return { folder: join(folder, "release"), root: join(folder, "release/metadata/1.root.json"), files };
}
