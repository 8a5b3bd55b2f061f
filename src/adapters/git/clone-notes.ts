/**
 * Notes that the program keeps for itself in a clone, inside git's own folder: what it has verified before. They can be
 * lost at any time and are never part of the registry. A note is written whole or not at all.
 *
 * What the attacker controls: a clone that they hand over, with everything in git's own folder (DESIGN 6: proof from a
 * plain clone). So each note is sealed (HMAC-SHA-256) by a key of whoever runs this, kept outside of every clone; a note
 * that somebody else wrote is none. Without a home to keep the key in nothing is remembered.
 */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { CloneNotes } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";
import { discoverRepository } from "./discover.ts";
import type { Environment } from "./process.ts";

/** Larger than any note; what is larger is somebody else's. */
const LIMIT = 256 * 1024 * 1024;

/** What stands before the text of a note: `<hex of its seal> LF`. */
const SEAL = 65;

/** The notes of the clone around a folder, as whoever this environment belongs to has sealed them. */
export function openCloneNotes(folder: string, env: Environment): CloneNotes {
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
  let key: Buffer | null | undefined;
  const sealOf = (name: string, bytes: Uint8Array): Buffer | undefined => {
    key ??= ownKey(env);
    return key === null
      ? undefined
      : createHmac("sha256", key).update(`assent-note/v1\0${name}\0`).update(bytes).digest();
  };
  return {
    read(name) {
      const file = fileOf(name);
      const found = statSync(file, { throwIfNoEntry: false });
      if (found?.isFile() !== true || found.size > LIMIT) return undefined;
      const bytes = readFileSync(file);
      const text = bytes.subarray(SEAL);
      const seal = Buffer.from(bytes.subarray(0, SEAL - 1).toString("latin1"), "hex");
      const own = sealOf(name, text);
      return own !== undefined && seal.length === own.length && timingSafeEqual(seal, own)
        ? text.toString("utf8")
        : undefined;
    },
    write(name, text) {
      const file = fileOf(name);
      const bytes = Buffer.from(text, "utf8");
      const seal = sealOf(name, bytes);
      if (seal === undefined) return;
      // A clone that cannot be written to is verified from its beginning each time.
      written(root, file, [Buffer.from(`${seal.toString("hex")}\n`), bytes]);
    },
  };
}

/** Whether a file was written, whole, for its owner alone. */
function written(folder: string, file: string, parts: readonly Uint8Array[]): boolean {
  const fresh = `${file}.${randomUUID()}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(fresh, Buffer.concat(parts), { mode: 0o600 });
    renameSync(fresh, file);
    return true;
  } catch {
    rmSync(fresh, { force: true });
    return false;
  }
}

/** The key of whoever runs this, made when there is none; null where they have no home. Two that make one at once: the last counts. */
function ownKey(env: Environment): Buffer | null {
  const home = env["HOME"] ?? env["USERPROFILE"] ?? "";
  const own = env["XDG_STATE_HOME"] ?? "";
  const state = isAbsolute(own) ? own : join(home, ".local", "state");
  // A home that is only named, as of users that systems make, is none.
  if (!isAbsolute(state) || (state !== own && statSync(home, { throwIfNoEntry: false }) === undefined))
    return null;
  const folder = join(state, "assent");
  const file = join(folder, "notes.key");
  const known = keyIn(file);
  if (known !== null) return known;
  return written(folder, file, [randomBytes(KEY)]) ? keyIn(file) : null;
}

const KEY = 32;

function keyIn(file: string): Buffer | null {
  try {
    const key = readFileSync(file);
    return key.length === KEY ? key : null;
  } catch {
    return null;
  }
}
