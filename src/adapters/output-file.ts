/** Writes one file that the user named, whole or not at all. It must never write anything that nobody named. */
import { randomUUID } from "node:crypto";
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Failure } from "../core/model/failure.ts";

/** Writes a file; relative paths start at `folder`. A folder of that name is refused, a file replaced. */
export function writeOutput(folder: string, path: string, bytes: Uint8Array): void {
  const file = resolve(folder, path);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new Failure("output/is-a-folder", `${path} is a folder.`, { hint: "Name a file in it." });
  }
  const fresh = `${file}.${randomUUID()}`;
  try {
    writeFileSync(fresh, bytes);
    renameSync(fresh, file);
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw new Failure("output/not-written", `${path} could not be written.`, {
      hint: "Make its folder, and see that there is room.",
      category: "unavailable",
      cause,
    });
  }
}
