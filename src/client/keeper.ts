/**
 * What one consumer trusts, in memory and in the cache: the metadata that the next refresh begins with, the newest
 * release ever accepted, and the release in use. It must never go back: not behind what this process knows, and not
 * behind what another process has written.
 */
import { sha256Hex } from "../core/model/digest.ts";
import { isObject } from "../core/model/json.ts";
import { openTrusted, renderTrusted, type TrustedState } from "../core/trust/tuf/state.ts";
import type { Floor } from "./accept.ts";
import { openCache, type Cache, type ReleaseToKeep } from "./cache.ts";
import { overtaken } from "./failures.ts";
import { compareAccepted, type CacheRecord, type KeptFile, type KeptRelease } from "./record.ts";
import type { Pinned } from "./trust.ts";
import type { SteadyClock } from "./world.ts";

/** A release found in the cache. */
export interface FoundRelease {
  readonly facts: KeptRelease;
  /** The bytes of one of its files, checked; undefined where they are gone or damaged. */
  read(path: string): Uint8Array | undefined;
}

export interface Keeper {
  /** What another process, or this one before its restart, has kept since we last looked; undefined = nothing new. */
  look(): FoundRelease | undefined;
  /** What the next refresh begins with. */
  trusted(): TrustedState;
  /** The newest release accepted since a key of the targets was last taken away: below it nothing is taken. */
  floor(): Floor | undefined;
  /** Whether the files of the release in use are still where they were put. */
  isWhole(): boolean;
  /** Whether a restart would find the release in use. */
  isKept(): boolean;
  /**
   * Persists trust that has moved, and the release in use where something about it is new; without files they are those
   * that were kept before. A Failure `client/overtaken` where another process was faster: look, and decide again.
   */
  keep(
    state: TrustedState,
    release?: {
      readonly facts: Omit<ReleaseToKeep["facts"], "targetsSince">;
      readonly files: ReleaseToKeep["files"] | undefined;
    },
  ): void;
}

type KeptFloor = Floor & Pick<KeptRelease, "sequence" | "asOf" | "targetsSince">;

/** Who a cache belongs to; no two of these may meet in one place of it. */
export interface Consumer {
  readonly kind: string;
  readonly environment: string | undefined;
  readonly tenant: string | null;
}

export function openKeeper(
  cacheDir: string | undefined,
  pinned: Pinned,
  { kind, environment, tenant }: Consumer,
  clock: SteadyClock,
): Keeper {
  const key = sha256Hex(JSON.stringify([pinned.registry, kind, environment ?? null, tenant])).slice(0, 32);
  const cache: Cache | undefined = cacheDir === undefined ? undefined : openCache(cacheDir, key);
  let state: TrustedState | { readonly file: KeptFile; readonly isOurs: boolean } = { root: pinned.bytes };
  // Whether what is trusted came by the root that is pinned.
  let isOurs = false;
  let order: CacheRecord["order"] = [0, 0];
  let targetsSince = 0;
  let newest: KeptFloor | undefined;
  let inUse: ReleaseToKeep | undefined;
  let looked = 0;

  const raise = (release: KeptFloor): void => {
    if (newest === undefined || compareAccepted(release, newest) > 0) newest = release;
  };

  const isWhole = (): boolean => {
    if (cache === undefined || inUse === undefined) return true;
    const files = cache.record()?.release?.files ?? {};
    return [...inUse.files.keys()].every((path) => {
      const file = files[path];
      return file !== undefined && cache.has(file);
    });
  };

  return {
    // TUF 5.3.11: a thief of the targets' keys signs any pair; once a root took them away, it bars no owner.
    floor: () => (newest === undefined || newest.targetsSince < targetsSince ? undefined : newest),
    isWhole,
    isKept: () => cache !== undefined && inUse !== undefined && isWhole(),
    look() {
      const number = cache?.newest() ?? 0;
      if (cache === undefined || number === looked) return undefined;
      looked = number;
      const record = cache.record();
      if (record === undefined) return undefined;
      clock.saw(record.seenAt);
      // Under another pinned root nothing of it is answered from, and its release bars no other one: whom that root
      // believed may be whom this one was handed over against. What we have verified by ourselves stays.
      if (record.pinned !== pinned.sha256) {
        if (!isOurs) state = { file: record.trusted, isOurs };
        return undefined;
      }
      // Trust that was lost on disk (somebody emptied the folder) is not lost in memory.
      if (isBefore(record.order, order)) return undefined;
      ({ order, targetsSince } = record);
      isOurs = true;
      state = { file: record.trusted, isOurs };
      const { release } = record;
      if (release === null) return undefined;
      if (newest !== undefined && compareAccepted(release, newest) < 0) return undefined;
      raise(release);
      inUse = { facts: release, files: new Map(Object.entries(release.files)) };
      return {
        facts: release,
        read: (path) => {
          const file = release.files[path];
          return file === undefined ? undefined : cache.read(file);
        },
      };
    },
    trusted() {
      // Read when it is needed: a start that finds a good release in the cache verifies nothing.
      if (!("file" in state)) return state;
      const trusted = openTrusted(pinned.bytes, cache?.read(state.file));
      // TUF 5.2, the root that was handed over: another one's chain is not followed, however far it had come. Metadata
      // that came by it count for as much as the keys of ours have signed of them (5.3.11).
      state = state.isOurs ? trusted : { ...trusted, root: pinned.bytes, targetsSince: undefined };
      return state;
    },
    keep(next, release) {
      const files = release?.files ?? inUse?.files ?? new Map<string, KeptFile>();
      const since = next.targetsSince ?? 0;
      const facts = release === undefined ? inUse?.facts : { ...release.facts, targetsSince: since };
      const kept = facts === undefined ? undefined : { facts, files };
      order = orderOf(next);
      if (cache !== undefined) {
        const written = cache.keep({
          pinned: pinned.sha256,
          order,
          targetsSince: since,
          seenAt: clock.now(),
          trusted: renderTrusted(next),
          release: kept,
        });
        if (written.overtaken) throw overtaken();
        // What another process has in use is newer: it stays on disk, and is looked at next.
        looked = written.isMerged ? 0 : written.number;
        if (kept !== undefined && !written.isMerged) inUse = { facts: kept.facts, files: written.files };
      } else if (kept !== undefined) inUse = { facts: kept.facts, files: new Map() };
      state = next;
      isOurs = true;
      targetsSince = since;
      if (release !== undefined && facts !== undefined) raise(facts);
    },
  };
}

function isBefore(a: CacheRecord["order"], b: CacheRecord["order"]): boolean {
  return a[0] === b[0] ? a[1] < b[1] : a[0] < b[0];
}

/** The versions of the root and the timestamp in trusted metadata; what has none yet is 0. */
function orderOf({ root, timestamp }: TrustedState): CacheRecord["order"] {
  return [versionIn(root), timestamp === undefined ? 0 : versionIn(timestamp)];
}

function versionIn(metadata: Uint8Array): number {
  const value: unknown = JSON.parse(new TextDecoder().decode(metadata));
  const signed = isObject(value) ? value["signed"] : undefined;
  const version = isObject(signed) ? signed["version"] : undefined;
  return typeof version === "number" ? version : 0;
}
