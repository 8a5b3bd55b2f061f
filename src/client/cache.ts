/**
 * What is trusted and in use, on disk: what a service starts from when no source can be reached. Several processes
 * share a folder, and any of them may be killed at any moment:
 *
 *     blobs/<sha256>       bytes, named by their digest; written beside and renamed, so each is whole or not there
 *     <key>/<n>.json       a record (record.ts); n grows, and a number is never written twice
 *
 * A record is made under another name and linked to the next free number, so that of two processes that refresh at once
 * one finds its number taken, looks at what the other one wrote, and decides again: the folder never goes back. Whoever
 * can write here can answer for the service; the folder is trusted as the service's own disk is. What is read is
 * checked against its digests, not against signatures: those were verified before it was written.
 */
import { existsSync, linkSync, rmSync, statSync } from "node:fs";
import { sha256Hex } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import {
  contentOf,
  copyNew,
  errorCode,
  makeFolder,
  namesIn,
  syncFolder,
  unwritable,
  writeTemporary,
} from "./disk.ts";
import {
  compareAccepted,
  filesOf,
  parseRecord,
  renderRecord,
  type CacheRecord,
  type KeptFile,
  type KeptRelease,
} from "./record.ts";

/** A release to keep: its facts, and its files by the paths that the manifest gives them; kept ones by digest. */
export interface ReleaseToKeep {
  readonly facts: Omit<KeptRelease, "files">;
  readonly files: ReadonlyMap<string, Uint8Array | KeptFile>;
}

/** What to keep. */
export interface ToKeep extends Omit<CacheRecord, "trusted" | "release"> {
  readonly trusted: Uint8Array;
  readonly release: ReleaseToKeep | undefined;
}

export interface Cache {
  /** The number of the newest record; 0 = none. Cheap, for noticing that another process was faster. */
  newest(): number;
  /** The newest record that is whole. */
  record(): CacheRecord | undefined;
  /** The bytes of a file; undefined where they are gone or damaged. */
  read(file: KeptFile): Uint8Array | undefined;
  /** Whether a file is there, by its length. */
  has(file: KeptFile): boolean;
  /** Keeps a state, whole or not at all. What keeps it from being written is a Failure. */
  keep(state: ToKeep): Written;
}

/** What became of a state that was to be kept. */
export type Written =
  | {
      readonly overtaken: false;
      readonly number: number;
      readonly files: ReadonlyMap<string, KeptFile>;
      /** The metadata is ours, but the release in use that another process has kept is newer and stays. */
      readonly isMerged: boolean;
    }
  /** Another process has kept a newer one, and nothing was written. */
  | { readonly overtaken: true };

/** Older records are left for processes that are reading them. */
const KEPT_RECORDS = 2;
/** Bytes that no record names are somebody's work in progress for so long, milliseconds. */
const GRACE = 3_600_000;

const isKey = /^[0-9a-f]{32}$/;

