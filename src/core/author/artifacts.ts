/**
 * `--artifact role=file`: a file becomes an artifact of the entry. Small texts stand in the entry itself; for everything
 * else digest and size are computed and the entry says where the file is kept. Nothing is uploaded: the address is asked.
 */
import { digestOfBytes } from "../model/digest.ts";
import { Failure } from "../model/failure.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import { nearest } from "../model/nearest.ts";
import { unwanted } from "../source/text.ts";
import { schemaAt, valueAt } from "./fields.ts";
import type { Edit } from "../source/edit.ts";

/** The most that may stand in an entry as text (DESIGN 3, Bundle). */
export const MAX_INLINE = 64 * 1024;

/** A file that was named for a role, and its bytes. */
export interface GivenArtifact {
  readonly role: string;
  readonly bytes: Uint8Array;
}

/** Splits `role=file`. */
export function parseArtifact(typed: string): { readonly role: string; readonly file: string } {
  const equals = typed.indexOf("=");
  if (equals > 0 && equals < typed.length - 1)
    return { role: typed.slice(0, equals), file: typed.slice(equals + 1) };
  throw new Failure("usage/artifact", `"${typed}" is no role=file.`, {
    hint: "Write --artifact prompt=prompt.txt, for example.",
  });
}

/**
 * The edit that puts an artifact into an entry. In a Bundle it takes the place of the only artifact of its role, else it
 * is added. A Model or Config has one artifact, and its role is called `artifact`.
 */
export function artifactEdit(kind: KindName, root: JsonObject, given: GivenArtifact): Edit {
  const roles = schemaAt(kind, ["spec", "artifacts", 0, "role"])?.enum;
  if (roles === undefined) return singleArtifact(kind, root, given);
  if (!roles.includes(given.role)) {
    const near = nearest(given.role, roles);
    throw new Failure("usage/artifact", `"${given.role}" is no role of an artifact.`, {
      hint: near === undefined ? `The roles are ${roles.join(", ")}.` : `Did you mean ${near}?`,
    });
  }
  const there = valueAt(root, ["spec", "artifacts"]);
  const artifacts: readonly Json[] = Array.isArray(there) ? there : [];
  const same = artifacts.flatMap((artifact, index) =>
    isObject(artifact) && artifact["role"] === given.role ? [index] : [],
  );
  const index = same.length === 1 ? (same[0] ?? 0) : artifacts.length;
  const text = given.role === "model_weights" ? undefined : inlineText(given.bytes);
  const content = text === undefined ? measured(given.bytes) : { text };
  const value = { role: given.role, ...content };
  const list = [...artifacts.slice(0, index), value, ...artifacts.slice(index + 1)];
  return artifacts.length === 0
    ? { pointer: ["spec", "artifacts"], value: list }
    : { pointer: ["spec", "artifacts", index], value };
}

function singleArtifact(kind: KindName, root: JsonObject, given: GivenArtifact): Edit {
  if (schemaAt(kind, ["spec", "artifact"]) === undefined) {
    throw new Failure("usage/artifact", `A ${kind} has no artifacts.`, {
      hint: "Bundles, models and configs have; elsewhere use --set.",
    });
  }
  if (given.role !== "artifact") {
    throw new Failure("usage/artifact", `A ${kind} has one artifact, without roles.`, {
      hint: "Write --artifact artifact=<file>.",
    });
  }
  const uri = valueAt(root, ["spec", "artifact", "uri"]);
  // An address that was set for this file stays; one of an older version names another file.
  return {
    pointer: ["spec", "artifact"],
    value: { ...(uri !== undefined && { uri }), ...measured(given.bytes) },
  };
}

function measured(bytes: Uint8Array): { readonly digest: string; readonly size: number } {
  return { digest: digestOfBytes(bytes), size: bytes.length };
}

/** The bytes as a text that an entry may hold; undefined where they are too many or no such text. */
function inlineText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0 || bytes.length > MAX_INLINE) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return unwanted(text) === undefined ? text : undefined;
  } catch {
    return undefined;
  }
}
