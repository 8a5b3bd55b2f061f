/**
 * Notes that the program keeps for itself in a clone, inside git's own folder: what it has verified before. They can be
 * lost at any time and are never part of the registry. A note is written whole or not at all.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CloneNotes } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";
import { discoverRepository } from "./discover.ts";

/** Larger than any note; what is larger is somebody else's. */
const LIMIT = 256 * 1024 * 1024;

/** The notes of the clone around a folder. */
export function openCloneNotes(folder: string): CloneNotes {
  const place = discoverRepository(folder);
  if (place === undefined) {
    throw new Failure("git/no-repository", `There is no git repository around ${folder}.`, {
      hint: "Run it inside a clone.",
    });
  }
  const root = join(place.commonDir, "assent");
  const fileOf = (name: string): string => {
    if (!/^[a-z][a-z0-9-]*\.json$/.test(name)) throw new Error(`not a note's name: ${name}`);
    return join(root, name);
  };
  return {
    read(name) {
      const found = statSync(fileOf(name), { throwIfNoEntry: false });
      return found?.isFile() === true && found.size <= LIMIT ? readFileSync(fileOf(name), "utf8") : undefined;
    },
    write(name, text) {
      const file = fileOf(name);
      const fresh = `${file}.${randomUUID()}`;
      try {
        mkdirSync(root, { recursive: true });
        writeFileSync(fresh, text, { mode: 0o600 });
        renameSync(fresh, file);
      } catch {
        // A clone that cannot be written to is verified from its beginning each time.
        rmSync(fresh, { force: true });
      }
    },
  };
}
