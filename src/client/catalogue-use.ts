/**
 * A catalogue that is held: looks entries up by reference or by a range of references. Lazy: lists and shards are
 * fetched when they are asked for, and the last few stay in memory. Eager: all of it is fetched before the release is
 * used, and every question is answered from memory. It must never mix two releases in one answer.
 */
import type { JsonObject } from "../core/model/json.ts";
import type { LoadedManifest } from "../core/resolve/load.ts";
import {
  linesOf,
  parseCatalogueList,
  parseCatalogueRoot,
  parseLine,
  partFor,
  partsWithin,
  refIn,
  type Part,
} from "./catalogue-index.ts";
import type { Fetch, Use } from "./follow.ts";
import type { Shards } from "./shards.ts";

export interface CatalogueUse {
  /** An entry's line as a value: `{ref, resolved?, value}`. */
  line(ref: string, fetch: Fetch): Promise<JsonObject | undefined>;
  /** The lines of all references from `from` up to, not including, `to`, in byte order. */
  range(from: string, to: string, fetch: Fetch): AsyncIterable<JsonObject>;
}

/** How many shards a lazy catalogue keeps in memory; a shard is some 64 entries. */
const MOST_SHARDS = 256;

/** How many shards an eager one fetches at a time. */
const AT_ONCE = 8;

/** Opens the catalogue of a release. */
export function useOfCatalogue(isEager: boolean, shards: Shards): Use<CatalogueUse> {
  return {
    kind: "catalogue",
    needs: (manifest) => [manifest.catalogue],
    async open({ manifest }: LoadedManifest, read, fetch) {
      const lists = parseCatalogueRoot(manifest.catalogue, read(manifest.catalogue));
      const use = catalogueOver(lists, shards, isEager ? Infinity : MOST_SHARDS);
      if (isEager) shards.clear(await use.fill(fetch));
      return use;
    },
  };
}

function catalogueOver(
  lists: readonly Part[],
  shards: Shards,
  most: number,
): CatalogueUse & { fill(fetch: Fetch): Promise<ReadonlySet<string>> } {
  const listed = new Map<string, readonly Part[]>();
  const lines = new Map<string, readonly string[]>();

  const partsIn = async (list: Part, fetch: Fetch): Promise<readonly Part[]> => {
    const known = listed.get(list.sha256);
    if (known !== undefined) return known;
    const parts = parseCatalogueList(`catalogue list ${list.sha256}`, await shards.read(list, fetch));
    listed.set(list.sha256, parts);
    return parts;
  };

  const linesIn = async (part: Part, fetch: Fetch): Promise<readonly string[]> => {
    const known = lines.get(part.sha256);
    if (known !== undefined) {
      // The one used last goes last.
      lines.delete(part.sha256);
      lines.set(part.sha256, known);
      return known;
    }
    const read = linesOf(`catalogue shard ${part.sha256}`, await shards.read(part, fetch));
    lines.set(part.sha256, read);
    for (const oldest of lines.keys()) {
      if (lines.size <= most) break;
      lines.delete(oldest);
    }
    return read;
  };

  return {
    async line(ref, fetch) {
      const list = partFor(lists, ref);
      const part = list === undefined ? undefined : partFor(await partsIn(list, fetch), ref);
      if (part === undefined) return undefined;
      const found = (await linesIn(part, fetch)).find((line) => refIn(line) === ref);
      return found === undefined ? undefined : parseLine(ref, found);
    },
    async *range(from, to, fetch) {
      for (const list of partsWithin(lists, from, to)) {
        for (const part of partsWithin(await partsIn(list, fetch), from, to)) {
          for (const line of await linesIn(part, fetch)) {
            const ref = refIn(line);
            if (ref >= from && ref < to) yield parseLine(ref, line);
          }
        }
      }
    },
    async fill(fetch) {
      const parts = (await Promise.all(lists.map((list) => partsIn(list, fetch)))).flat();
      const waiting = parts.values();
      const work = async (): Promise<void> => {
        for (const part of waiting) await linesIn(part, fetch);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return new Set([...lists, ...parts].map(({ sha256 }) => sha256));
    },
  };
}
