/**
 * The folder of a compiled snapshot that nobody signed, for development only. Reads what a snapshot can hold and
 * nothing else; what it reads is checked by digest, and that proves nothing about who made it.
 */
import { readFileSync } from "node:fs";
import { isSnapshotPath } from "../../core/model/snapshot.ts";
import { badAddress, reasonOf, unavailable } from "./failures.ts";
import { folderIn, hostKindOf } from "./open.ts";

/** Opens a folder; what it hands out is a file's bytes, undefined where there is none. */
export function openPlainFolder(address: string): (path: string) => Uint8Array | undefined {
  if (hostKindOf(address) !== "directory")
    throw badAddress(address, "only a folder can be read unsigned", "Hand over the root to trust instead.");
  const folder = folderIn(address);
  return (path) => {
    if (!isSnapshotPath(path)) return undefined;
    try {
      return readFileSync(`${folder}/${path}`);
    } catch (cause) {
      if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
      throw unavailable(address, `${path}: ${reasonOf(cause)}`, cause);
    }
  };
}