/** Opens the cache of one consumer; `key` is made of what no two consumers may share. */
export function openCache(cacheDir: string, key: string): Cache {
  const folder = `${cacheDir}/${key}`;
  const blobs = `${cacheDir}/blobs`;

  let isFirst = true;

  const numbers = (): number[] =>
    namesIn(folder)
      .flatMap((name) => (/^[1-9]\d{0,14}\.json$/.test(name) ? [Number.parseInt(name, 10)] : []))
      .sort((a, b) => b - a);

  const newestRecord = (): CacheRecord | undefined => {
    for (const number of numbers()) {
      const bytes = contentOf(`${folder}/${number}.json`);
      const record = bytes === undefined ? undefined : parseRecord(bytes);
      // One that is damaged was cut short by a crash of the machine: the one before it stands.
      if (record !== undefined) return record;
    }
    return undefined;
  };

  const read = ({ sha256, length }: KeptFile): Uint8Array | undefined => {
    const bytes = contentOf(`${blobs}/${sha256}`);
    return bytes !== undefined && bytes.length === length && sha256Hex(bytes) === sha256 ? bytes : undefined;
  };

  const has = ({ sha256, length }: KeptFile): boolean =>
    statSync(`${blobs}/${sha256}`, { throwIfNoEntry: false })?.size === length;

  const store = (content: Uint8Array | KeptFile, present: ReadonlySet<string>): KeptFile => {
    if (!(content instanceof Uint8Array)) return content;
    const file = { sha256: sha256Hex(content), length: content.length };
    // What the newest record names stays; anything else may be about to be cleared away, so it is written anew.
    if (!present.has(file.sha256) || !has(file)) writeTemporary(blobs, content, file.sha256);
    return file;
  };

  const storeAll = ({ trusted, release, ...state }: ToKeep, present: ReadonlySet<string>): CacheRecord => {
    const files = [...(release?.files ?? [])].map(
      ([path, content]) => [path, store(content, present)] as const,
    );
    return {
      ...state,
      trusted: store(trusted, present),
      release: release === undefined ? null : { ...release.facts, files: Object.fromEntries(files) },
    };
  };

  const clear = (newest: number): void => {
    for (const number of numbers()) {
      if (number <= newest - KEPT_RECORDS) rmSync(`${folder}/${number}.json`, { force: true });
    }
    const named = new Set<string>();
    for (const each of namesIn(cacheDir).filter((name) => isKey.test(name))) {
      for (const name of namesIn(`${cacheDir}/${each}`)) {
        const bytes = name.endsWith(".json") ? contentOf(`${cacheDir}/${each}/${name}`) : undefined;
        const record = bytes === undefined ? undefined : parseRecord(bytes);
        for (const { sha256 } of record === undefined ? [] : filesOf(record)) named.add(sha256);
      }
    }
    // The folder's own clock, that of the record just written, whatever this machine believes.
    const now = statSync(`${folder}/${newest}.json`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    for (const name of namesIn(blobs)) {
      if (named.has(name)) continue;
      const written = statSync(`${blobs}/${name}`, { throwIfNoEntry: false })?.mtimeMs ?? now;
      if (written < now - GRACE) rmSync(`${blobs}/${name}`, { force: true });
    }
  };

  return {
    newest: () => numbers()[0] ?? 0,
    record: newestRecord,
    read,
    has,
    keep(state) {
      try {
        // Asked each time: somebody may have removed the cache while the service runs.
        for (const each of [blobs, folder]) if (!existsSync(each) || isFirst) makeFolder(each);
        isFirst = false;
        for (;;) {
          const last = numbers()[0] ?? 0;
          const found = newestRecord();
          if (found !== undefined && isOvertakenBy(state, found)) return { overtaken: true };
          const present = new Set(found === undefined ? [] : filesOf(found).map(({ sha256 }) => sha256));
          const isMerged =
            found?.release != null &&
            state.pinned === found.pinned &&
            (state.release === undefined || compareAccepted(found.release, state.release.facts) > 0);
          const ours = storeAll({ ...state, seenAt: Math.max(state.seenAt, found?.seenAt ?? 0) }, present);
          syncFolder(blobs);
          const record = isMerged ? { ...ours, release: found.release } : ours;
          if (!link(folder, last + 1, renderRecord(record))) continue;
          syncFolder(folder);
          clear(last + 1);
          const files = new Map(Object.entries(record.release?.files ?? {}));
          return { overtaken: false, number: last + 1, files, isMerged };
        }
      } catch (cause) {
        throw cause instanceof Failure ? cause : unwritable(cacheDir, cause);
      }
    },
  };
}

/** Whether what is kept is ahead of what is to be kept: by its metadata, or by the release under the same metadata. */
function isOvertakenBy(state: ToKeep, found: CacheRecord): boolean {
  // Under another pinned root, somebody has decided anew whom to believe.
  if (state.pinned !== found.pinned) return false;
  const [root, timestamp] = state.order;
  const [foundRoot, foundTimestamp] = found.order;
  if (foundRoot !== root) return foundRoot > root;
  if (foundTimestamp !== timestamp) return foundTimestamp > timestamp;
  if (found.release === null) return false;
  if (state.release === undefined) return true;
  const ahead = compareAccepted(found.release, state.release.facts);
  // One pair with two contents: whoever comes second looks at the first one, and raises the alarm by it.
  return ahead > 0 || (ahead === 0 && found.release.digest !== state.release.facts.digest);
}

/** Gives text a number; false when the number was taken in the meantime. */
function link(folder: string, number: number, text: string): boolean {
  const temporary = writeTemporary(folder, new TextEncoder().encode(text), undefined);
  const target = `${folder}/${number}.json`;
  try {
    linkSync(temporary, target);
    return true;
  } catch (cause) {
    const code = errorCode(cause);
    if (code === "EEXIST") return false;
    // Some file systems know no hard links. A copy that is cut short fails its own checksum and is passed over.
    if (code === "EPERM" || code === "ENOTSUP" || code === "ENOSYS" || code === "EMLINK")
      return copyNew(temporary, target);
    throw cause;
  } finally {
    rmSync(temporary, { force: true });
  }
}
