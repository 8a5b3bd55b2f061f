/**
 * Services that run on releases, for tests: real compiled snapshots in real TUF metadata, hosts that fail and lie in
 * every way, and a clock that a test turns. Metadata are made by hand (tuf-repository.ts), not by what is tried.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createResolver, type Resolver, type ResolverOptions } from "../src/client/resolver.ts";
import type { ReadAnswer, ReleaseReader } from "../src/client/source/reader.ts";
import type { World } from "../src/client/world.ts";
import { compileSnapshot, type CompiledSnapshot } from "../src/core/compile/snapshot.ts";
import type { Instant } from "../src/core/model/instant.ts";
import { releasePaths, sliceTarget, targetPath } from "../src/core/model/release.ts";
import { MANIFEST_PATH } from "../src/core/model/snapshot.ts";
import { base, type Values } from "./compiled.ts";
import { registryOfValues } from "./registry-of-values.ts";
import {
  COMMIT,
  metaJson,
  metaOf,
  one,
  publishRoot,
  sha256,
  signed,
  type Files,
  type Roles,
} from "./tuf-repository.ts";

export const START = Date.parse("2026-07-01T12:00:00Z");
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const instant = (milliseconds: number): Instant =>
  new Date(milliseconds).toISOString().replace(".000Z", "Z") as Instant;

/** Whoever signs releases of one registry. */
export interface Publisher {
  readonly roles: Roles;
  readonly registry: string;
  readonly files: Files;
  /** What services are given to trust. */
  readonly root: Uint8Array;
  /** The last version of the online metadata. */
  version: number;
}

export function publisher(registry = "test"): Publisher {
  const roles: Roles = { root: one(), targets: one(), snapshot: one(), timestamp: one() };
  const files: Files = new Map();
  const root = publishRoot(files, roles, {}, { registry });
  return { roles, registry, files, root, version: 0 };
}

export interface ReleaseSpec {
  readonly sequence: number;
  readonly asOf?: string;
  /** When the timestamp expires; a day after the start unless said. */
  readonly expires?: string;
  readonly values?: Values;
}

/** The snapshot of a registry with one more landing. */
export function snapshotOf(
  { registry }: Publisher,
  { sequence, asOf, values = {} }: ReleaseSpec,
): CompiledSnapshot {
  const file = "registry/registry.yaml";
  const root = { ...base[file], ...values[file], id: registry };
  return compileSnapshot(registryOfValues({ ...base, ...values, [file]: root }), {
    commit: COMMIT,
    sequence,
    asOf: (asOf ?? "2026-07-01T00:00:00Z") as Instant,
  });
}

/** Publishes a release: everything immutable first, the timestamp last. Returns what it is of. */
export function release(by: Publisher, spec: ReleaseSpec): CompiledSnapshot {
  const compiled = snapshotOf(by, spec);
  const { manifest } = compiled;
  const places = releasePaths(manifest);
  const manifestBytes = compiled.files.at(-1)?.bytes ?? new Uint8Array();
  const content = (bytes: Uint8Array): object => ({
    length: bytes.length,
    hashes: { sha256: sha256(bytes) },
  });
  const { sequence, asOf, commit, registry } = manifest;
  const targets: Record<string, object> = {
    "manifest.json": {
      ...content(manifestBytes),
      custom: { sequence, asOf, commit, registry, assurance: "none" },
    },
  };
  for (const { path, bytes } of compiled.files) {
    if (path === MANIFEST_PATH) {
      by.files.set(targetPath("manifest.json", sha256(bytes)), bytes);
      continue;
    }
    by.files.set(places.get(path) ?? path, bytes);
    const slice = manifest.slices.find((each) => each.path === path);
    if (slice !== undefined) targets[sliceTarget(slice)] = content(bytes);
  }
  const version = (by.version += 1);
  const expires = "2999-01-01T00:00:00Z";
  const targetsBytes = signed(
    { _type: "targets", spec_version: "1.0.31", version, expires, targets },
    by.roles.targets.keys,
  );
  by.files.set(`metadata/${version}.targets.json`, targetsBytes);
  const snapshotBytes = signed(
    metaJson("snapshot", { version, expires }, { "targets.json": metaOf(version, targetsBytes) }),
    by.roles.snapshot.keys,
  );
  by.files.set(`metadata/${version}.snapshot.json`, snapshotBytes);
  stamp(by, version, snapshotBytes, spec.expires ?? instant(START + DAY));
  return compiled;
}

