/**
 * Shards of a catalogue, in memory and on disk, by digest: what was fetched once is not fetched again, after a release
 * that changed ten entries either. A cache and nothing else: what is damaged or gone is fetched again, and a full disk
 * only costs time.
 */
import { rmSync, statSync } from "node:fs";
import { sha256Hex } from "../core/model/digest.ts";
import type { TargetContent } from "../core/trust/tuf/release.ts";
import { contentOf, makeFolder, namesIn, writeTemporary } from "./disk.ts";
import type { Fetch } from "./follow.ts";

export interface Shards {
  /** The bytes behind a digest, compared with it. */
  read(content: TargetContent, fetch: Fetch): Promise<Uint8Array>;
  /** Drops what no release of the last day needed; `named` are the digests that the one in use names. */
  clear(named: ReadonlySet<string>): void;
}

/** Shards on disk that nothing names are left alone for so long: another process may use an older release. */
const GRACE = 24 * 3_600_000;

export function openShards(cacheDir: string | undefined): Shards {
  const folder = cacheDir === undefined ? undefined : `${cacheDir}/shards`;
  const kept = ({ sha256, length }: TargetContent): Uint8Array | undefined => {
    const bytes = folder === undefined ? undefined : contentOf(`${folder}/${sha256}`);
    return bytes !== undefined && bytes.length === length && sha256Hex(bytes) === sha256 ? bytes : undefined;
  };
  return {
    async read(content, fetch) {
      const found = kept(content);
      if (found !== undefined) return found;
      const bytes = await fetch(`catalogue/${content.sha256}.jsonl`, content);
      if (folder === undefined) return bytes;
      try {
        makeFolder(folder);
        writeTemporary(folder, bytes, content.sha256);
      } catch {
        // It was verified and can be used; it is only fetched again after a restart.
      }
      return bytes;
    },
    clear(named) {
      if (folder === undefined) return;
      const now = Math.max(0, ...[...named].map((name) => writtenAt(`${folder}/${name}`)));
      for (const name of namesIn(folder)) {
        if (!named.has(name) && writtenAt(`${folder}/${name}`) < now - GRACE)
          rmSync(`${folder}/${name}`, { force: true });
      }
    },
  };
}

function writtenAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
