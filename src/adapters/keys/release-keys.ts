/**
 * The files and variables that keys of a release come from, and new files for new ones. It must never print, log or
 * quote any of it, never replace a key, and reads nothing that nobody named.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import type { KeyStore } from "../../app/ports.ts";
import { Failure } from "../../core/model/failure.ts";

/** Larger than any key or passphrase. */
const LIMIT = 20_000;

export function openKeyStore(env: Readonly<Record<string, string | undefined>>): KeyStore {
  return {
    read({ folder, file, variables }) {
      if (file !== undefined) return { text: readSecret(folder, file), onDisk: true };
      const filled = variables.find((name) => (env[name] ?? "") !== "");
      const text = filled === undefined ? undefined : env[filled];
      return text === undefined ? undefined : { text, onDisk: false };
    },
    find,
    random: (length) => new Uint8Array(randomBytes(length)),
    create,
  };
}

function readSecret(folder: string, file: string): string {
  const path = resolve(folder, file);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true && found.size <= LIMIT) return readFileSync(path, "utf8");
  throw new Failure("keys/not-found", `There is no key or passphrase in ${file}.`, {
    hint: "Name the file that holds it.",
  });
}

function find(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (code === "ENOENT") return undefined;
    throw new Failure("keys/unreadable", `${path} cannot be read: ${code}.`, {
      hint: "Check that you may read it.",
      cause,
    });
  }
}

function create(path: string, bytes: Uint8Array, { secret }: { readonly secret: boolean }): void {
  const fresh = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: secret ? 0o700 : 0o777 });
    const descriptor = openSync(fresh, "wx", secret ? 0o600 : 0o644);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    // Unlike a rename, a link never replaces what is there.
    linkSync(fresh, path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const message = code === "EEXIST" ? `${path} is there already.` : `${path} cannot be written: ${code}.`;
    throw new Failure("keys/not-written", message, {
      hint: "Name another folder. Keys and roots are never replaced.",
      category: code === "EEXIST" ? "conflict" : "unavailable",
      cause,
    });
  } finally {
    rmSync(fresh, { force: true });
  }
}