/** Signs what is current once more: only the timestamp changes. */
export function refreshTimestamp(by: Publisher, expires: string): void {
  const snapshotVersion = Math.max(
    ...[...by.files.keys()].flatMap((path) => Number(/^metadata\/(\d+)\.snapshot/.exec(path)?.[1] ?? 0)),
  );
  by.version += 1;
  stamp(by, snapshotVersion, by.files.get(`metadata/${snapshotVersion}.snapshot.json`)!, expires);
}

function stamp(by: Publisher, snapshotVersion: number, snapshotBytes: Uint8Array, expires: string): void {
  const meta = { "snapshot.json": metaOf(snapshotVersion, snapshotBytes) };
  const value = metaJson("timestamp", { version: by.version, expires }, meta);
  by.files.set("metadata/timestamp.json", signed(value, by.roles.timestamp.keys));
}

/** Puts a release into a folder, as any static host has it: each file whole at once, also while somebody reads. */
export function writeRelease(files: Files, folder: string): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, `${path}.new`), bytes);
    renameSync(join(folder, `${path}.new`), join(folder, path));
  }
}

/** A host in memory that a test breaks. */
export interface FakeHost extends ReleaseReader {
  files: Files;
  /** What happens instead of an answer to these paths; undefined = the answer. */
  fault: ((path: string) => Promise<ReadAnswer> | undefined) | undefined;
  readonly asked: string[];
}

/** A host; its tag for a file is its digest. */
export function host(files: Files, address = "memory:a"): FakeHost {
  const asked: string[] = [];
  return {
    address,
    files,
    fault: undefined,
    asked,
    read(path, { tag }) {
      asked.push(path);
      const instead = this.fault?.(path);
      if (instead !== undefined) return instead;
      const bytes = this.files.get(path);
      if (bytes === undefined) return Promise.resolve(undefined);
      return Promise.resolve(tag === sha256(bytes) ? "unchanged" : { bytes, tag: sha256(bytes) });
    },
  };
}

/** A machine whose clock a test turns. */
export interface Machine extends World {
  readonly said: string[];
  /** Turns the clock, running what is due on the way, and waits until all that it started has come to rest. */
  advance(milliseconds: number): Promise<void>;
  /** Sets the clock, as an administrator or an attacker does; no timer runs by that. */
  set(milliseconds: number): void;
  waiting(): number;
}

export function machine(now = START): Machine {
  let clock = now;
  let elapsed = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const said: string[] = [];
  return {
    said,
    env: {},
    now: () => clock,
    elapsed: () => elapsed,
    random: () => 0.5,
    say: (line) => void said.push(line),
    wait(milliseconds, run) {
      const timer = { at: elapsed + milliseconds, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    set: (milliseconds) => void (clock = milliseconds),
    waiting: () => timers.size,
    async advance(milliseconds) {
      const end = elapsed + milliseconds;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        clock += next.at - elapsed;
        elapsed = next.at;
        timers.delete(next);
        next.run();
        await settled();
      }
      clock += end - elapsed;
      elapsed = end;
      await settled();
    },
  };
}

/** Lets everything go on that waits for nothing but its turn; dynamic imports take several. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await new Promise((done) => setImmediate(done));
}

/** A service in prod that trusts a publisher. */
export function service(
  by: Publisher,
  source: ResolverOptions["source"],
  more: Partial<ResolverOptions> = {},
): Promise<Resolver> {
  return createResolver({ source, trust: by.root, environment: "prod", refresh: 30, ...more });
}

/** What a service says is live for the base's use case. */
export function live(resolver: Resolver, tenant?: string): string {
  const answer = resolver.resolve({ usecase: "fraud/score", tenant });
  return answer.format === "assent.error/v1" ? answer.code : (answer.bundle?.ref ?? answer.outcome);
}
