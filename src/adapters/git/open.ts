/**
 * Chooses how a repository is read: through the git binary where there is one, else through the embedded
 * implementation, which is loaded only then. It must never prefer by anything but presence.
 */
import type { Repository } from "../../app/ports.ts";
import { discoverRepository } from "./discover.ts";
import { findGit, type OpenOptions } from "./process.ts";

/** The repository around a folder; undefined without one. */
export async function openRepository(folder: string, options: OpenOptions): Promise<Repository | undefined> {
  const place = discoverRepository(folder);
  if (place === undefined) return undefined;
  const binary = findGit(options.env);
  if (binary !== undefined) {
    const { openWithBinary } = await import("./binary.ts");
    return openWithBinary(binary, place, options.env);
  }
  const { openEmbedded } = await import("./embedded.ts");
  return openEmbedded(place, options);
}
